import GrailCore
import GrailNotify
import GrailRecord
import OrderedCollections
import Testing

@Suite(.timeLimit(.minutes(1))) struct TelegramObserverTests {
  private let token = "12345:AAbb_-SECRETsecret"

  private func observer(_ server: TestServer, silent: Bool = false) throws -> TelegramObserver {
    try TelegramObserver(
      token: token, chatID: "42", silentCompletion: silent, apiURL: server.url("/"))
  }

  @Test(arguments: ["started", "completed", "interrupted", "failed"])
  func `sends what Sacred sends`(event: String) async throws {
    let server = try TestServer(.answer(200, [:], #"{"ok":true}"#))
    try await observer(server).record(SampleRun.end(event))
    let expected = try Fixture.json("messages/messages.json")["telegram"]?[event]?.mapValue
    let request = try #require(server.requests.first)
    let sent = try #require(try JSONParser.parse(request.body).mapValue)
    #expect(
      Dictionary(uniqueKeysWithValues: sent.elements.map { ($0.key, $0.value) })
        == expected.map { Dictionary(uniqueKeysWithValues: $0.elements.map { ($0.key, $0.value) }) }
    )
    #expect(request.path == "/bot\(token)/sendMessage")
  }

  @Test func `a completion is silent on request`() async throws {
    let server = try TestServer(.answer(200))
    let telegram = try observer(server, silent: true)
    try await telegram.record(SampleRun.end("completed"))
    try await telegram.record(SampleRun.end("failed", number: 2))
    let flags = try server.requests.map { try JSONParser.parse($0.body)["disable_notification"] }
    #expect(flags == [true, false])
  }

  @Test func `comes again when Telegram says so`() async throws {
    let body = #"""
      {"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35",
       "parameters":{"retry_after":35}}
      """#
    let server = try TestServer(.answer(429, [:], body), .answer(200))
    let telegram = try observer(server)
    let error = await #expect(throws: DeliveryError.self) {
      try await telegram.record(SampleRun.end("failed"))
    }
    #expect(
      error?.message == "Telegram at \(server.url("")) answered 429:"
        + " 'Too Many Requests: retry after 35'")
    #expect(error?.retryAfter == .seconds(35))
    #expect(error?.isFinal == false)
    try await telegram.record(SampleRun.end("failed"))
    #expect(server.requests.count == 2)
  }

  @Test func `what breaks the Markdown is sent as plain text`() async throws {
    let server = try TestServer(
      .answer(400, [:], #"{"ok":false,"description":"Bad Request: can't parse entities: Can't"}"#),
      .answer(200))
    try await observer(server).record(SampleRun.end("completed"))
    let bodies = try server.requests.map { try JSONParser.parse($0.body) }
    #expect(bodies.map { $0["parse_mode"] } == ["Markdown", nil])
    #expect(bodies.count == 2 && bodies[0]["text"] == bodies[1]["text"])
  }

  @Test func `a long trace is cut to what Telegram takes`() async throws {
    let server = try TestServer(.answer(200))
    let trace =
      ["Traceback (most recent call last):\n"]
      + (0..<1000).map { "frame \($0) in a function\n" } + ["the end\n"]
    try await observer(server).record(SampleRun.batch([SampleRun.ended(.failed, trace: trace)]))
    let text = try #require(try JSONParser.parse(server.requests[0].body)["text"]?.textValue)
    #expect(text.utf16.count <= 4096)
    #expect(text.contains("with `the end`") && text.hasSuffix("…```"))
  }

  @Test(arguments: ["", " ", "12345:a/b", "1:a b", "1:ä", "1:a?b"])
  func `what is no token is refused without being shown`(token: String) {
    let error = #expect(throws: NotificationError.self) {
      try TelegramObserver(token: token, chatID: "42")
    }
    #expect(error?.code == .badAddress)
    #expect(error?.message.contains("a b") == false && error?.message.contains("ä") == false)
  }

  @Test func `the token is in no error`() async throws {
    let server = try TestServer(
      .answer(401, [:], #"{"description":"bot12345:AAbb_-SECRETsecret AAbb_-SECRETsecret no"}"#))
    let telegram = try observer(server)
    let error = await #expect(throws: DeliveryError.self) {
      try await telegram.record(SampleRun.end("failed"))
    }
    #expect(error?.isFinal == true)
    #expect(error?.message.contains("SECRET") == false)
    #expect(error?.message.hasSuffix("no'; it is not sent again") == true)
  }
}
