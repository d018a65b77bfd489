import GrailRecord

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where something is sent: a URL, of which only the host may be shown.
struct WebAddress: Sendable, SecretHolder {
  /// The URL without user and password.
  let url: String
  /// The scheme, host and port, which tell no secret.
  let origin: String
  let (scheme, host, port): (String, String, Int)
  /// What proves who sends, where the URL has a user.
  let authorization: String?
  let secrets: SecretWords

  /// Reads a URL.
  ///
  /// - Parameters:
  ///   - text: The URL, with `http` or `https`.
  ///   - name: What it is called in an error.
  /// - Throws: ``NotificationError`` if it is no such URL.
  init(_ text: String, called name: String) throws(NotificationError) {
    let text = text.trimmed
    let ports = ["http": 80, "https": 443]
    func problem(_ what: String) -> NotificationError {
      NotificationError(.badAddress, "\(name) \(what); write it as https://HOST/PATH")
    }
    guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
      throw problem(text.isEmpty ? "is empty" : "is no URL")
    }
    guard let usualPort = ports[scheme] else {
      throw problem("has the scheme '\(scheme.prefix(20))', which nothing is sent by")
    }
    guard let host = parts.host, !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw problem("has no host") }
    let port = parts.port ?? usualPort
    guard 1...65_535 ~= port else { throw problem("has a port beyond 65535") }
    let user = (name: parts.user ?? "", password: parts.password ?? "")
    let hasUser = !user.name.isEmpty || !user.password.isEmpty
    (parts.user, parts.password, parts.fragment) = (nil, nil, nil)
    guard let url = parts.string else { throw problem("is no URL") }
    (self.scheme, self.host, self.port, self.url) = (scheme, host, port, url)
    origin = "\(scheme)://\(host)" + (port == usualPort ? "" : ":\(port)")
    authorization =
      hasUser ? "Basic " + Base64.encode(Array("\(user.name):\(user.password)".utf8)) : nil
    var words = [text, url, user.name, user.password]
    words += [authorization.map { String($0.dropFirst(6)) } ?? ""]
    for (path, query) in [
      (parts.path, parts.query), (parts.percentEncodedPath, parts.percentEncodedQuery),
    ] {
      words += [path == "/" ? "" : path, query ?? ""]
      let names = path.split(separator: "/").map(String.init)
      words += names.filter(Self.looksSecret) + names.suffix(1)
      words += (query ?? "").split(separator: "&").flatMap { pair in
        pair.split(separator: "=", maxSplits: 1).dropFirst().map(String.init)
      }
    }
    secrets = SecretWords(words)
  }

  /// Whether a part of a path is none of the words that people choose.
  private static func looksSecret(_ word: String) -> Bool {
    word.utf8.count >= 20
      || word.utf8.count >= 6 && word.contains { $0.isNumber || $0.isUppercase }
  }

  /// The scheme and host.
  var description: String { origin }
}
