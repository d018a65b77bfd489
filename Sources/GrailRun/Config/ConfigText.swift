package import GrailCore
import OrderedCollections

extension ConfigEntry {
  /// The default as one writes it on the command line.
  package var defaultText: String { type.text(of: defaultValue) }

  /// What to write instead: `write a whole number such as layers=7`.
  var advice: String {
    if let members = members ?? type.unwrapped.groupEntries {
      let names = members.map { "\(name).\($0.name)" }.joined(separator: ", ")
      return "its entries are \(names)"
    }
    let shown = quoted(name).dropFirst().dropLast()
    let none = type.isOptional ? ", or \(shown)=none" : ""
    if case .bool = type.unwrapped { return "write \(shown)=true or \(shown)=false\(none)" }
    return "write \(type.unwrapped.noun) such as \(example)\(none)"
  }

  /// What to write instead in a file: `write a whole number such as 7`.
  func advice(in format: ConfigFile.Format) -> String {
    if members != nil || type.unwrapped.groupEntries != nil { return advice }
    let none = type.isOptional ? ", or \(format.inlineText(.null))" : ""
    let type = type.unwrapped
    if case .bool = type { return "write true or false\(none)" }
    var text = format.inlineText(defaultValue, as: type)
    if text.count > 40 || !type.isTelling(defaultValue) {
      text = format.inlineText(type.sample, as: type)
    }
    return "write \(type.noun) such as \(text)\(none)"
  }

  /// An update with a value that would do, quoted where a shell needs it.
  private var example: String {
    let type = type.unwrapped
    var text = type.text(of: type.isTelling(defaultValue) ? defaultValue : type.sample)
    if text.count > 40 || text.contains("'") { text = type.text(of: type.sample) }
    let update = "\(name)=\(text)"
    let isPlain = update.allSatisfy { character in
      character.isASCII
        && (character.isLetter || character.isNumber || "-+_.,:/@%=".contains(character))
    }
    return isPlain ? update : quoted(update)
  }
}

extension ConfigType {
  /// A value as one writes it in an update, so that reading it gives the value again.
  package func text(of value: Value) -> String {
    switch (self, value) {
    case (_, .null): return "none"
    case (.secret, _): return "set"
    case (.variant(_, let selected, _), _): return selected
    case (.duration, .text(let text)): return text
    case (.optional(let wrapped), .text(let text)) where text.isNone:
      if case .text = wrapped { return "\"\(text)\"" }
      return wrapped.text(of: value)
    case (.optional(let wrapped), _):
      return wrapped.text(of: value)
    case (.text, .text(let text)):
      let isSafe = text.trimmed == text && !(text.first.map { "'\"".contains($0) } ?? false)
      return isSafe ? text : "\"\(text)\""
    case (.any, .text(let text)) where ConfigNumber.untyped(text) == value:
      if let first = text.first, text.trimmed == text, !"[({'\"".contains(first) { return text }
      return literal(of: value)
    default:
      return literal(of: value)
    }
  }

  /// A value as one writes it inside a list or map.
  private func literal(of value: Value) -> String {
    switch (self, value) {
    case (.optional(let wrapped), _) where !value.isNull:
      return wrapped.literal(of: value)
    case (.secret, _): return value.isNull ? "none" : "'set'"
    case (.duration, .text(let text)): return text
    case (.choice(_, let cases), _):
      if let text = cases.first(where: { $0.value == value })?.key { return text }
    default: break
    }
    switch value {
    case .null: return "none"
    case .bool(let flag): return "\(flag)"
    case .int(let number): return "\(number)"
    case .double(let number):
      if case .double(_, true) = self { return "\(Float(number))" }
      return "\(number)"
    case .text(let text): return text.quotedLiteral
    case .bytes(let bytes): return "[" + bytes.map { "\($0)" }.joined(separator: ", ") + "]"
    case .time(let time): return time.description
    case .list(let elements):
      let type = if case .list(let element) = self { element } else { Self.any(name: "") }
      return "[" + elements.map { type.literal(of: $0) }.joined(separator: ", ") + "]"
    case .map(let entries):
      let texts = entries.map { name, value in
        "\(name.keyLiteral): \(type(at: name).literal(of: value))"
      }
      return "{" + texts.joined(separator: ", ") + "}"
    case .opaque(let opaque):
      return opaque.raw.textValue ?? literal(of: opaque.raw)
    }
  }

  private func type(at name: String) -> ConfigType {
    switch self {
    case .map(_, let element): element
    case .group(_, let entries): entries.first { $0.name == name }?.type ?? .any(name: "")
    default: .any(name: "")
    }
  }

  /// What the type's values are, in plain words.
  fileprivate var noun: String {
    switch self {
    case .int: "a whole number"
    case .double: "a number"
    case .bool: "true or false"
    case .text: "a text"
    case .time: "a time"
    case .duration: "a length of time"
    case .secret: "a secret"
    case .variant: "a value"
    case .choice, .any: "a value"
    case .list, .bytes: "a list"
    case .map, .group: "a map"
    case .optional(let wrapped): wrapped.noun
    }
  }

  /// Some value of the type, for examples.
  fileprivate var sample: Value {
    switch self {
    case .int(_, let min, _): .int(min > 1 ? min : 1)
    case .double: 0.5
    case .bool: true
    case .text: "text"
    case .time: .time(Timestamp(microseconds: 1_772_357_400_000_000))
    case .duration: "90s"
    case .secret(let wrapped): wrapped.sample
    case .variant(_, let selected, _): .text(selected)
    case .bytes: .bytes([1, 2])
    case .choice(_, let cases): cases.values.first ?? .null
    case .optional(let wrapped): wrapped.sample
    case .list(let element): .list([element.sample, element.sample])
    case .map(.int, let element): .map(["1": element.sample])
    case .map(.choice(_, let cases), let element):
      .map([cases.keys.first ?? "name": element.sample])
    case .map(_, let element): .map(["name": element.sample])
    case .group(_, let entries): ConfigSchema(entries).defaults
    case .any: "text"
    }
  }

  /// Whether a default shows how values are written.
  fileprivate func isTelling(_ value: Value) -> Bool {
    switch value {
    case .null, .text(""), .list([]), .map([:]), .bytes([]): false
    default: true
    }
  }
}

extension String {
  /// The text in single quotes, with escapes.
  fileprivate var quotedLiteral: String {
    var content = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "'": content += "\\'"
      case "\\": content += "\\\\"
      case "\n": content += "\\n"
      case "\r": content += "\\r"
      case "\t": content += "\\t"
      default: content.unicodeScalars.append(scalar)
      }
    }
    return "'\(content)'"
  }

  /// The text as a key, in quotes only where the notation needs them.
  fileprivate var keyLiteral: String {
    let isPlain = !isEmpty && allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    return isPlain ? self : quotedLiteral
  }
}
