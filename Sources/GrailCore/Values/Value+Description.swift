import OrderedCollections

extension Value: CustomStringConvertible {
  /// The value on one line, for people: `7`, `"text"`, `[1, 2]`, `{a: 1}`, `tuple(1, "two")`.
  ///
  /// Opaque values are shortened. The form cannot be read back.
  public var description: String {
    var line = Line(limit: nil)
    line.add(self)
    return line.text
  }

  /// The value on one line, shortened at its end.
  ///
  /// A long value costs no more time than its beginning.
  ///
  /// - Parameter maximumLength: The most characters of the result, `…` included.
  /// - Returns: The text of the whole value, or its beginning and `…`.
  public func description(maximumLength: Int) -> String {
    var line = Line(limit: maximumLength)
    line.add(self)
    guard line.isFull else { return line.text }
    return line.text.prefix(max(1, maximumLength) - 1) + (maximumLength > 0 ? "…" : "")
  }
}

/// A line of text that values are added to until it is long enough.
private struct Line {
  private(set) var text = ""
  /// The count of characters after which nothing more needs to be added.
  private let limit: Int?

  init(limit: Int?) { self.limit = limit }

  /// Whether the text is longer than its limit.
  var isFull: Bool {
    // The count of bytes is at hand and never less than that of characters, which takes time to
    // find. Far more bytes than characters are a heap of combining marks; they count as full.
    guard let limit, text.utf8.count > limit else { return false }
    return text.utf8.count / 32 > limit || text.count > limit
  }

  mutating func add(_ value: Value) {
    guard !isFull else { return }
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .int(let number): text += String(number)
    case .double(let number): text += String(number)
    case .text(let content): add(quoted: content)
    case .bytes(let bytes): text += "<\(bytes.count) \(bytes.count == 1 ? "byte" : "bytes")>"
    case .time(let time): text += time.description
    case .list(let elements): add(elements, in: ("[", "]"))
    case .map(let entries): add(entries)
    case .opaque(let opaque): add(opaque)
    }
  }
}

// MARK: - Texts, lists, maps

extension Line {
  private mutating func add(quoted content: String) {
    text += "\""
    var scalars = 0
    for scalar in content.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.properties.generalCategory == .control {
          text += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
      // Counting characters takes time, so not after each.
      scalars += 1
      if scalars.isMultiple(of: 64), isFull { return }
    }
    text += "\""
  }

  private mutating func add(_ elements: [Value], in brackets: (String, String)) {
    text += brackets.0
    for (index, element) in elements.enumerated() {
      if isFull { return }
      if index > 0 { text += ", " }
      add(element)
    }
    text += brackets.1
  }

  private mutating func add(_ entries: OrderedDictionary<String, Value>) {
    text += "{"
    var isFirst = true
    for (key, value) in entries {
      if isFull { return }
      if !isFirst { text += ", " }
      isFirst = false
      if Self.isPlain(key) { text += key } else { add(quoted: key) }
      text += ": "
      add(value)
    }
    text += "}"
  }

  /// Whether a key is clear without quotes.
  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty && key.allSatisfy { $0.isLetter || $0.isNumber || "_-./@".contains($0) }
  }
}

// MARK: - Opaque values

extension Line {
  /// The most characters of a part of an opaque value; its type says more than its content.
  private static let opaqueLength = 60

  private mutating func add(_ opaque: Value.Opaque) {
    let (name, raw) = (opaque.typeName, opaque.raw)
    if let elements = raw["py/tuple"]?.listValue ?? raw["py/set"]?.listValue {
      text += name
      add(elements, in: ("(", ")"))
    } else if let digits = raw.textValue, name == "json.number" {
      text += digits
    } else if let kind = raw["dtype"]?.textValue, let values = raw["values"] ?? raw["value"] {
      // An array or a number of numpy; a long array is compressed text, whose shape must do.
      text += name
      if raw["values"] != nil { text += " " + kind }
      let content = values.textValue != nil && raw["shape"] != nil ? raw["shape"] : values
      text += " " + (content ?? .null).description(maximumLength: Self.opaqueLength)
    } else if name == "datetime.date", let date = Self.date(from: raw) {
      text += name + " " + date
    } else if name == "type", let type = raw["py/type"]?.textValue {
      text += "<type \(type)>"
    } else {
      text += "<\(name)>"
    }
  }

  /// The date in the four bytes, as Base64, in which Python keeps it: year, month, day.
  private static func date(from raw: Value) -> String? {
    guard let parts = raw["__reduce__"]?.listValue, parts.count == 2,
      let text = parts[1].listValue?.first?.textValue, text.utf8.count == 8
    else { return nil }
    var bits: UInt64 = 0
    for character in text.utf8.prefix(6) {
      guard let digit = base64Digits.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt64(digit)
    }
    // Six digits are 36 bits, the last four of them unused.
    let (year, month, day) = (bits >> 20 & 0xFFFF, bits >> 12 & 0xFF, bits >> 4 & 0xFF)
    guard 1...12 ~= month, 1...31 ~= day else { return nil }
    return [(year, 4), (month, 2), (day, 2)].map { number, width in
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }.joined(separator: "-")
  }

  private static let base64Digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
