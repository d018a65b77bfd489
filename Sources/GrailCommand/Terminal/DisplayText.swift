import GrailCore

/// A text as a terminal may show it, with its width in columns.
///
/// Names, values and output of a run may hold anything. What a terminal would act on, or nobody
/// could see, is spelled out here, as in Swift's and Grail's own literals: `\n`, `\t`, `\u{1b}`,
/// `\u{202e}`. A backslash stays one: the form is to be seen, not to be read back.
///
/// - Control characters, escape sequences and line ends are spelled out, and so are marks of
///   direction, other invisible characters, and what Unicode has not assigned.
/// - Joiners stay where a script or an emoji needs them, form selectors after what they select.
/// - A combining mark without a character to combine with is spelled out, and a heap of marks on
///   one character is cut.
package struct DisplayText: Hashable, Sendable {
  /// The text, which is safe to print.
  package let text: String
  /// The number of columns that it takes.
  package let width: Int

  /// Nothing.
  package static let empty = DisplayText(text: "", width: 0)

  private init(text: String, width: Int) { (self.text, self.width) = (text, width) }

  /// Creates what may be shown of a text.
  ///
  /// - Parameter raw: Any text.
  /// - Complexity: O(*n*) in the length of the text; a text of plain ASCII is only looked at.
  package init(_ raw: String) {
    if Self.isPlain(raw) {
      self.init(text: raw, width: raw.utf8.count)
      return
    }
    var (text, width) = ("", 0)
    for character in raw { width += Self.append(character, to: &text) }
    self.init(text: text, width: width)
  }

  /// Where a text is cut that is too long.
  package enum Cut: Hashable, Sendable {
    case end, middle
  }

  /// Creates what may be shown of a text within a number of columns.
  ///
  /// A long text costs no more time than what is shown of it.
  ///
  /// - Parameters:
  ///   - raw: Any text.
  ///   - maximumWidth: The most columns of the result, `…` included.
  ///   - cut: Where a text that is longer has `…`.
  package init(_ raw: String, maximumWidth: Int, cut: Cut = .end) {
    let limit = max(0, maximumWidth)
    if raw.utf8.count <= limit, Self.isPlain(raw) {
      self.init(text: raw, width: raw.utf8.count)
      return
    }
    let head = Self.beginning(of: raw, columns: limit)
    if head.isWhole {
      self.init(text: head.text, width: head.width)
    } else if limit == 0 {
      self = .empty
    } else {
      let tailLimit = cut == .middle ? (limit - 1) / 2 : 0
      let start = Self.beginning(of: raw, columns: limit - 1 - tailLimit)
      let tail = Self.ending(of: raw, columns: tailLimit)
      self.init(text: start.text + "…" + tail.text, width: start.width + 1 + tail.width)
    }
  }

  /// The text within a number of columns, cut where it is longer.
  package func shortened(to columns: Int, cut: Cut = .end) -> DisplayText {
    width <= columns ? self : DisplayText(text, maximumWidth: columns, cut: cut)
  }

  /// Two texts in a row.
  package static func + (left: DisplayText, right: DisplayText) -> DisplayText {
    DisplayText(text: left.text + right.text, width: left.width + right.width)
  }

  /// The text with spaces behind it, or before it, that make it as wide as this.
  package func padded(to columns: Int, isTrailing: Bool = false) -> String {
    guard columns > width else { return text }
    let spaces = String(repeating: " ", count: columns - width)
    return isTrailing ? spaces + text : text + spaces
  }
}

extension DisplayText: ExpressibleByStringLiteral, CustomStringConvertible {
  package init(stringLiteral value: String) { self.init(value) }

  package var description: String { text }
}

// MARK: - Parts

extension DisplayText {
  private static func beginning(
    of raw: String, columns: Int
  ) -> (text: String, width: Int, isWhole: Bool) {
    var (text, width) = ("", 0)
    for character in raw {
      var piece = ""
      let columnsOfPiece = append(character, to: &piece)
      if width + columnsOfPiece > columns { return (text, width, false) }
      text += piece
      width += columnsOfPiece
    }
    return (text, width, true)
  }

  private static func ending(of raw: String, columns: Int) -> (text: String, width: Int) {
    var (pieces, width): ([String], Int) = ([], 0)
    for character in raw.reversed() {
      var piece = ""
      let columnsOfPiece = append(character, to: &piece)
      if width + columnsOfPiece > columns { break }
      pieces.append(piece)
      width += columnsOfPiece
    }
    return (pieces.reversed().joined(), width)
  }
}

// MARK: - Characters

extension DisplayText {
  /// Whether a text is made of visible ASCII alone, which is one column each.
  private static func isPlain(_ raw: String) -> Bool {
    var raw = raw
    return raw.withUTF8 { bytes in
      var isPlain = true
      for byte in bytes { isPlain = isPlain && byte >= 0x20 && byte < 0x7F }
      return isPlain
    }
  }

  /// The most marks on one character: more than any script uses, and than a flag of a region has.
  private static let mostMarks = 10

  /// Appends what may be shown of a character, and returns how wide that is.
  private static func append(_ character: Character, to text: inout String) -> Int {
    let scalars = character.unicodeScalars
    let first = scalars[scalars.startIndex]
    if scalars.index(after: scalars.startIndex) == scalars.endIndex {
      guard TerminalCharacter.isVisible(first), !isMark(first) else {
        return appendCode(of: first, to: &text)
      }
      text.unicodeScalars.append(first)
      return TerminalCharacter.width(first)
    }
    return append(Array(scalars), to: &text)
  }

  private static func append(_ scalars: [Unicode.Scalar], to text: inout String) -> Int {
    var (width, marks) = (0, 0)
    // What would combine with a character that is spelled out is spelled out too.
    var isWhole = true
    // A picture is as wide as one, however many characters it is joined from.
    let isPicture = isPicture(scalars)
    for (index, scalar) in scalars.enumerated() {
      let previous = index > 0 && isWhole ? scalars[index - 1] : nil
      guard isShown(scalar, after: previous, inPicture: isPicture) else {
        isWhole = false
        width += appendCode(of: scalar, to: &text)
        continue
      }
      let columns = TerminalCharacter.width(scalar)
      if columns == 0 { marks += 1 }
      if marks > mostMarks {
        text.unicodeScalars.append("\u{FFFD}")
        return (isPicture ? width + 2 : width) + 1
      }
      text.unicodeScalars.append(scalar)
      if !isPicture { width += columns }
    }
    return isPicture ? width + 2 : width
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return false }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: TerminalCharacter.width(scalar) == 0
    }
  }

  /// Whether characters that belong together are an emoji: joined, with a form, or a flag.
  private static func isPicture(_ scalars: [Unicode.Scalar]) -> Bool {
    let first = scalars[0].properties
    guard first.isEmoji else { return false }
    if isFlagLetter(scalars[0]) { return isFlagLetter(scalars[1]) }
    if first.isEmojiPresentation { return true }
    return scalars[1].value == 0xFE0F
  }

  private static func isFlagLetter(_ scalar: Unicode.Scalar) -> Bool {
    0x1F1E6...0x1F1FF ~= scalar.value
  }

  private static func isShown(
    _ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, inPicture isPicture: Bool
  ) -> Bool {
    if TerminalCharacter.isVisible(scalar) { return previous != nil || !isMark(scalar) }
    guard let previous else { return false }
    switch scalar.value {
    case 0x200D where isPicture: return true
    case 0x200C, 0x200D: return 0x600...0xDFF ~= previous.value
    case 0xE0020...0xE007F: return isPicture  // the letters of a region's flag
    default: return false
    }
  }

  private static func appendCode(of scalar: Unicode.Scalar, to text: inout String) -> Int {
    let code =
      switch scalar {
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      default: "\\u{\(String(scalar.value, radix: 16))}"
      }
    text += code
    return code.utf8.count
  }
}
