import Foundation
import GrailCore
import Testing

@testable import GrailNotify

@Suite(.timeLimit(.minutes(1))) struct WebClientTests {
  /// What becomes of a batch that is sent once.
  private func outcome(
    _ behavior: TestServer.Behavior, timeLimit: Duration = .seconds(20)
  ) async throws -> (error: DeliveryError?, url: String) {
    let server = try TestServer(behavior)
    let hook = try WebHookObserver(
      url: server.url("/hook/SECRETpath1"), headers: ["Authorization": "Bearer SECRETword"],
      timeLimit: timeLimit)
    do {
      try await hook.record(SampleRun.end("failed"))
      return (nil, server.url(""))
    } catch let error as DeliveryError {
      #expect(!error.message.contains("SECRET"))
      #expect(!error.message.contains("\n"))
      return (error, server.url(""))
    }
  }

  @Test(arguments: [200, 201, 202, 204, 299])
  func `a success is one, whatever becomes of its body`(status: Int) async throws {
    #expect(try await outcome(.answer(status, [:], "SECRETword")).error == nil)
    #expect(try await outcome(.closeInBody(status)).error == nil)
    #expect(try await outcome(.stallInBody(status)).error == nil)
    #expect(try await outcome(.endless(status)).error == nil)
  }

  @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
  func `comes again after a status that may pass`(status: Int) async throws {
    let (error, url) = try await outcome(.answer(status, [:], "try later"))
    #expect(error?.message == "the web hook at \(url) answered \(status): 'try later'")
    #expect(error?.isFinal == false)
    #expect(error?.retryAfter == nil)
  }

  @Test(arguments: [400, 401, 403, 404, 410, 413, 422])
  func `gives up after a status that will not pass`(status: Int) async throws {
    let (error, url) = try await outcome(.answer(status, ["Retry-After": "5"], "no\r\n such  hook"))
    #expect(
      error?.message
        == "the web hook at \(url) answered \(status): 'no such hook'; it is not sent again")
    #expect(error?.isFinal == true)
    #expect(error?.retryAfter == nil)
  }

  @Test(arguments: [429, 503])
  func `comes again when the service says so`(status: Int) async throws {
    let error = try await outcome(.answer(status, ["retry-after": "120"], "")).error
    #expect(error?.retryAfter == .seconds(120))
    #expect(error?.isFinal == false)
  }

  @Test func `a service whose certificate nobody vouches for is told nothing`() async throws {
    guard let server = try TLSServer() else { return }
    let hook = try WebHookObserver(url: "https://localhost:\(server.port)/hook")
    let batch = SampleRun.end("failed")
    let error = await #expect(throws: DeliveryError.self) { try await hook.record(batch) }
    #expect(
      error?.message
        == "the web hook at https://localhost:\(server.port) is not trusted: its certificate has expired, or is signed by nobody whom this machine trusts"
    )
    #expect(error?.isFinal == false && server.requestCount == 0)
  }

  @Test func `https where the service speaks plainly is said to be that`() async throws {
    guard let server = try TLSServer(isPlain: true) else { return }
    let hook = try WebHookObserver(url: "https://localhost:\(server.port)/hook")
    let batch = SampleRun.end("failed")
    let error = await #expect(throws: DeliveryError.self) { try await hook.record(batch) }
    let start = "the web hook at https://localhost:\(server.port) "
    #expect(
      error?.message == start + "could not be asked: it does not answer in TLS, as https has it")
  }

  @Test(arguments: [301, 302, 307, 308])
  func `follows no redirect`(status: Int) async throws {
    let other = try TestServer(.answer(200))
    let (error, url) = try await outcome(.answer(status, ["Location": other.url("/SECRET")]))
    #expect(
      error?.message == "the web hook at \(url) answered \(status), which leads to another address;"
        + " name that address")
    #expect(error?.isFinal == true)
    #expect(other.requests.isEmpty)
  }

  @Test func `a service that does not answer is left after the limit`() async throws {
    let start = ContinuousClock.now
    let (error, url) = try await outcome(.stall, timeLimit: .milliseconds(300))
    #expect(error?.message == "the web hook at \(url) did not answer within 300ms")
    #expect(error?.isFinal == false)
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test func `a reason that never ends is left after the limit`() async throws {
    let error = try await outcome(.stallInBody(500), timeLimit: .milliseconds(300)).error
    #expect(error?.isFinal == false)
  }

  @Test func `of an endless reason the beginning is shown`() async throws {
    let error = try await outcome(.endless(400)).error
    #expect(error?.isFinal == true)
    #expect(error?.message.contains("400: 'xxxxxx") == true)
    #expect((error?.message.count ?? 0) < 400)
  }

  @Test func `a connection that closes is tried again`() async throws {
    let (error, url) = try await outcome(.close)
    #expect(error?.message == "the web hook at \(url) closed the connection without an answer")
    #expect(error?.isFinal == false)
    #expect(try await outcome(.closeInBody(500)).error?.isFinal == false)
  }

  @Test func `what is no HTTP is tried again`() async throws {
    #expect(try await outcome(.garbage).error?.isFinal == false)
  }

  @Test func `a page for browsers is no reason`() async throws {
    let (error, url) = try await outcome(.answer(502, [:], "<html>Bad gateway</html>"))
    #expect(error?.message == "the web hook at \(url) answered 502")
  }

  @Test func `secrets that a service repeats are not shown`() async throws {
    let body = "bad: Bearer SECRETword, SECRETword at /hook/SECRETpath1, SECRETpath1"
    let error = try await outcome(.answer(400, [:], body)).error
    #expect(
      error?.message.contains("bad: <redacted>, <redacted> at <redacted>, <redacted>") == true)
  }

  @Test func `a service that is not there is tried again`() async throws {
    // What is bound and does not listen refuses connections.
    let port = try TestServer.refusingPort()
    let hook = try WebHookObserver(url: "http://127.0.0.1:\(port)/x")
    let error = await #expect(throws: DeliveryError.self) {
      try await hook.record(SampleRun.end("failed"))
    }
    #expect(error?.isFinal == false)
    #expect(
      error?.message.hasPrefix("the web hook at http://127.0.0.1:\(port) could not be reached: ")
        == true, "\(error?.message ?? "")")
  }

  @Test func `goes away, comes back, and is told once`() async throws {
    let server = try TestServer(
      .close, .answer(500), .answer(429, ["Retry-After": "0"]), .stall, .answer(200))
    let hook = try WebHookObserver(url: server.url(), timeLimit: .milliseconds(500))
    var failures = 0
    for _ in 0..<10 {
      do { try await hook.record(SampleRun.end("failed")) } catch is DeliveryError { failures += 1 }
    }
    #expect(failures == 4)
    #expect(server.requests.count == 5)
    #expect(Set(server.requests.map { $0.headers["idempotency-key"] }).count == 1)
  }

  @Test func `a host that there is not is no end`() async throws {
    let hook = try WebHookObserver(url: "http://nowhere.invalid/x", timeLimit: .seconds(5))
    let error = await #expect(throws: DeliveryError.self) {
      try await hook.record(SampleRun.end("failed"))
    }
    #expect(error?.isFinal == false)
  }

  @Test func `a task that is cancelled ends at once`() async throws {
    let server = try TestServer(.stall)
    let hook = try WebHookObserver(url: server.url())
    let task = Task { try await hook.record(SampleRun.end("failed")) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test(arguments: ["http", "socks5"])
  func `goes through a proxy`(scheme: String) async throws {
    let proxy = try TestServer(.answer(200))
    let hook = try WebHookObserver(
      url: "http://nowhere.invalid/x", proxyURL: "\(scheme)://127.0.0.1:\(proxy.port)")
    try await hook.record(SampleRun.end("completed"))
    #expect(proxy.requests.last?.method == "POST")
    #expect(proxy.requests.first?.method == (scheme == "http" ? "CONNECT" : "SOCKS"))
  }

  @Test func `a program that has sent something ends`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let server = try TestServer(.answer(200), .stall)
      let hook = try WebHookObserver(url: server.url())
      try await hook.record(SampleRun.end("completed"))
      // One request is still on its way.
      let task = Task { try await hook.record(SampleRun.end("failed", number: 2)) }
      while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
      exit(task.isCancelled ? 1 : 7)
    }
  }

  #if os(Linux)
    @Test func `programs that a run starts do not ignore a broken pipe`() async throws {
      await #expect(processExitsWith: .exitCode(7)) {
        let server = try TestServer(.answer(200))
        try await WebHookObserver(url: server.url()).record(SampleRun.end("completed"))
        var action = sigaction()
        guard sigaction(SIGPIPE, nil, &action) == 0 else { exit(1) }
        // The handler is a plain function pointer, as wide as an Int; SIG_DFL is 0 and SIG_IGN 1.
        exit(unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) > 1 ? 7 : 2)
      }
    }
  #endif
}
