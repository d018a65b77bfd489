package import GrailCore
import OrderedCollections

extension ConfigEntry {
  /// Reads the text of a value by the entry's type.
  ///
  /// - Parameter text: The text of an update, without spaces at its ends.
  /// - Returns: The value; of a group, a map of only what is set.
  /// - Throws: ``ConfigProblems`` with all that is wrong.
  package func read(_ text: String) throws(ConfigProblems) -> Value {
    var reader = ConfigReader(entry: self)
    let value = reader.value(of: text, as: type)
    guard let value, reader.problems.isEmpty else { throw ConfigProblems(reader.problems) }
    return value
  }

  /// Reads a value of a file by the entry's type.
  ///
  /// - Parameters:
  ///   - literal: What the file says.
  ///   - document: The file.
  /// - Returns: The value; of a group, a map of only what is set.
  /// - Throws: ``ConfigProblems`` with all that is wrong, each led by its place.
  func read(
    _ literal: ConfigLiteral, in document: ConfigDocument
  ) throws(ConfigProblems) -> Value {
    var reader = ConfigReader(entry: self, document: document)
    let value = reader.value(of: literal, as: type, at: name)
    guard let value, reader.problems.isEmpty else { throw ConfigProblems(reader.problems) }
    return value
  }
}

/// The one reading of an entry's text, which goes on after a problem to find them all.
private struct ConfigReader {
  let entry: ConfigEntry
  /// The file that is read, if it is one.
  var document: ConfigDocument?
  /// Where in the file the reader is.
  private var place: ConfigPlace?
  private(set) var problems: [ConfigError] = []

  init(entry: ConfigEntry, document: ConfigDocument? = nil) {
    (self.entry, self.document) = (entry, document)
  }

  /// Whether so much is wrong that more of it helps nobody.
  private var isHopeless: Bool { problems.count >= ConfigProblems.maxCount }

  private mutating func report(_ problem: ConfigError) {
    var problem = problem
    if let document { problem.message = document.line(place, problem.message) }
    problems.append(problem)
  }

  /// What to write instead.
  private var advice: String { document.map { entry.advice(in: $0.format) } ?? entry.advice }

  /// The value of a whole text, or `nil` if there are problems.
  mutating func value(of text: String, as type: ConfigType) -> Value? {
    switch type {
    case .optional(let wrapped):
      return text.isNone ? .null : value(of: text, as: wrapped)
    case .text:
      return .text(text.unquoted)
    case .secret(let wrapped):
      return secret(text, as: wrapped)
    case .int, .double, .bool, .time, .duration, .choice:
      return scalar(text, as: type, at: entry.name)
    case .variant where !text.hasPrefix("{"):
      return choice(text, of: type, at: entry.name)
    case .list, .map, .group, .variant, .bytes, .any:
      guard !text.isEmpty else { return mismatch(text, type, at: entry.name) }
      do {
        return value(of: try ConfigLiteral(parsing: text), as: type, at: entry.name)
      } catch {
        report(
          ConfigError(
            code: .wrongType, path: entry.name,
            message: "\(quoted(entry.name)) is \(type.name), "
              + "and \(type.hasSecrets ? "what is given is none" : error.clause); \(advice)"))
        return nil
      }
    }
  }

  /// The value of a part of the text.
  mutating func value(
    of literal: ConfigLiteral, as type: ConfigType, at path: String
  ) -> Value? {
    place = literal.place ?? place
    let literal = document?.format.resolvingNone(literal, as: type) ?? literal
    switch (type, literal.form) {
    case (.optional, .null): return .null
    case (.optional(let wrapped), _):
      if case .word(let word) = literal.form, word.isNone { return .null }
      return value(of: literal, as: wrapped, at: path)
    case (.any, _):
      return untyped(literal, at: path)
    case (.text, .word(let text)), (.text, .quoted(let text)):
      return .text(text)
    case (.secret(let wrapped), _):
      return secret(literal.text ?? literal.source, as: wrapped)
    case (.variant, .word(let text)), (.variant, .quoted(let text)):
      return choice(text, of: type, at: path)
    case (.time, .quoted(let text)), (.duration, .quoted(let text)), (.choice, .quoted(let text)):
      return scalar(text, as: type, at: path)
    case (.int, .word(let text)), (.double, .word(let text)), (.bool, .word(let text)),
      (.time, .word(let text)), (.duration, .word(let text)), (.choice, .word(let text)):
      return scalar(text, as: type, at: path)
    case (.double, .quoted(let text)) where ["NaN", "Infinity", "-Infinity"].contains(text):
      return scalar(text, as: type, at: path)
    case (.list(let element), .list(let parts)):
      return .list(list(parts, of: element, at: path))
    case (.bytes, .list(let parts)):
      let numbers = list(parts, of: .int(name: "UInt8", min: 0, max: 255), at: path)
      return .bytes(numbers.compactMap { $0.intValue.flatMap { UInt8(exactly: $0) } })
    case (.map(let key, let element), .map(let pairs)):
      return map(pairs, key: key, of: element, at: path)
    case (.group, .map(let pairs)), (.variant, .map(let pairs)):
      return group(pairs, of: type, at: path)
    default:
      return mismatch(literal.source, type, at: path)
    }
  }

  private mutating func list(
    _ parts: [ConfigLiteral], of element: ConfigType, at path: String
  ) -> [Value] {
    var values: [Value] = []
    for (position, part) in parts.enumerated() where !isHopeless {
      if let value = value(of: part, as: element, at: "\(path)[\(position)]") {
        values.append(value)
      }
    }
    return values
  }

  private mutating func map(
    _ pairs: [(key: ConfigLiteral, value: ConfigLiteral)], key: ConfigType, of element: ConfigType,
    at path: String
  ) -> Value {
    var entries: OrderedDictionary<String, Value> = [:]
    for pair in pairs where !isHopeless {
      place = pair.key.place ?? place
      guard let name = name(pair.key, key, at: path) else { continue }
      let value = value(of: pair.value, as: element, at: "\(path).\(name)")
      place = pair.key.place ?? place
      add(value ?? .null, name, to: &entries, at: path)
    }
    return .map(entries)
  }

  private mutating func group(
    _ pairs: [(key: ConfigLiteral, value: ConfigLiteral)], of type: ConfigType, at path: String
  ) -> Value {
    var type = type
    // The branch that is chosen here says which entries there are.
    if let choice = pairs.first(where: { $0.key.text == ConfigType.choiceName })?.value.text {
      type = type.selecting(choice)
    }
    var entries: OrderedDictionary<String, Value> = [:]
    for pair in pairs where !isHopeless {
      place = pair.key.place ?? place
      let name = pair.key.text ?? pair.key.source
      guard let member = type.groupEntries?.first(where: { $0.name == name }) else {
        report(.unknownEntry("\(path).\(name)", in: type, at: path))
        continue
      }
      let value = value(of: pair.value, as: member.type, at: "\(path).\(name)")
      place = pair.key.place ?? place
      add(value ?? .null, name, to: &entries, at: path)
    }
    return .map(entries)
  }

  private mutating func add(
    _ value: Value, _ name: String, to entries: inout OrderedDictionary<String, Value>,
    at path: String
  ) {
    if entries.updateValue(value, forKey: name) != nil {
      report(
        ConfigError(
          code: .duplicate, path: "\(path).\(name)",
          message: "\(quoted("\(path).\(name)")) is set twice in one map; write it once"))
    }
  }

  /// The name that a key of a map stands for.
  private mutating func name(
    _ literal: ConfigLiteral, _ type: ConfigType, at path: String
  ) -> String? {
    guard let text = literal.text, type.acceptsKey(text) else {
      report(
        ConfigError(
          code: .wrongType, path: path,
          message: "the keys of \(quoted(path)) are \(type.name), "
            + "and \(quoted(literal.source)) is none; " + advice))
      return nil
    }
    return type.normalizedKey(text)
  }

  /// The value of a literal by its own looks, as JSON and Python read it.
  private mutating func untyped(_ literal: ConfigLiteral, at path: String) -> Value {
    switch literal.form {
    case .quoted(let text): return .text(text)
    case .word(let word): return ConfigNumber.untyped(word)
    case .null: return .null
    case .list(let parts):
      return .list(list(parts, of: .any(name: "Value"), at: path))
    case .map(let pairs):
      return map(pairs, key: .text(name: "String"), of: .any(name: "Value"), at: path)
    }
  }

  private mutating func scalar(_ text: String, as type: ConfigType, at path: String) -> Value? {
    switch type {
    case .int(_, let min, let max):
      switch ConfigNumber.whole(text, min: min, max: max) {
      case .value(let value): return value
      case .outOfRange: return outOfRange(text, type, "\(min) to \(max)", at: path)
      case .notANumber: break
      }
    case .double(_, let isSingle):
      switch ConfigNumber.floating(text, isSingle: isSingle) {
      case .value(let value): return value
      case .outOfRange:
        let limit =
          isSingle ? "\(Float.greatestFiniteMagnitude)" : "\(Double.greatestFiniteMagnitude)"
        return outOfRange(text, type, "-\(limit) to \(limit)", at: path)
      case .notANumber: break
      }
    case .bool:
      if ["true", "True"].contains(text) { return true }
      if ["false", "False"].contains(text) { return false }
    case .time:
      if let time = Timestamp(isoText: text) { return .time(time) }
    case .duration:
      if case .value(let duration) = DurationText.read(text) {
        return .text(DurationText.text(of: duration))
      }
    case .choice(let name, let cases):
      if let value = cases[text] { return value }
      let near = cases.keys.closest(to: text).map { "; did you mean '\($0)'?" } ?? ""
      report(
        ConfigError(
          code: .notACase, path: path,
          message: "\(quoted(path)) is \(name), and \(quoted(text)) is none of "
            + cases.keys.joined(separator: ", ") + near))
      return nil
    default: break
    }
    return mismatch(text, type, at: path)
  }

  /// The value of a secret, of which no message shows anything.
  private mutating func secret(_ text: String, as type: ConfigType) -> Value? {
    if text.isNone { return .null }
    var reader = ConfigReader(entry: entry)
    if let value = reader.value(of: text, as: type), reader.problems.isEmpty { return value }
    report(
      ConfigError(
        code: .wrongType, path: entry.name,
        message: "\(quoted(entry.name)) is a secret \(type.name), and what is given is none"))
    return nil
  }

  /// The map that chooses a branch of a variant.
  private mutating func choice(_ text: String, of type: ConfigType, at path: String) -> Value? {
    guard let choice = type.groupEntries?.first else { return nil }
    return scalar(text.unquoted, as: choice.type, at: path).map { [ConfigType.choiceName: $0] }
  }

  private mutating func outOfRange(
    _ text: String, _ type: ConfigType, _ range: String, at path: String
  ) -> Value? {
    report(
      ConfigError(
        code: .wrongType, path: path,
        message: "\(quoted(path)) is \(type.name), "
          + "and \(quoted(text)) is out of its range, \(range); " + advice))
    return nil
  }

  private mutating func mismatch(_ text: String, _ type: ConfigType, at path: String) -> Value? {
    let finding =
      if text.isEmpty {
        "\(quoted(path)) is \(type.name), and has no value"
      } else if text.isNone {
        "\(quoted(path)) is \(type.name), and cannot be none"
      } else {
        "\(quoted(path)) is \(type.name), "
          + "and \(type.hasSecrets ? "what is given" : quoted(text)) is none"
      }
    report(
      ConfigError(code: .wrongType, path: path, message: "\(finding); \(advice)"))
    return nil
  }
}

extension ConfigLiteral {
  /// The text of a word, quoted or not.
  var text: String? {
    switch form {
    case .word(let text), .quoted(let text): text
    default: nil
    }
  }
}

extension ConfigType {
  /// Whether a text may be a key of a map with keys of this type.
  func acceptsKey(_ text: String) -> Bool {
    switch self {
    case .int(_, let min, let max):
      if case .value = ConfigNumber.whole(text, min: min, max: max) { true } else { false }
    case .choice(_, let cases): cases[text] != nil
    default: true
    }
  }

  /// The form in which a map holds a key: whole numbers in plain digits.
  func normalizedKey(_ text: String) -> String {
    guard case .int(_, let min, let max) = self,
      case .value(let value) = ConfigNumber.whole(text, min: min, max: max)
    else { return text }
    return value.intValue.map { String($0) } ?? text
  }
}

extension String {
  /// Whether the text stands for the absence of a value.
  var isNone: Bool { ["none", "null", "None"].contains(self) }

  /// The text without one pair of matching quotes around the whole.
  fileprivate var unquoted: String {
    guard count >= 2, let first, first == last, first == "'" || first == "\"" else { return self }
    return String(dropFirst().dropLast())
  }
}
