#if YAML
  import Yams

  /// Says in one line what the parser of YAML found.
  struct YAMLMessages {
    private let lines: [ArraySlice<UInt8>]

    init(_ bytes: [UInt8]) {
      lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    /// The failure with its place.
    func fault(_ error: YamlError) -> ConfigFault {
      switch error {
      case .scanner(let context, let problem, let mark, _),
        .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        return fault(problem, at: place(mark), context: context)
      case .reader(let problem, _, _, _):
        return ConfigFault(place: .start, message: problem)
      case .duplicatedKeysInMapping(let duplicates, let context):
        return duplicate(duplicates.first ?? "", first: place(context.mark))
      default:
        return ConfigFault(place: .start, message: "the YAML cannot be read")
      }
    }

    /// A place of the parser's, which may be beyond the end.
    private func place(_ mark: Mark) -> ConfigPlace {
      guard mark.line >= 1 else { return .start }
      guard mark.line <= lines.count else { return end }
      return ConfigPlace(line: mark.line, column: max(1, mark.column))
    }

    /// The end of the text, not that of an empty line after it.
    private var end: ConfigPlace {
      let line = (lines.last?.isEmpty ?? false) && lines.count > 1 ? lines.count - 1 : lines.count
      return ConfigPlace(line: line, column: characters(lines[line - 1]) + 1)
    }

    private func characters(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.count { $0 & 0xC0 != 0x80 }
    }

    /// The character at a place; `nil` at the end of a line.
    private func character(at place: ConfigPlace) -> Character? {
      let line = String(decoding: lines[min(place.line, lines.count) - 1], as: UTF8.self)
      return line.unicodeScalars.dropFirst(place.column - 1).first.map(Character.init)
    }

    private func text(before place: ConfigPlace) -> String {
      let line = String(decoding: lines[min(place.line, lines.count) - 1], as: UTF8.self)
      return String(line.unicodeScalars.prefix(place.column - 1))
    }

    private func fault(
      _ problem: String, at place: ConfigPlace, context: YamlError.Context?
    ) -> ConfigFault {
      let start = context.map { self.place($0.mark) } ?? place
      func fault(_ message: String, at place: ConfigPlace = place) -> ConfigFault {
        ConfigFault(place: place, message: message)
      }
      if problem.contains("tab character") || character(at: place) == "\t" {
        return fault("found a tab, expected spaces; YAML is indented with spaces alone")
      }
      switch (problem, context?.text) {
      case ("found unexpected end of stream", "while scanning a quoted scalar"?),
        ("found unexpected document indicator", "while scanning a quoted scalar"?):
        return fault("found a quote without its closing quote", at: start)
      case ("did not find expected ',' or ']'", _):
        return fault(
          "\(found(place)), expected ',' or ']' of the list that opens in \(line(start))")
      case ("did not find expected ',' or '}'", _):
        return fault("\(found(place)), expected ',' or '}' of the map that opens in \(line(start))")
      case ("mapping values are not allowed in this context", _):
        let rule =
          text(before: place).contains(": ")
          ? "put a text that contains ': ' in quotes"
          : "check the indent of this line, and that the one before has its ':'"
        return fault("found ':' where no name can stand; \(rule)")
      case ("could not find expected ':'", _):
        return fault("found a line without ':', expected 'name: value'", at: start)
      case ("did not find expected key", _):
        return fault(
          "\(found(place)), expected a name; check the indent of this line against \(line(start))")
      case ("did not find expected '-' indicator", _):
        return fault(
          "\(found(place)), expected '-'; check the indent of this line against \(line(start))")
      case ("block sequence entries are not allowed in this context", _):
        return fault("found '-' where no list can begin; begin it on a line of its own")
      case ("mapping keys are not allowed in this context", _):
        return fault("found '?' where no name can stand")
      case ("found character that cannot start any token", _):
        return fault("\(found(place)), which no value begins with; put the text in quotes")
      case ("found unknown escape character", _):
        return fault("found an unknown escape; write '\\\\' for a backslash in double quotes")
      case ("found undefined alias", _):
        return fault("found an alias without its anchor; put a text that begins with '*' in quotes")
      case ("but found another document", _):
        return fault("found a second document, expected one")
      case (let problem, _) where problem.hasPrefix("Maximum nesting level"):
        return .tooDeep(place)
      case (_, let context?):
        return fault("\(problem) \(context)")
      default:
        return fault(problem)
      }
    }

    private func line(_ place: ConfigPlace) -> String { "line \(place.line)" }

    private func found(_ place: ConfigPlace) -> String {
      if place == end { return "found the end of the file" }
      return character(at: place).map { "found \(quoted(String($0)))" }
        ?? "found the end of the line"
    }

    /// A key that comes twice, at its second place if that is easily found.
    private func duplicate(_ key: String, first: ConfigPlace) -> ConfigFault {
      let text = Array(key.utf8)
      let indent = first.column - 1
      var place = first
      for number in first.line..<max(first.line, lines.count) {
        let line = lines[number]
        let content = line.drop { $0 == UInt8(ascii: " ") }
        if content.isEmpty || content.first == UInt8(ascii: "#") { continue }
        guard line.count - content.count >= indent else { break }
        guard line.count - content.count == indent else { continue }
        let name =
          content.first.map { "'\"".utf8.contains($0) } == true ? content.dropFirst() : content
        guard name.starts(with: text),
          let next = name.dropFirst(text.count).first, ":'\" ".utf8.contains(next)
        else { continue }
        place = ConfigPlace(line: number + 1, column: first.column)
        break
      }
      let earlier = place == first ? "" : ", first in \(line(first))"
      return ConfigFault(
        place: place, message: "\(quoted(key)) is set twice in one map\(earlier); write it once")
    }
  }
#endif
