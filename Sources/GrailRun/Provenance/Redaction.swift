package import GrailCore
import OrderedCollections

/// Keeps secrets out of what is recorded of a program's surroundings.
package enum Redaction {
  /// What stands in the place of a secret.
  package static let placeholder = "<redacted>"

  /// The ends of words in names of secrets, as in `AWS_SECRET_ACCESS_KEY` or `apiToken`.
  private static let secretEndings = [
    "key", "keys", "token", "secret", "secrets", "password", "passwords", "passwd", "pwd",
    "passphrase", "credential", "credentials", "auth", "authorization", "jwt", "cookie", "webhook",
  ]

  /// How the tokens of well-known services begin.
  private static let tokenBeginnings = [
    "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "hf_", "sk-", "xoxb-", "xoxp-", "AKIA", "eyJ",
  ]

  /// Whether a variable, option or entry of this name is taken to hold a secret.
  package static func isSecretName(_ name: String) -> Bool {
    words(of: name).contains { word in
      word == "pass" || secretEndings.contains { word.hasSuffix($0) }
    }
  }

  /// The words of a name in lower case: parted by signs, and where a capital follows a small letter.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      let isPart = character.isLetter || character.isNumber
      if !isPart || (character.isUppercase && wasLower) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if isPart { word += character.lowercased() }
      wasLower = character.isLowercase
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Returns the words of a command line without the secrets in them.
  ///
  /// - Parameter words: The words, the program's name first.
  /// - Returns: As many words.
  package static func arguments(_ words: [String]) -> [String] {
    var isSecretNext = false
    return words.map { word in
      defer {
        isSecretNext = word.hasPrefix("-") && !word.contains("=") && isSecretName(word)
      }
      return isSecretNext && !word.hasPrefix("-") ? placeholder : assignment(word)
    }
  }

  /// Returns the value of a variable of the environment without secrets.
  package static func value(_ value: String, ofVariable name: String) -> String {
    isSecretName(name) ? placeholder : text(value)
  }

  /// A word such as `--token=x`, `password=x` or `Authorization: x` without the secret.
  private static func assignment(_ word: String) -> String {
    guard let sign = word.firstIndex(where: { $0 == "=" || $0 == ":" }),
      !word[sign...].hasPrefix("://")
    else { return text(word) }
    let name = word[..<sign]
    if isSecretName(String(name)) { return "\(word[...sign])\(placeholder)" }
    return "\(word[...sign])\(text(String(word[word.index(after: sign)...])))"
  }

  /// Returns a text without known tokens, and without the user info and secrets of its URLs.
  package static func text(_ text: String) -> String {
    if text.utf8.count >= 20, tokenBeginnings.contains(where: { text.hasPrefix($0) }) {
      return placeholder
    }
    return urls(in: text)
  }

  /// Returns a value whose texts are without user, password and secret parameters of URLs.
  package static func urls(in value: Value) -> Value {
    switch value {
    case .text(let text): .text(urls(in: text))
    case .list(let elements): .list(elements.map(urls(in:)))
    case .map(let entries): .map(entries.mapValues(urls(in:)))
    default: value
    }
  }

  /// Returns a text whose URLs have no user and password, and no secret among their parameters.
  package static func urls(in text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
    var bytes = Array(text.utf8)
    var start = 0
    var hasChanged = false
    while let authority = place(of: "://", in: bytes, from: start) {
      start = authority
      if let end = endOfUserInfo(in: bytes, from: authority) {
        bytes.removeSubrange(authority..<end)
        hasChanged = true
      }
      hasChanged = redactParameters(in: &bytes, from: authority) || hasChanged
    }
    return hasChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// The place behind the next occurrence.
  private static func place(of sign: String, in bytes: [UInt8], from start: Int) -> Int? {
    let sign = Array(sign.utf8)
    var at = start
    while at + sign.count <= bytes.count {
      if bytes[at..<at + sign.count].elementsEqual(sign) { return at + sign.count }
      at += 1
    }
    return nil
  }

  private static let spaces = Set(" \t\r\n\"'<>`".utf8)
  private static let valueEnds = Set(" \t\r\n\"'`".utf8)
  private static let authorityEnds = Set("/?#,;)]}".utf8)

  private static func endOfUserInfo(in bytes: [UInt8], from start: Int) -> Int? {
    let url = bytes[start...].prefix { !spaces.contains($0) }
    let authority = url.prefix { !authorityEnds.contains($0) }
    if let sign = authority.lastIndex(of: UInt8(ascii: "@")) { return sign + 1 }
    // A password that holds a '/' ends the authority too early: what follows the colon is no port.
    guard let colon = authority.lastIndex(of: UInt8(ascii: ":")),
      authority.first != UInt8(ascii: "["),
      !authority[(colon + 1)...].allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return url.lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 }
  }

  /// Replaces the values of parameters with the name of a secret.
  private static func redactParameters(in bytes: inout [UInt8], from start: Int) -> Bool {
    var hasChanged = false
    var at = start
    while at < bytes.count, !spaces.contains(bytes[at]) {
      guard [UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "#")].contains(bytes[at]) else {
        at += 1
        continue
      }
      at += 1
      let pair = bytes[at...].prefix { $0 != UInt8(ascii: "&") && !valueEnds.contains($0) }
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
        isSecretName(String(decoding: pair[..<equals], as: UTF8.self))
      else { continue }
      bytes.replaceSubrange(equals + 1..<pair.endIndex, with: placeholder.utf8)
      at = equals + 1 + placeholder.utf8.count
      hasChanged = true
    }
    return hasChanged
  }
}
