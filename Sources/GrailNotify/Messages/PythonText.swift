import GrailCore
import GrailRecord
import OrderedCollections

/// Values as Python shows them, which is what format strings of Sacred's are written for.
///
/// No value is `None`, a truth value `True`, a list `[1, 'two']`, a map `{'a': 1}`. A text that is
/// a message's own stands as it is; inside a list or map it is in quotes.
struct PythonText {
  private(set) var text = ""
  /// The count of UTF-16 units after which nothing more needs to be added.
  private let limit: Int

  private init(limit: Int) { self.limit = limit }

  private var isFull: Bool { text.utf8.count > limit && text.utf16.count > limit }

  /// The text of a value, as `str` makes it.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - limit: The length in UTF-16 units after which more need not be there.
  /// - Returns: The text, whole or longer than the limit.
  static func text(of value: Value, limit: Int = .max) -> String {
    if case .text(let text) = value { return text }
    return representation(of: value, limit: limit)
  }

  /// The text of a value, as `repr` makes it.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - limit: The length in UTF-16 units after which more need not be there.
  /// - Returns: The text, whole or longer than the limit.
  static func representation(of value: Value, limit: Int = .max) -> String {
    var writer = PythonText(limit: limit)
    writer.add(value)
    return writer.text
  }

  /// A moment as `str` shows a `datetime`.
  static func text(of time: Timestamp) -> String {
    String(time.isoText.map { $0 == "T" ? " " : $0 })
  }

  /// A number as Python shows it: the fewest digits that read back as it.
  static func text(of number: Double) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
    var bytes: [UInt8] = []
    JSONWriter.append(number, style: .sacred, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PythonText {
  private mutating func add(_ value: Value) {
    guard !isFull else { return }
    switch value {
    case .null: text += "None"
    case .bool(let flag): text += flag ? "True" : "False"
    case .int(let number): text += String(number)
    case .double(let number): text += Self.text(of: number)
    case .text(let content): add(quoted: content)
    case .bytes(let bytes): text += "<\(bytes.count) \(bytes.count == 1 ? "byte" : "bytes")>"
    case .time(let time): text += Self.text(of: time)
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() where !isFull {
        if index > 0 { text += ", " }
        add(element)
      }
      text += "]"
    case .map(let entries):
      text += "{"
      for (index, entry) in entries.elements.enumerated() where !isFull {
        if index > 0 { text += ", " }
        add(quoted: entry.key)
        text += ": "
        add(entry.value)
      }
      text += "}"
    case .opaque: text += value.description(maximumLength: max(0, min(limit, 1_000_000)))
    }
  }

  private mutating func add(quoted content: String) {
    let quote: Unicode.Scalar = content.contains("'") && !content.contains("\"") ? "\"" : "'"
    text.unicodeScalars.append(quote)
    var count = 0
    for scalar in content.unicodeScalars {
      switch scalar {
      case quote, "\\":
        text += "\\"
        text.unicodeScalars.append(scalar)
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.isPrintable {
          text.unicodeScalars.append(scalar)
        } else {
          text += Self.escape(scalar)
        }
      }
      count += 1
      if count.isMultiple(of: 64), isFull { return }
    }
    text.unicodeScalars.append(quote)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let (sign, width) =
      scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
    return "\\" + sign + String(repeating: "0", count: width - digits.count) + digits
  }
}

extension Unicode.Scalar {
  /// Whether Python shows the character as itself.
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    case .spaceSeparator: self == " "
    default: true
    }
  }
}
