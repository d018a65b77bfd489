public import GrailCore
import GrailRecord
import OrderedCollections

/// Tells a web service of runs, by a POST of JSON for each event.
///
/// ```swift
/// let hook = try WebHookObserver(
///   url: "https://lab.example.org/runs", headers: ["Authorization": "Bearer \(token)"])
/// ```
///
/// The body is strict JSON in UTF-8, a map with these entries; what is not known is `null`:
///
/// | entry | holds |
/// | --- | --- |
/// | `version` | 1; it grows when an entry changes its meaning, not when one is added |
/// | `event` | `queued`, `started`, `completed`, `interrupted` or `failed` |
/// | `key` | the run's key, the same in every store |
/// | `id` | the run's id in its store, a text |
/// | `offset` | the number of the run's events that came before this one |
/// | `experiment`, `command` | their names |
/// | `status` | `QUEUED`, `RUNNING`, `COMPLETED`, `FAILED`, `INTERRUPTED`, `TIMEOUT`, or the author's own |
/// | `config`, `host` | the configuration and the machine, maps |
/// | `queue_time`, `start_time`, `stop_time` | times such as `2026-03-01T09:30:00.250000Z` |
/// | `elapsed` | from start to stop, in seconds |
/// | `elapsed_time` | the same in words, such as `1 hour, 1 second` |
/// | `result` | what the run returned |
/// | `error` | the last line of what ended the run |
/// | `fail_trace` | all lines of it, a list |
///
/// NaN and infinities are the texts `NaN`, `Infinity` and `-Infinity`, bytes Base64 text. The header
/// `Idempotency-Key` is the run's key, a hyphen and the offset: a request that comes twice, because
/// its answer was lost, has the same one twice. A status from 200 to 299 says that the service has
/// the event; 408, 425, 429 and those from 500 on that it should come again, after `Retry-After` if
/// that is said; any other that it is given up.
///
/// The URL's path, its user and the headers are secrets: they are in no record, log, error or
/// description.
public struct WebHookObserver: RunObserver, SecretHolder {
  private let address: WebAddress
  private let route: WebRoute
  private let headers: [(name: String, value: String)]
  private let secrets: SecretWords
  private let events: Set<NotificationEvent>
  private let outbox = Outbox()

  /// Creates an observer.
  ///
  /// - Parameters:
  ///   - url: Where to send the events; a user and password in it are sent as basic authorization.
  ///   - headers: Further headers of each request, such as `Authorization`.
  ///   - events: The events to tell.
  ///   - proxyURL: The proxy to go through, `http://HOST:PORT` or `socks5://HOST:PORT`; without one
  ///     that of the environment, `https_proxy`, `http_proxy` or `all_proxy`, if it names one.
  ///   - timeLimit: How long one request may take in all.
  /// - Throws: ``NotificationError`` if the URL, a header or the proxy cannot be used.
  public init(
    url: String, headers: [String: String] = [:],
    events: Set<NotificationEvent> = Set(NotificationEvent.allCases),
    proxyURL: String? = nil, timeLimit: Duration = .seconds(30)
  ) throws(NotificationError) {
    var proxy: ProxyServer?
    if let proxyURL { proxy = try ProxyServer(proxyURL, called: "the proxy's URL") }
    try self.init(
      url: url, called: "the web hook's URL", headers: headers, events: events, proxy: proxy,
      timeLimit: timeLimit)
  }

  private init(
    url: String, called name: String, headers: [String: String],
    events: Set<NotificationEvent> = Set(NotificationEvent.allCases), proxy: ProxyServer?,
    timeLimit: Duration = .seconds(30)
  ) throws(NotificationError) {
    address = try WebAddress(url, called: name)
    route = try WebRoute(to: address, proxy: proxy, timeLimit: timeLimit)
    self.headers = headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    self.events = events
    for (name, value) in self.headers {
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfName) else {
        throw NotificationError(
          .badHeader, "a header's name has characters that none may have; take letters and '-'")
      }
      guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw NotificationError(
          .badHeader, "the header '\(name)' has a line break or control character in its value")
      }
    }
    secrets = SecretWords(
      headers.values.flatMap { value in
        [value] + value.split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
      })
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
      || "!#$%&'*+-.^_`|~".utf8.contains(byte)
  }

  /// Creates an observer from a JSON file that only its owner may read.
  ///
  /// The entries are `url`, and if need be `headers`, a map of texts, `proxy_url`, `username` and
  /// `password` of the proxy.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: The observer.
  /// - Throws: ``NotificationError`` if the file cannot be read, if others can read it too, or if what
  ///   it says cannot be used.
  public static func fromConfig(_ path: String) throws(NotificationError) -> WebHookObserver {
    let file = try SettingsFile(
      path, names: ["url", "headers", "proxy_url", "username", "password"])
    return try WebHookObserver(
      url: try file.required("url"), called: "'\(path)': 'url'",
      headers: try file.texts("headers"), proxy: try file.proxy())
  }

  /// Creates the observer that the environment asks for.
  ///
  /// `GRAIL_WEBHOOK_URL` holds the URL and `GRAIL_WEBHOOK_AUTHORIZATION`, if need be, the value of the
  /// header `Authorization`; or `GRAIL_WEBHOOK_CONFIG` names a file for ``fromConfig(_:)``.
  ///
  /// - Returns: The observer; `nil` if neither the URL nor the file is set.
  /// - Throws: ``NotificationError`` if what the variables say cannot be used.
  public static func fromEnvironment() throws(NotificationError) -> WebHookObserver? {
    try fromEnvironment(Environment.variables)
  }

  static func fromEnvironment(
    _ environment: [String: String]
  ) throws(NotificationError) -> WebHookObserver? {
    if let url = environment["GRAIL_WEBHOOK_URL"], !url.isEmpty {
      let authorization = environment["GRAIL_WEBHOOK_AUTHORIZATION"] ?? ""
      return try WebHookObserver(
        url: url, called: "GRAIL_WEBHOOK_URL",
        headers: authorization.isEmpty ? [:] : ["Authorization": authorization], proxy: nil)
    }
    guard let path = environment["GRAIL_WEBHOOK_CONFIG"], !path.isEmpty else { return nil }
    return try fromConfig(path)
  }

  /// Sends a request for each event of a batch that is wanted.
  public func record(_ batch: RunEventBatch) async throws {
    try await outbox.deliver(batch, events) { occasion in
      let request = WebRequest(
        service: "the web hook", address: address,
        headers: [("Idempotency-Key", "\(occasion.key)-\(occasion.offset)")] + headers,
        body: JSONWriter.bytes(occasion.json, style: .strict), route: route, secrets: secrets)
      let reply = try await WebClient.reply(to: request)
      if !reply.isSuccess { throw reply.error(of: request, reason: reply.reason) }
    }
  }

  /// The host that is told, without the secret parts of its address.
  public var description: String { "WebHookObserver(\(address))" }
}

extension Occasion {
  /// What a web hook is sent.
  fileprivate var json: Value {
    let elapsed = event.isEnd ? record.elapsed : nil
    let components = elapsed?.components
    return [
      "version": 1,
      "event": .text(event.rawValue),
      "key": .text(key.description),
      "id": .text(record.id),
      "offset": .int(offset),
      "experiment": .text(record.experiment.name),
      "command": .text(record.command),
      "status": .text(record.status.rawValue),
      "config": .map(record.config),
      "host": .map(record.host),
      "queue_time": record.queueTime.map { .time($0) } ?? .null,
      "start_time": record.startTime.map { .time($0) } ?? .null,
      "stop_time": record.stopTime.map { .time($0) } ?? .null,
      "elapsed": components.map { .double(Double($0.seconds) + Double($0.attoseconds) / 1e18) }
        ?? .null,
      "elapsed_time": elapsed.map { .text(ElapsedText.text(of: $0)) } ?? .null,
      "result": event.isEnd ? record.result : .null,
      "error": record.failError.map { .text($0) } ?? .null,
      "fail_trace": .list(record.failTrace.map { .text($0) }),
    ]
  }
}
