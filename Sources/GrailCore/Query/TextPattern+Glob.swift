extension TextPattern {
  /// Reads a pattern as shells have it, which a whole text has or has not.
  ///
  /// `*` stands for any characters, `?` for one, `[a-z]` for one of these and `[!a-z]` for one
  /// other; after a backslash a character stands for itself.
  ///
  /// - Parameters:
  ///   - glob: The pattern.
  ///   - ignoresCase: Whether upper and lower case count as one.
  /// - Returns: The pattern as a tree.
  /// - Throws: What is wrong with it.
  static func glob(_ glob: String, ignoresCase: Bool) throws(TextPatternError) -> TextPattern {
    var scanner = PatternScanner(glob)
    var parts: [TextPattern] = []
    while let scalar = scanner.next() {
      switch scalar {
      case "*":
        // Several in a row are as good as one.
        let any = TextPattern.repetition(.set(.all), least: 0, most: nil)
        if parts.last != any { parts.append(any) }
      case "?": parts.append(.set(.all))
      case "\\": parts.append(.set(.one(try scanner.escaped(), ignoresCase: ignoresCase)))
      case "[":
        let start = scanner.offset - 1
        var set = ScalarSet(members: [], ignoresCase: ignoresCase)
        set.isNegated = scanner.skip("!") || scanner.skip("^")
        set.members = try scanner.members(from: start) { scanner throws(TextPatternError) in
          .one(try scanner.escaped())
        }
        parts.append(.set(set))
      default: parts.append(.set(.one(scalar, ignoresCase: ignoresCase)))
      }
    }
    return .sequence(parts)
  }
}
