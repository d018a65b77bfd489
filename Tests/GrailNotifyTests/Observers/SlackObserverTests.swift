import GrailCore
import GrailNotify
import GrailRecord
import Testing

@Suite(.timeLimit(.minutes(1))) struct SlackObserverTests {
  @Test(arguments: ["completed", "interrupted", "failed"])
  func `sends what Sacred sends`(event: String) async throws {
    let server = try TestServer(.answer(200))
    try await SlackObserver(webhookURL: server.url()).record(SampleRun.end(event))
    let expected = try Fixture.json("messages/messages.json")["slack"]?[event]
    let request = try #require(server.requests.first)
    #expect(try JSONParser.parse(request.body) == expected)
    #expect(request.method == "POST")
    #expect(request.path == "/hook")
    #expect(request.headers["content-type"] == "application/json")
  }

  @Test(arguments: [RunStatus.timedOut, .interrupted, RunStatus(rawValue: "DIVERGED")])
  func `an end of another kind is an interruption`(status: RunStatus) async throws {
    let server = try TestServer(.answer(200))
    let slack = try SlackObserver(webhookURL: server.url(), interruptedText: "{status} {_id:04d}")
    try await slack.record(SampleRun.batch([SampleRun.ended(status)]))
    #expect(try JSONParser.parse(Array(server.bodies[0].utf8))["text"] == .text("\(status) 0017"))
  }

  @Test func `a text that is nil sends nothing`() async throws {
    let server = try TestServer(.answer(200))
    let slack = try SlackObserver(
      webhookURL: server.url(), startedText: "on {host_info[hostname]}", completedText: nil)
    try await slack.record(
      SampleRun.batch([SampleRun.started(), .result(1), SampleRun.ended(.completed)]))
    try await slack.record(SampleRun.end("completed"))
    #expect(server.requests.count == 1)
    #expect(server.bodies[0].contains("on node7"))
  }

  @Test func `a value is neither a link nor a mention`() async throws {
    let server = try TestServer(.answer(200))
    let slack = try SlackObserver(webhookURL: server.url(), failedText: "<!here> {error}")
    try await slack.record(
      SampleRun.batch([SampleRun.ended(.failed, trace: ["Array<Int> & <!channel>\n"])]))
    #expect(server.bodies[0].contains("<!here> Array&lt;Int&gt; &amp; &lt;!channel&gt;"))
  }

  @Test func `a wrong text is found when the observer is made`() {
    let error = #expect(throws: NotificationError.self) {
      try SlackObserver(webhookURL: "https://hooks.slack.com/services/T/B/X", failedText: "{eror}")
    }
    #expect(
      error?.message
        == "failed_text: there is no field 'eror'; did you mean 'error'? The fields are"
        + " _id, experiment, command, status, config, host_info, start_time, stop_time,"
        + " elapsed_time, result, error, fail_trace, backtrace, interrupt_time, fail_time")
  }
}
