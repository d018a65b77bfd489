import AsyncHTTPClient
import GrailCore
import GrailRecord
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import SystemPackage

/// Sends requests: the one place that knows the HTTP client.
///
/// There is one client a process for each proxy, and one thread for them all, from the first request
/// on. They live as long as the process and keep it from ending by nothing.
enum WebClient {
  /// The most bytes of an answer that are looked at.
  private static let maximumBody = 16 * 1024
  /// How long making a connection may take.
  private static let connectLimit = TimeAmount.seconds(10)

  private static let group: MultiThreadedEventLoopGroup = {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    BrokenPipes.keepingHandler {
      // The first socket, which leads nowhere.
      _ = try? ClientBootstrap(group: group).connect(unixDomainSocketPath: "/dev/null/none").wait()
    }
    return group
  }()

  private static let clients = Mutex<[ProxyServer?: HTTPClient]>([:])

  /// Sends a request and waits for the answer, at most as long as the request's route allows.
  ///
  /// Redirects are not followed: what is sent may be meant for one host alone.
  ///
  /// - Parameter request: What is sent.
  /// - Returns: The answer, whatever its status.
  /// - Throws: `DeliveryError` if there is none; `CancellationError` if the task is cancelled.
  static func reply(to request: WebRequest) async throws -> WebReply {
    let limit = request.route.timeLimit
    do {
      let reply = try await withThrowingTaskGroup(of: WebReply?.self) { group in
        group.addTask { try await exchange(request) }
        group.addTask {
          try await Task.sleep(for: limit)
          return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
      }
      guard let reply else { throw HTTPClientError.deadlineExceeded }
      return reply
    } catch {
      try Task.checkCancellation()
      throw failure(error, of: request)
    }
  }

  private static func exchange(_ request: WebRequest) async throws -> WebReply {
    var message = HTTPClientRequest(url: request.address.url)
    message.method = .POST
    message.headers.add(name: "Content-Type", value: "application/json")
    message.headers.add(name: "User-Agent", value: "grail")
    if let authorization = request.address.authorization {
      message.headers.add(name: "Authorization", value: authorization)
    }
    for (name, value) in request.headers { message.headers.replaceOrAdd(name: name, value: value) }
    message.body = .bytes(ByteBuffer(bytes: request.body))
    let limit = TimeAmount(request.route.timeLimit)
    let response = try await client(request.route.proxy).execute(message, deadline: .now() + limit)
    var reply = WebReply(status: Int(response.status.code))
    reply.retryAfter = response.headers.first(name: "Retry-After")
      .flatMap { RetryAfter.duration($0, now: SystemClock.now()) }
    // The status of a success says it all; to leave the body closes the connection.
    if reply.isSuccess { return reply }
    do {
      for try await part in response.body {
        reply.body += part.readableBytesView.prefix(maximumBody - reply.body.count)
        if reply.body.count >= maximumBody { break }
      }
    } catch {
      // The reason is not whole, but the status is.
    }
    return reply
  }

  private static func client(_ proxy: ProxyServer?) -> HTTPClient {
    clients.withLock { clients in
      if let client = clients[proxy] { return client }
      var configuration = HTTPClient.Configuration(
        redirectConfiguration: .disallow, timeout: .init(connect: connectLimit),
        connectionPool: .init(idleTimeout: .seconds(5)))
      // Delivery has its own waits between tries.
      configuration.connectionPool.retryConnectionEstablishment = false
      configuration.httpVersion = .http1Only
      configuration.proxy = proxy.map { .init($0) }
      // A trace would show the URL.
      configuration.tracing.tracer = nil
      let client = HTTPClient(
        eventLoopGroupProvider: .shared(group), configuration: configuration)
      clients[proxy] = client
      return client
    }
  }

  /// What a failure to get an answer means.
  private static func failure(_ error: any Error, of request: WebRequest) -> DeliveryError {
    if let error = error as? DeliveryError { return error }
    let limit = DurationText.text(of: request.route.timeLimit)
    switch error as? HTTPClientError {
    case .deadlineExceeded?: return request.error("did not answer within \(limit)")
    case .connectTimeout?:
      return request.error("could not be reached: the connection took too long")
    case .remoteConnectionClosed?:
      return request.error("closed the connection without an answer")
    case .proxyAuthenticationRequired?:
      return request.error(
        "could not be reached: the proxy asks for a user and password", isFinal: true)
    case let error?: return request.error("could not be asked: \(error.shortDescription)")
    case nil: break
    }
    switch error {
    case is CancellationError: return request.error("did not answer within \(limit)")
    case let error as NIOConnectionError:
      let problem = error.connectionErrors.first?.error as? IOError
      return request.error(
        "could not be reached: \(problem?.reason ?? String(describing: error))")
    case let error as IOError: return request.error("could not be reached: \(error.reason)")
    default: return request.error(handshakeProblem(error) ?? "could not be asked: \(error)")
    }
  }

  /// What is wrong where two do not come to terms over TLS; `nil` if it is something else.
  private static func handshakeProblem(_ error: any Error) -> String? {
    // Its types are those of a package that only the client needs.
    let text = String(describing: error)
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return
        "is not trusted: its certificate has expired, or is signed by nobody whom this machine trusts"
    }
    if text.contains("failedToValidateHostname") || text.contains("unableToValidateCertificate") {
      return "is not trusted: its certificate is another host's"
    }
    guard text.contains("handshakeFailed") else { return nil }
    return "could not be asked: it does not answer in TLS, as https has it"
  }
}

extension IOError {
  /// What the system says, such as `Connection refused`.
  fileprivate var reason: String { Errno(rawValue: errnoCode).description }
}

extension HTTPClient.Configuration.Proxy {
  fileprivate init(_ proxy: ProxyServer) {
    switch proxy.kind {
    case .socks: self = .socksServer(host: proxy.host, port: proxy.port)
    case .http:
      let authorization = proxy.user.map { user in
        HTTPClient.Authorization.basic(username: user, password: proxy.password ?? "")
      }
      self = .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }
  }
}
