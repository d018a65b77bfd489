import GrailCore
import GrailNotify
import GrailRecord
import Testing

@Suite(.timeLimit(.minutes(1))) struct WebHookObserverTests {
  @Test func `sends the run as strict JSON`() async throws {
    let server = try TestServer(.answer(204, [:], ""))
    let hook = try WebHookObserver(url: server.url(), headers: ["X-Token": "secret"])
    try await hook.record(
      SampleRun.batch(
        [.result(["loss": .double(.nan)]), SampleRun.ended(.failed, trace: SampleRun.trace)],
        offset: 8))
    let key = SampleRun.key().description
    #expect(
      server.bodies == [
        #"{"version":1,"event":"failed","key":"\#(key)","id":"17","offset":9,"#
          + #""experiment":"digits","command":"run","status":"FAILED","#
          + #""config":{"layers":7,"rate":0.001,"#
          + #""data":{"path":"a b.csv","sizes":[1,"two",null,true]}},"#
          + #""host":{"hostname":"node7","os":["Linux","6.1"]},"queue_time":null,"#
          + #""start_time":"2026-03-01T09:30:00.250000Z","#
          + #""stop_time":"2026-03-01T10:31:01.750000Z","elapsed":3661.5,"#
          + #""elapsed_time":"1 hour, 1 minute, 1 second","result":{"loss":"NaN"},"#
          + #""error":"DataError: row 7 has 3 columns","fail_trace":["#
          + #""Traceback (most recent call last):\n","  at row 7\n","#
          + #""DataError: row 7 has 3 columns \n"]}"#
      ])
    let headers = server.requests[0].headers
    #expect(headers["idempotency-key"] == "\(key)-9")
    #expect(headers["x-token"] == "secret")
    #expect(headers["content-type"] == "application/json")
  }

  @Test func `tells the start as it was, though the run is over`() async throws {
    let server = try TestServer(.answer(200))
    try await WebHookObserver(url: server.url())
      .record(SampleRun.batch([SampleRun.started(), .result(1), SampleRun.ended(.completed)]))
    let bodies = try server.requests.map { try JSONParser.parse($0.body) }
    #expect(bodies.map { $0["event"] } == ["started", "completed"])
    #expect(bodies.map { $0["status"] } == ["RUNNING", "COMPLETED"])
    #expect(bodies.map { $0["stop_time"]?.isNull } == [true, false])
    #expect(bodies.map { $0["result"] } == [.null, 1])
    #expect(bodies.map { $0["offset"] } == [0, 2])
  }

  @Test func `tells only what is asked for`() async throws {
    let server = try TestServer(.answer(200))
    let hook = try WebHookObserver(url: server.url(), events: [.failed])
    try await hook.record(SampleRun.batch([SampleRun.started(), SampleRun.ended(.completed)]))
    #expect(server.requests.isEmpty)
  }

  @Test func `of a batch that comes again it sends what was not sent`() async throws {
    let server = try TestServer(.answer(200), .answer(500), .answer(200))
    let hook = try WebHookObserver(url: server.url())
    let batch = SampleRun.batch([SampleRun.started(), SampleRun.ended(.completed)])
    await #expect(throws: DeliveryError.self) { try await hook.record(batch) }
    try await hook.record(batch)
    try await hook.record(batch)
    #expect(
      try server.requests.map { try JSONParser.parse($0.body)["event"] }
        == ["started", "completed", "completed"])
    #expect(
      server.requests[1].headers["idempotency-key"]
        == server.requests[2].headers["idempotency-key"])
  }

  @Test func `what is refused for good does not keep back what follows`() async throws {
    let server = try TestServer(.answer(422, [:], "no such lab"), .answer(503), .answer(200))
    let hook = try WebHookObserver(url: server.url())
    let batch = SampleRun.batch([SampleRun.started(), SampleRun.ended(.completed)])
    let first = await #expect(throws: DeliveryError.self) { try await hook.record(batch) }
    #expect(first?.isFinal == false)
    let second = await #expect(throws: DeliveryError.self) { try await hook.record(batch) }
    #expect(second?.isFinal == true)
    #expect(second?.message.contains("422: 'no such lab'") == true)
    try await hook.record(batch)
    #expect(server.requests.count == 3)
  }

  @Test func `runs that are told at the same time stay apart`() async throws {
    let server = try TestServer(.answer(200))
    let hook = try WebHookObserver(url: server.url())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in UInt64(1)...20 {
        group.addTask {
          for _ in 0..<2 { try await hook.record(SampleRun.end("completed", number: number)) }
        }
      }
      try await group.waitForAll()
    }
    #expect(server.requests.count == 20)
    #expect(Set(server.requests.map { $0.headers["idempotency-key"] }).count == 20)
  }

  @Test func `the user in a URL is sent as authorization`() async throws {
    let server = try TestServer(.answer(200))
    let url = "http://ann:p%40ss@127.0.0.1:\(server.port)/a%20b?c=d"
    try await WebHookObserver(url: url).record(SampleRun.end("completed"))
    #expect(server.requests[0].headers["authorization"] == "Basic YW5uOnBAc3M=")
    #expect(server.requests[0].path == "/a%20b?c=d")
  }

  @Test(arguments: [
    ["a b": "c"], ["": "c"], ["x:": "c"], ["X": "a\r\nY: b"], ["X": "a\u{0}"], ["ä": "c"],
  ])
  func `a header that could not be sent is refused`(headers: [String: String]) {
    let error = #expect(throws: NotificationError.self) {
      try WebHookObserver(url: "https://example.org", headers: headers)
    }
    #expect(error?.code == .badHeader)
  }
}
