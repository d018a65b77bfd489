import GrailCore
import GrailRecord
import OrderedCollections

extension ConfigLiteral {
  /// Creates a literal of a file.
  init(_ form: Form, place: ConfigPlace?) {
    (self.form, self.place) = (form, place)
    source = form.shown
  }
}

extension ConfigLiteral.Form {
  /// More characters than these are not shown of a list or map.
  private static let shownLength = 80

  /// How messages show what a file says, whatever its format.
  fileprivate var shown: String {
    switch self {
    case .word(let text): return text
    case .null(let text): return text.isEmpty ? "" : "null"
    case .quoted(let text): return "\"\(text)\""
    case .list(let elements):
      return "[" + Self.joined(elements.lazy.map(\.source)) + "]"
    case .map(let pairs):
      return "{"
        + Self.joined(pairs.lazy.map { "\($0.key.text ?? $0.key.source): \($0.value.source)" })
        + "}"
    }
  }

  private static func joined(_ parts: some Sequence<String>) -> String {
    var text = ""
    for part in parts {
      text += text.isEmpty ? part : ", " + part
      guard text.count <= shownLength else { return text.prefix(shownLength) + "…" }
    }
    return text
  }
}

// MARK: - Values as literals

/// Makes literals of values, for files to be written.
struct ConfigLiteralMaker {
  /// Whether the format has no word for absence, so that a text stands for it.
  let lacksNull: Bool

  init(_ format: ConfigFile.Format) { lacksNull = format == .toml }

  /// A value as a file says it, so that reading it by its type gives the value again.
  func literal(of value: Value, as type: ConfigType) -> ConfigLiteral {
    ConfigLiteral(form(of: value, as: type), place: nil)
  }

  private func form(of value: Value, as type: ConfigType) -> ConfigLiteral.Form {
    switch (type, value) {
    case (_, .null): return lacksNull ? .quoted("none") : .null("null")
    case (.optional(let wrapped), _):
      let form = form(of: value, as: wrapped)
      guard lacksNull, wrapped.takesNoneAsText, case .quoted(let text) = form else { return form }
      return .quoted(text.protectedNone)
    case (.choice(_, let cases), _):
      guard let text = cases.first(where: { $0.value == value })?.key else { break }
      if case .int(let number) = value, text == "\(number)" { return .word(text) }
      return .quoted(text)
    case (.list(let element), .list(let elements)):
      return .list(elements.map { literal(of: $0, as: element) })
    // No file shows a secret, whatever asks for one.
    case (.secret, _): return .quoted("set")
    case (.map, .map(let entries)), (.group, .map(let entries)), (.variant, .map(let entries)):
      return .map(
        entries.map { (key(named: $0, in: type), literal(of: $1, as: type.type(at: $0))) })
    case (.double(_, isSingle: true), .double(let number)) where number.isFinite:
      return .word("\(Float(number))")
    case (.any, .text(let text)): return .quoted(lacksNull ? text.protectedNone : text)
    case (.any, .time(let time)): return .quoted(time.description)
    default: break
    }
    return untypedForm(of: value)
  }

  /// A value by its own looks.
  private func untypedForm(of value: Value) -> ConfigLiteral.Form {
    let any = ConfigType.any(name: "")
    switch value {
    case .null: return form(of: value, as: any)
    case .bool(let flag): return .word("\(flag)")
    case .int(let number): return .word("\(number)")
    case .double(let number): return .word(number.isNaN ? "nan" : "\(number)")
    case .text(let text): return .quoted(text)
    case .bytes(let bytes): return .list(bytes.map { ConfigLiteral(.word("\($0)"), place: nil) })
    case .time(let time): return .word(time.description)
    case .list(let elements): return .list(elements.map { literal(of: $0, as: any) })
    case .map(let entries):
      return .map(
        entries.map { (ConfigLiteral(.quoted($0), place: nil), literal(of: $1, as: any)) })
    case .opaque(let opaque):
      let digits = opaque.typeName == JSONParser.numberTypeName ? opaque.raw.textValue : nil
      return digits.map { .word($0) } ?? form(of: opaque.raw, as: any)
    }
  }

  private func key(named name: String, in type: ConfigType) -> ConfigLiteral {
    if case .map(.int, _) = type { return ConfigLiteral(.word(name), place: nil) }
    return ConfigLiteral(.quoted(name), place: nil)
  }
}

extension ConfigType {
  fileprivate func type(at name: String) -> ConfigType {
    switch self {
    case .map(_, let element): element
    case .group, .variant:
      groupEntries?.first { $0.name == name }?.type ?? .any(name: "")
    default: .any(name: "")
    }
  }

  /// Whether `none` is a text like others to the type itself.
  fileprivate var takesNoneAsText: Bool {
    switch self {
    case .optional, .any: false
    default: true
    }
  }
}

// MARK: - Absence in TOML

extension ConfigFile.Format {
  /// What a literal says where the format has no word for absence: the text `none` is that, and
  /// `'none'` in quotes of its own is the text.
  func resolvingNone(_ literal: ConfigLiteral, as type: ConfigType) -> ConfigLiteral {
    guard self == .toml, case .quoted(let text) = literal.form else { return literal }
    switch type {
    case .optional(let wrapped) where wrapped.takesNoneAsText: break
    case .any: break
    default: return literal
    }
    var literal = literal
    if text.isNone {
      literal.form = .null(text)
    } else if text.protectsNone {
      literal.form = .quoted(String(text.dropFirst().dropLast()))
    }
    return literal
  }
}

extension String {
  /// Whether this is a text for absence in one or more pairs of quotes.
  fileprivate var protectsNone: Bool {
    guard count > 2, first == "'", last == "'" else { return false }
    let inner = String(dropFirst().dropLast())
    return inner.isNone || inner.protectsNone
  }

  /// The text in one more pair of quotes if it would be taken for absence, or lose a pair.
  fileprivate var protectedNone: String { isNone || protectsNone ? "'\(self)'" : self }
}
