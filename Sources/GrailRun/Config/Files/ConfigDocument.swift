/// What a configuration file says, with the place of each value.
package struct ConfigDocument: Sendable {
  /// The file's path, as the user wrote it.
  package let path: String
  /// How the file is written.
  package let format: ConfigFile.Format
  /// What it sets, in its order; one name may come twice.
  let entries: [(key: ConfigLiteral, value: ConfigLiteral)]

  /// Reads a file in the format that its name says.
  ///
  /// - Parameter path: The file's path, as the user wrote it.
  /// - Throws: ``ConfigProblems`` with what is wrong, led by path, line and column.
  package init(contentsOf path: String) throws(ConfigProblems) {
    let format = try ConfigFile.Format(path: path)
    try self.init(try ConfigFile.bytes(of: path), format: format, path: path)
  }

  /// Reads the text of a file.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - format: How it is written.
  ///   - path: The file's path, for messages.
  /// - Throws: ``ConfigProblems`` with what is wrong, led by path, line and column.
  package init(
    _ bytes: [UInt8], format: ConfigFile.Format, path: String
  ) throws(ConfigProblems) {
    (self.path, self.format) = (path, format)
    do throws(ConfigFault) {
      var bytes = bytes
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
      try Self.checkText(bytes)
      let root =
        switch format {
        case .json: try JSONConfig.literal(bytes)
        case .yaml: try YAMLConfig.literal(bytes)
        case .toml: try TOMLConfig.literal(bytes)
        }
      entries = try Self.entries(of: root, format: format)
    } catch {
      let message = Self.line(path: path, error.place, error.message)
      throw ConfigProblems([.badFile(path, message)])
    }
  }

  /// Refuses what is no text at all.
  private static func checkText(_ bytes: [UInt8]) throws(ConfigFault) {
    let invalid = bytes.firstInvalidUTF8
    guard let offset = bytes[..<(invalid ?? bytes.endIndex)].firstIndex(of: 0) ?? invalid else {
      return
    }
    var counter = ConfigPlaceCounter(bytes)
    let byte = String(bytes[offset], radix: 16, uppercase: true)
    throw ConfigFault(
      place: counter.place(at: offset), message: "found the byte 0x\(byte), expected text in UTF-8")
  }

  private static func entries(
    of root: ConfigLiteral?, format: ConfigFile.Format
  ) throws(ConfigFault) -> [(key: ConfigLiteral, value: ConfigLiteral)] {
    guard let root else { return [] }
    if case .map(let pairs) = root.form { return pairs }
    let found = if case .list = root.form { "a list" } else { quoted(root.source) }
    let example =
      switch format {
      case .json: "{\"layers\": 7}"
      case .yaml: "layers: 7"
      case .toml: "layers = 7"
      }
    throw ConfigFault(
      place: root.place ?? .start,
      message: "found \(found), expected named values such as \(quoted(example))")
  }

  /// A message about an entry, led by the place of its value.
  ///
  /// - Parameters:
  ///   - path: The dotted name of the entry.
  ///   - message: What is to be said.
  /// - Returns: The message after path, line and column, or after the path alone if the file does
  ///   not set the entry.
  package func line(at path: String, _ message: String) -> String {
    line(Self.place(of: path.pathComponents[...], in: entries), message)
  }

  /// The place of what has a name, or of the innermost part of it that the file tells apart.
  private static func place(
    of path: ArraySlice<String>, in pairs: [(key: ConfigLiteral, value: ConfigLiteral)]
  ) -> ConfigPlace? {
    for (key, value) in pairs {
      guard let name = key.text?.pathComponents, path.starts(with: name) else { continue }
      let rest = path.dropFirst(name.count)
      if rest.isEmpty { return value.place }
      guard case .map(let inner) = value.form else { return value.place }
      if let place = place(of: rest, in: inner) { return place }
    }
    return nil
  }

  /// A message about a place in the file, led by it.
  func line(_ place: ConfigPlace?, _ message: String) -> String {
    Self.line(path: path, place, message)
  }

  /// A place in the file, after the file's path.
  func place(_ place: ConfigPlace?) -> String { Self.place(path: path, place) }

  private static func line(path: String, _ place: ConfigPlace?, _ message: String) -> String {
    "\(Self.place(path: path, place)): \(message)"
  }

  private static func place(path: String, _ place: ConfigPlace?) -> String {
    // A name may contain anything, and the message is to stay on one line.
    let path = path.split(whereSeparator: \.isNewline).joined(separator: " ")
    return path + (place.map { ":\($0)" } ?? "")
  }
}

extension [UInt8] {
  /// Where the first byte is that belongs to no character of UTF-8.
  fileprivate var firstInvalidUTF8: Int? {
    var (decoder, bytes, offset) = (UTF8(), makeIterator(), 0)
    // The usual case, at the speed of the standard library.
    if String(validating: self, as: UTF8.self) != nil { return nil }
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}
