import GrailCore

/// A POST of JSON to a service.
struct WebRequest: Sendable {
  /// What the service is called in an error.
  var service: String
  var address: WebAddress
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]
  var route: WebRoute
  /// The words that no error may show, beside those of the address and the route.
  var secrets = SecretWords([])

  /// The words that no error may show.
  var allSecrets: SecretWords {
    let own = route.proxy.map { secrets.adding($0.secrets) } ?? secrets
    return own.adding(address.secrets)
  }

  /// An error in one line that begins with the service and its host.
  func error(
    _ problem: String, retryAfter: Duration? = nil, isFinal: Bool = false
  ) -> DeliveryError {
    DeliveryError(
      "\(service) at \(address.origin) \(allSecrets.line(from: problem, limit: 400))",
      retryAfter: retryAfter, isFinal: isFinal)
  }
}

/// How requests go to a service.
struct WebRoute: Sendable {
  /// The server that they go through, if any.
  var proxy: ProxyServer?
  /// How long one may take in all.
  var timeLimit: Duration

  /// Finds the way to an address.
  ///
  /// - Parameters:
  ///   - address: Where something is sent.
  ///   - proxy: The proxy to use; without one the environment may name one.
  ///   - timeLimit: How long one request may take in all.
  ///   - environment: The environment's variables.
  /// - Throws: ``NotificationError`` if the environment names a proxy that cannot be used.
  init(
    to address: WebAddress, proxy: ProxyServer? = nil, timeLimit: Duration,
    environment: [String: String] = Environment.variables
  ) throws(NotificationError) {
    self.proxy =
      if let proxy { proxy } else { try ProxyServer.fromEnvironment(for: address, environment) }
    self.timeLimit = min(max(timeLimit, .milliseconds(1)), .seconds(3600))
  }
}
