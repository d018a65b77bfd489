#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A server that requests go through.
struct ProxyServer: Hashable, Sendable, SecretHolder {
  enum Kind: Hashable, Sendable { case http, socks }

  let kind: Kind
  let host: String
  let port: Int
  let user: String?
  let password: String?

  /// Reads a proxy's URL.
  ///
  /// - Parameters:
  ///   - text: The URL, `http://HOST:PORT` or `socks5://HOST:PORT`.
  ///   - user: The user, if the URL has none.
  ///   - password: The password, if the URL has none.
  ///   - name: What the URL is called in an error.
  /// - Throws: ``NotificationError`` if it is no such URL, or a proxy of another kind.
  init(
    _ text: String, user: String? = nil, password: String? = nil, called name: String
  ) throws(NotificationError) {
    func problem(_ what: String) -> NotificationError {
      NotificationError(
        .badProxy, "\(name) \(what); write it as http://HOST:PORT or socks5://HOST:PORT")
    }
    let text = text.trimmed
    // As curl takes it.
    guard let parts = URLComponents(string: text.contains("://") ? text : "http://" + text),
      let scheme = parts.scheme?.lowercased()
    else { throw problem("is no URL") }
    switch scheme {
    case "http": kind = .http
    case "socks", "socks5", "socks5h": kind = .socks
    default: throw problem("has the scheme '\(scheme.prefix(20))', which cannot be used")
    }
    guard let host = parts.host, !host.isEmpty else { throw problem("has no host") }
    self.host =
      host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    port = parts.port ?? (kind == .socks ? 1080 : 80)
    guard 1...65_535 ~= port else { throw problem("has a port beyond 65535") }
    self.user = parts.user ?? user
    self.password = parts.password ?? password
    if kind == .socks, self.user != nil || self.password != nil {
      throw NotificationError(
        .badProxy,
        "\(name) names a SOCKS proxy with a user, which cannot be used; take an http proxy,"
          + " or a SOCKS proxy that asks for no user")
    }
  }

  /// The words that no error may show.
  var secrets: SecretWords { SecretWords([user, password].compactMap(\.self)) }

  /// The kind and host.
  var description: String { "\(kind == .http ? "http" : "socks5")://\(host):\(port)" }
}

extension ProxyServer {
  /// The proxy that the environment names for an address, as other programs read it.
  ///
  /// `https_proxy` or `http_proxy` by the address's scheme, else `all_proxy`, in small letters or
  /// capitals; none for the hosts in `no_proxy`.
  ///
  /// - Parameters:
  ///   - address: Where something is sent.
  ///   - environment: The variables.
  /// - Returns: The proxy, if one is named for the address.
  /// - Throws: ``NotificationError`` if what is named is no proxy that can be used.
  static func fromEnvironment(
    for address: WebAddress, _ environment: [String: String]
  ) throws(NotificationError) -> ProxyServer? {
    func variable(_ name: String) -> (name: String, value: String)? {
      for name in [name, name.uppercased()] {
        if let value = environment[name], !value.isEmpty { return (name, value) }
      }
      return nil
    }
    guard let found = variable(address.scheme + "_proxy") ?? variable("all_proxy") else {
      return nil
    }
    let host = address.host.lowercased()
    for entry in variable("no_proxy")?.value.split(whereSeparator: { ", ".contains($0) }) ?? [] {
      let name = entry.lowercased().drop { $0 == "." || $0 == "*" }
      if entry == "*" || host == name || host.hasSuffix("." + name) && !name.isEmpty { return nil }
    }
    return try ProxyServer(found.value, called: "the environment's \(found.name)")
  }
}
