import GrailCore
import OrderedCollections

/// Reads TOML 1.0 as a literal.
///
/// - SeeAlso: https://toml.io/en/v1.0.0
struct TOMLConfig {
  private let bytes: [UInt8]
  private var position = 0
  private var counter: ConfigPlaceCounter
  private let root = Table(.start, .header)
  /// The table that the last header opened.
  private var current: Table
  /// How deep it is.
  private var currentDepth = 0
  /// The number of the last header, which dotted keys may not leave.
  private var section = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    counter = ConfigPlaceCounter(bytes)
    current = root
  }

  /// Reads a text.
  ///
  /// - Throws: ``ConfigFault`` at the first place that is no TOML.
  static func literal(_ bytes: [UInt8]) throws(ConfigFault) -> ConfigLiteral {
    var reader = TOMLConfig(bytes)
    return try reader.document()
  }

  // MARK: Tables

  /// A table while it is filled.
  private final class Table {
    /// How a table came to be, which decides who may add to it.
    enum Kind {
      /// Named on the way to another table's header.
      case implied
      /// Opened by a header.
      case header
      /// Named by a dotted key of a section.
      case dotted(section: Int)
    }

    enum Item {
      case table(Table)
      /// The tables of `[[name]]`.
      case tables(Tables)
      case literal(ConfigLiteral)
    }

    /// A list that grows in place.
    final class Tables {
      var elements: [Table]
      init(_ first: Table) { elements = [first] }
    }

    var kind: Kind
    let place: ConfigPlace
    var items: OrderedDictionary<String, (key: ConfigPlace, item: Item)> = [:]

    init(_ place: ConfigPlace, _ kind: Kind) { (self.place, self.kind) = (place, kind) }

    var literal: ConfigLiteral {
      let pairs = items.map { name, entry in
        let key = ConfigLiteral(.quoted(name), place: entry.key)
        switch entry.item {
        case .table(let table): return (key: key, value: table.literal)
        case .tables(let tables):
          return (
            key: key, value: ConfigLiteral(.list(tables.elements.map(\.literal)), place: entry.key)
          )
        case .literal(let literal): return (key: key, value: literal)
        }
      }
      return ConfigLiteral(.map(pairs), place: place)
    }
  }

  private typealias Key = (name: String, place: ConfigPlace)

  private mutating func document() throws(ConfigFault) -> ConfigLiteral {
    while true {
      skipSpace()
      switch next {
      case nil: return root.literal
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"): break
      case UInt8(ascii: "["): try header()
      default:
        let keys = try keyPath()
        try set(keys, in: current, depth: currentDepth)
      }
      try endOfLine()
    }
  }

  private mutating func header() throws(ConfigFault) {
    position += 1
    let isList = next == UInt8(ascii: "[")
    if isList { position += 1 }
    skipSpace()
    let keys = try keyPath()
    guard let last = keys.last else { return }
    for _ in 0..<(isList ? 2 : 1) {
      guard next == UInt8(ascii: "]") else { throw expected(isList ? "']]'" : "']'") }
      position += 1
    }
    section += 1
    var table = root
    for key in keys.dropLast() { table = try descend(into: key, of: table) }
    let opened = Table(last.place, .header)
    switch (table.items[last.name]?.item, isList) {
    case (nil, true): table.items[last.name] = (last.place, .tables(Table.Tables(opened)))
    case (nil, false): table.items[last.name] = (last.place, .table(opened))
    case (.tables(let tables)?, true): tables.elements.append(opened)
    case (.table(let known)?, false):
      guard case .implied = known.kind else { throw twice(last, in: table) }
      known.kind = .header
      (current, currentDepth) = (known, keys.count)
      return
    default: throw twice(last, in: table)
    }
    (current, currentDepth) = (opened, keys.count)
  }

  /// The table of a name on the way to a header's last.
  private func descend(into key: Key, of table: Table) throws(ConfigFault) -> Table {
    switch table.items[key.name]?.item {
    case .table(let inner)?: return inner
    case .tables(let tables)?:
      if let last = tables.elements.last { return last }
    case .literal?: throw noTable(key)
    case nil: break
    }
    let inner = Table(key.place, .implied)
    table.items[key.name] = (key.place, .table(inner))
    return inner
  }

  /// Reads the value of a key and sets it.
  private mutating func set(
    _ keys: [Key], in table: Table, depth: Int
  ) throws(ConfigFault) {
    guard next == UInt8(ascii: "=") else { throw expected("'=' after a name") }
    position += 1
    skipSpace()
    guard let last = keys.last else { return }
    var table = table
    for key in keys.dropLast() {
      switch table.items[key.name]?.item {
      case .table(let inner)?:
        switch inner.kind {
        case .implied: inner.kind = .dotted(section: section)
        case .dotted(section): break
        default: throw twice(key, in: table)
        }
        table = inner
      case nil:
        let inner = Table(key.place, .dotted(section: section))
        table.items[key.name] = (key.place, .table(inner))
        table = inner
      default: throw noTable(key)
      }
    }
    guard table.items[last.name] == nil else { throw twice(last, in: table) }
    let literal = try value(depth: depth + keys.count)
    table.items[last.name] = (last.place, .literal(literal))
  }

  private func twice(_ key: Key, in table: Table) -> ConfigFault {
    let first = table.items[key.name].map { ", first in line \($0.key.line)" } ?? ""
    return ConfigFault(
      place: key.place, message: "\(quoted(key.name)) is set twice\(first); write it once")
  }

  private func noTable(_ key: Key) -> ConfigFault {
    ConfigFault(
      place: key.place, message: "\(quoted(key.name)) has a value already, and cannot be a table")
  }
}

// MARK: - Marks

extension TOMLConfig {
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func starts(_ text: StaticString) -> Bool {
    let text = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    return bytes[position...].starts(with: text)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 { position += 1 }
  }

  private mutating func skipLineBreak() -> Bool {
    guard next == 0x0A || starts("\r\n") else { return false }
    position += next == 0x0A ? 1 : 2
    return true
  }

  private mutating func skipComment() throws(ConfigFault) {
    guard next == UInt8(ascii: "#") else { return }
    while let byte = next, byte != 0x0A, !starts("\r\n") {
      guard !Self.isControl(byte) else { throw expected("text in a comment") }
      position += 1
    }
  }

  /// Takes white space, comments and line breaks.
  private mutating func skipLines() throws(ConfigFault) {
    repeat {
      skipSpace()
      try skipComment()
    } while skipLineBreak()
  }

  private mutating func endOfLine() throws(ConfigFault) {
    skipSpace()
    try skipComment()
    guard next == nil || skipLineBreak() else { throw expected("the end of the line") }
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != 0x09 || byte == 0x7F
  }

  /// The failure that something else comes next.
  private func expected(_ what: String, hint: String = "") -> ConfigFault {
    var counter = counter
    let found =
      switch next {
      case nil: "the end of the file"
      case 0x0A?: "the end of the line"
      case 0x0D? where starts("\r\n"): "the end of the line"
      case let byte? where Self.isControl(byte): "the control character \(byte)"
      default: quoted(String(decoding: bytes[position...].prefix(4), as: UTF8.self).prefix(1))
      }
    return ConfigFault(
      place: counter.place(at: position), message: "found \(found), expected \(what)\(hint)")
  }

  // MARK: Keys

  private mutating func keyPath() throws(ConfigFault) -> [Key] {
    var keys: [Key] = []
    while true {
      let place = counter.place(at: position)
      guard keys.count < ConfigFile.maxDepth else { throw .tooDeep(place) }
      keys.append((try name(), place))
      skipSpace()
      guard next == UInt8(ascii: ".") else { return keys }
      position += 1
      skipSpace()
    }
  }

  private mutating func name() throws(ConfigFault) -> String {
    if next == UInt8(ascii: "\"") { return try basicText() }
    if next == UInt8(ascii: "'") { return try plainText() }
    let start = position
    while let byte = next, Self.isBare(byte) { position += 1 }
    guard position > start else { throw expected("a name") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Whether a name without quotes may contain a byte.
  static func isBare(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

// MARK: - Values

extension TOMLConfig {
  private mutating func value(depth: Int) throws(ConfigFault) -> ConfigLiteral {
    let place = counter.place(at: position)
    guard depth <= ConfigFile.maxDepth else { throw .tooDeep(place) }
    switch next {
    case UInt8(ascii: "["): return ConfigLiteral(.list(try list(depth: depth)), place: place)
    case UInt8(ascii: "{"): return try inlineTable(place, depth: depth)
    case UInt8(ascii: "\""):
      let text = starts("\"\"\"") ? try longText("\"") : try basicText()
      return ConfigLiteral(.quoted(text), place: place)
    case UInt8(ascii: "'"):
      let text = starts("'''") ? try longText("'") : try plainText()
      return ConfigLiteral(.quoted(text), place: place)
    default: return ConfigLiteral(.word(try word(place)), place: place)
    }
  }

  private mutating func list(depth: Int) throws(ConfigFault) -> [ConfigLiteral] {
    let start = counter.place(at: position)
    position += 1
    var elements: [ConfigLiteral] = []
    while true {
      try skipLines()
      if next == UInt8(ascii: "]") { break }
      elements.append(try value(depth: depth + 1))
      try skipLines()
      if next == UInt8(ascii: "]") { break }
      guard next == UInt8(ascii: ",") else {
        throw expected("',' or ']' of the list that opens in line \(start.line)")
      }
      position += 1
    }
    position += 1
    return elements
  }

  private mutating func inlineTable(
    _ place: ConfigPlace, depth: Int
  ) throws(ConfigFault) -> ConfigLiteral {
    position += 1
    // Keys inside belong to no section of the document, but to each other.
    let table = Table(place, .header)
    let outer = section
    section = -1 - position
    defer { section = outer }
    skipSpace()
    if next != UInt8(ascii: "}") {
      while true {
        skipSpace()
        if let mark = next, mark == UInt8(ascii: "}") || mark == 0x0A {
          let rule = mark == 0x0A ? "stands on one line" : "has no comma after the last value"
          throw expected("a name", hint: "; a table in braces \(rule)")
        }
        try set(try keyPath(), in: table, depth: depth)
        skipSpace()
        guard next == UInt8(ascii: ",") else { break }
        position += 1
      }
      let hint = next == 0x0A ? "; a table in braces stands on one line" : ""
      guard next == UInt8(ascii: "}") else { throw expected("',' or '}'", hint: hint) }
    }
    position += 1
    return table.literal
  }

  /// A number, truth value or time.
  private mutating func word(_ place: ConfigPlace) throws(ConfigFault) -> String {
    let start = position
    func isPart(_ byte: UInt8) -> Bool {
      Self.isBare(byte) || byte >= 0x80 || "+.:".utf8.contains(byte)
    }
    while let byte = next, isPart(byte) { position += 1 }
    // A time may be parted from its date by a space.
    if position - start == 10, bytes[start + 4] == UInt8(ascii: "-"), starts(" "),
      position + 3 < bytes.count, bytes[position + 3] == UInt8(ascii: ":")
    {
      position += 1
      while let byte = next, isPart(byte) { position += 1 }
    }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard !word.isEmpty else { throw expected("a value") }
    guard let known = TOMLWord(word) else {
      throw ConfigFault(
        place: place, message: "found \(quoted(word)), expected a value\(Self.hint(word))")
    }
    return known.text
  }
}

extension TOMLConfig {
  /// What people who write TOML by hand get wrong.
  private static func hint(_ word: String) -> String {
    switch word {
    case "none", "None", "null", "nil": "; write \"none\""
    case "True", "False": "; write \(word.lowercased())"
    case _ where word.first?.isNumber != true: "; put a text in quotes"
    case _ where word.hasPrefix("0"): "; numbers have no zeros before them"
    default: ""
    }
  }
}

// MARK: - Texts

extension TOMLConfig {
  private mutating func plainText() throws(ConfigFault) -> String {
    let quote = position
    position += 1
    let start = position
    while let byte = next, byte != UInt8(ascii: "'") {
      guard !Self.isControl(byte) else { throw unclosed(from: quote) }
      position += 1
    }
    guard next != nil else { throw unclosed(from: quote) }
    position += 1
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  private mutating func basicText() throws(ConfigFault) -> String {
    let quote = position
    position += 1
    var content: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard !Self.isControl(byte) else { throw unclosed(from: quote) }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &content)
      } else {
        content.append(byte)
      }
    }
    guard next != nil else { throw unclosed(from: quote) }
    position += 1
    return String(decoding: content, as: UTF8.self)
  }

  /// A text in three quotes, which may have many lines.
  private mutating func longText(_ quote: Unicode.Scalar) throws(ConfigFault) -> String {
    let (start, mark) = (position, UInt8(ascii: quote))
    position += 3
    _ = skipLineBreak()
    var content: [UInt8] = []
    while let byte = next {
      if byte == mark {
        var count = 0
        while count < 5, position + count < bytes.count, bytes[position + count] == mark {
          count += 1
        }
        position += count
        // The last three of up to five quotes are the end.
        content += repeatElement(mark, count: count < 3 ? count : count - 3)
        if count >= 3 { return String(decoding: content, as: UTF8.self) }
      } else if mark == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") {
        position += 1
        if try !skipEscapedBreak() { try escape(into: &content) }
      } else {
        let isBreak = byte == 0x0A || starts("\r\n")
        guard isBreak || !Self.isControl(byte) else { throw expected("text") }
        // Every line ends as here, whatever the system that it was written on.
        content.append(isBreak ? 0x0A : byte)
        if isBreak { _ = skipLineBreak() } else { position += 1 }
      }
    }
    throw unclosed(from: start)
  }

  /// Takes a line's end and all white space after it, if that is what a backslash escapes.
  private mutating func skipEscapedBreak() throws(ConfigFault) -> Bool {
    let start = position
    skipSpace()
    guard skipLineBreak() else {
      position = start
      return false
    }
    repeat { skipSpace() } while skipLineBreak()
    return true
  }

  private mutating func escape(into content: inout [UInt8]) throws(ConfigFault) {
    let digitCount: Int
    switch next {
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(bytes[position])
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      digitCount = next == UInt8(ascii: "u") ? 4 : 8
      let digits = bytes[(position + 1)...].prefix(digitCount)
      guard digits.count == digitCount,
        digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
        let scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
          .flatMap(Unicode.Scalar.init)
      else { throw expected("an escape that stands for a character") }
      content += Array(String(Character(scalar)).utf8)
      position += digitCount
    default:
      throw expected("an escape such as '\\n'", hint: "; single quotes take '\\' as it stands")
    }
    position += 1
  }

  private func unclosed(from start: Int) -> ConfigFault {
    if let byte = next, Self.isControl(byte), byte != 0x0A, !starts("\r\n") {
      return expected("text")
    }
    var counter = counter
    return ConfigFault(
      place: counter.place(at: start), message: "found a quote without its closing quote")
  }
}
