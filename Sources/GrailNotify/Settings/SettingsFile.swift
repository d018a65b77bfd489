import GrailCore
import GrailRecord
import OrderedCollections

/// The settings of an observer in a JSON file that only its owner may read.
struct SettingsFile {
  private let path: String
  private let entries: Value.Entries

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - names: The entries that it may have.
  /// - Throws: ``NotificationError`` if it cannot be read, if others can read it too, or if it is no
  ///   JSON map of these entries.
  init(_ path: String, names: [String]) throws(NotificationError) {
    self.path = path
    let bytes = try PrivateFile.read(path)
    let json: Value
    do throws(JSONError) {
      json = try JSONParser.parse(bytes)
    } catch {
      // What was found there may be a part of a secret.
      throw NotificationError(
        .malformedFile,
        "'\(path)' is no JSON: line \(error.line), column \(error.column):"
          + " expected \(error.expected)")
    }
    guard let entries = json.mapValue else {
      throw NotificationError(.malformedFile, "'\(path)' is no JSON map, {\"name\": value, …}")
    }
    for name in entries.keys where !names.contains(name) {
      // The name of an entry may be a secret in the wrong place.
      let near = names.closest(to: name).map { "; did you mean '\($0)'?" } ?? "."
      throw NotificationError(
        .malformedFile,
        "'\(path)' has an entry that is not known\(near) The entries are "
          + names.joined(separator: ", "))
    }
    self.entries = entries
  }

  /// An error that names an entry.
  private func wrong(_ name: String, _ expected: String) -> NotificationError {
    NotificationError(.malformedFile, "'\(path)': '\(name)' is not \(expected)")
  }

  /// Whether the file has an entry that is more than `null`.
  func has(_ name: String) -> Bool { entries[name].map { !$0.isNull } ?? false }

  /// The text of an entry that must be there.
  func required(_ name: String) throws(NotificationError) -> String {
    guard has(name), let text = try text(name, default: nil) else {
      throw NotificationError(.missing, "'\(path)' has no '\(name)'; add \"\(name)\": \"…\"")
    }
    return text
  }

  /// The text of an entry.
  ///
  /// - Parameters:
  ///   - name: The entry's name.
  ///   - text: What it is where the file does not have it.
  /// - Returns: The text; `nil` where the file says `null`.
  /// - Throws: ``NotificationError`` if the entry is neither.
  func text(_ name: String, default text: String?) throws(NotificationError) -> String? {
    switch entries[name] {
    case nil: return text
    case .null: return nil
    case .text(let text): return text
    // Telegram's chats are numbers.
    case .int(let number): return String(number)
    default: throw wrong(name, "a text; write it in quotes")
    }
  }

  /// The texts of a messenger's messages, of entries such as `failed_text`.
  ///
  /// - Parameter usual: What they are where the file does not have them.
  /// - Returns: The texts; `nil` where the file says `null`.
  /// - Throws: ``NotificationError`` if one is neither a text nor `null`.
  func messageTexts(
    default usual: [NotificationEvent: String?]
  ) throws(NotificationError) -> [NotificationEvent: String?] {
    var texts = usual
    for event in NotificationEvent.allCases {
      let text = try text("\(event.rawValue)_text", default: usual[event] ?? nil)
      texts.updateValue(text, forKey: event)
    }
    return texts
  }

  /// The truth value of an entry.
  ///
  /// - Parameters:
  ///   - name: The entry's name.
  ///   - flag: What it is where the file does not have it.
  /// - Returns: The truth value.
  /// - Throws: ``NotificationError`` if it is none.
  func flag(_ name: String, default flag: Bool) throws(NotificationError) -> Bool {
    guard let value = entries[name] else { return flag }
    guard let flag = value.boolValue else { throw wrong(name, "true or false") }
    return flag
  }

  /// The texts of a map of texts.
  ///
  /// - Parameter name: The entry's name.
  /// - Returns: The texts by name, none where the file does not have it.
  /// - Throws: ``NotificationError`` if it is no such map.
  func texts(_ name: String) throws(NotificationError) -> [String: String] {
    guard let value = entries[name], !value.isNull else { return [:] }
    var texts: [String: String] = [:]
    for (key, value) in value.mapValue ?? ["": .null] {
      guard let text = value.textValue else { throw wrong(name, "a map of texts") }
      texts[key] = text
    }
    return texts
  }

  /// The proxy of the entries `proxy_url`, `username` and `password`.
  ///
  /// - Returns: The proxy, if there is one.
  /// - Throws: ``NotificationError`` if it cannot be used.
  func proxy() throws(NotificationError) -> ProxyServer? {
    guard let url = try text("proxy_url", default: nil) else { return nil }
    return try ProxyServer(
      url, user: try text("username", default: nil), password: try text("password", default: nil),
      called: "'\(path)': 'proxy_url'")
  }
}
