import Foundation
import GrailCore
import GrailRecord
import Testing

@testable import GrailNotify

@Suite(.timeLimit(.minutes(1))) struct SettingsTests {
  private let folder = TemporaryFolder()

  @Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o601, 0o620])
  func `a file that others can read or change is refused`(mode: Int) throws {
    let path = try folder.file("slack.json", #"{"webhook_url": "https://h/SECRET"}"#, mode: mode)
    let error = #expect(throws: NotificationError.self) { try SlackObserver.fromConfig(path) }
    #expect(
      error?.message == "'\(path)' holds secrets, and others may read or change it"
        + " (mode \(String(mode, radix: 8))); type: chmod 600 \(path)")
    #expect(error?.code == .openToOthers)
  }

  @Test(arguments: [0o600, 0o400, 0o700])
  func `a file of its owner alone is read`(mode: Int) async throws {
    let server = try TestServer(.answer(200))
    let path = try folder.file(
      "slack.json",
      #"{"webhook_url": "\#(server.url())", "bot_name": "lab", "icon": ":tada:", "priority": 10,"#
        + #""completed_text": "{config[rate]:.1e}", "failed_text": null}"#, mode: mode)
    let slack = try SlackObserver.fromConfig(path)
    for event in ["completed", "failed", "interrupted"] {
      try await slack.record(SampleRun.end(event, number: UInt64(event.count)))
    }
    #expect(
      server.bodies == [
        #"{"username":"lab","icon_emoji":":tada:","text":"1.0e-03"}"#,
        #"{"username":"lab","icon_emoji":":tada:","text":"#
          + #"":warning: *digits* interrupted after _1 hour, 1 minute, 1 second_"}"#,
      ])
  }

  @Test(arguments: [
    (#"{"webhook_url": "https://h/SECRET""#, "is no JSON: line 1, column 35"),
    (#"["SECRET"]"#, "is no JSON map"),
    (
      #"{"webhok_url": "https://h/SECRET"}"#,
      "has an entry that is not known; did you mean 'webhook_url'?"
    ),
    (#"{"https://h/SECRET": 1}"#, "has an entry that is not known. The entries are webhook_url,"),
    (#"{"bot_name": "SECRET"}"#, "has no 'webhook_url'"),
    (#"{"webhook_url": null}"#, "has no 'webhook_url'"),
    (#"{"webhook_url": ["SECRET"]}"#, ": 'webhook_url' is not a text"),
    (#"{"webhook_url": "SECRET"}"#, ": 'webhook_url' is no URL"),
    (
      #"{"webhook_url": "https://h/SECRET", "proxy_url": "x://SECRET"}"#,
      ": 'proxy_url' has the scheme"
    ),
    (
      #"{"webhook_url": "https://h/SECRET", "proxy_url": "socks5://h", "username": "SECRET"}"#,
      ": 'proxy_url' names a SOCKS proxy with a user"
    ),
    ("", "is no JSON"),
  ])
  func `says what is wrong with a file, and no secret`(text: String, problem: String) throws {
    let path = try folder.file("slack.json", text)
    let error = #expect(throws: NotificationError.self) { try SlackObserver.fromConfig(path) }
    let message = try #require(error?.message)
    #expect(message.contains(problem), "\(message)")
    #expect(!message.contains("SECRET") && !message.contains("\n"))
  }

  @Test func `a wrong text in a file is found`() throws {
    let path = try folder.file(
      "slack.json", #"{"webhook_url": "https://h/SECRET", "failed_text": "{eror}"}"#)
    let error = #expect(throws: NotificationError.self) { try SlackObserver.fromConfig(path) }
    #expect(error?.message.hasPrefix("failed_text: there is no field 'eror'") == true)
  }

  @Test func `what is no file is refused`() throws {
    for path in [folder.url.path, folder.url.path + "/none", "/dev/null", "", "a\0b"] {
      let error = #expect(throws: NotificationError.self) { try SlackObserver.fromConfig(path) }
      #expect(error?.code == .unreadableFile)
    }
  }

  @Test func `a file sets up Telegram`() async throws {
    let path = try folder.file(
      "telegram.json",
      #"{"token": "1:SECRET", "chat_id": -1001234, "silent_completion": true,"#
        + #""proxy_url": "http://proxy:3128", "username": "ann", "password": "SECRET","#
        + #""started_text": null}"#)
    _ = try TelegramObserver.fromConfig(path)
    let bad = try folder.file(
      "bad.json", #"{"token": "1:SECRET", "chat_id": 1, "silent_completion": 1}"#)
    let error = #expect(throws: NotificationError.self) { try TelegramObserver.fromConfig(bad) }
    #expect(error?.message == "'\(bad)': 'silent_completion' is not true or false")
  }

  @Test func `a file sets up a web hook`() async throws {
    let server = try TestServer(.answer(200))
    let path = try folder.file(
      "hook.json", #"{"url": "\#(server.url())", "headers": {"X-Lab": "north"}}"#)
    try await WebHookObserver.fromConfig(path).record(SampleRun.end("completed"))
    #expect(server.requests.first?.headers["x-lab"] == "north")
    let bad = try folder.file("bad.json", #"{"url": "https://h/x", "headers": ["SECRET"]}"#)
    let error = #expect(throws: NotificationError.self) { try WebHookObserver.fromConfig(bad) }
    #expect(error?.message == "'\(bad)': 'headers' is not a map of texts")
  }

  @Test func `the environment sets up what it names`() async throws {
    #expect(try SlackObserver.fromEnvironment([:]) == nil)
    #expect(try TelegramObserver.fromEnvironment(["GRAIL_TELEGRAM_CHAT": "1"]) == nil)
    #expect(try WebHookObserver.fromEnvironment(["GRAIL_WEBHOOK_URL": ""]) == nil)
    let server = try TestServer(.answer(200))
    let file = try folder.file("slack.json", #"{"webhook_url": "\#(server.url("/file"))"}"#)
    let batch = SampleRun.end("completed")
    try await SlackObserver.fromEnvironment(["GRAIL_SLACK_WEBHOOK": server.url("/a")])?.record(
      batch)
    try await SlackObserver.fromEnvironment(["GRAIL_SLACK_CONFIG": file])?.record(batch)
    try await WebHookObserver.fromEnvironment([
      "GRAIL_WEBHOOK_URL": server.url("/b"), "GRAIL_WEBHOOK_AUTHORIZATION": "Bearer x",
    ])?.record(batch)
    #expect(server.requests.map(\.path) == ["/a", "/file", "/b"])
    #expect(server.requests[2].headers["authorization"] == "Bearer x")
    let error = #expect(throws: NotificationError.self) {
      try TelegramObserver.fromEnvironment(["GRAIL_TELEGRAM_TOKEN": "1:SECRET"])
    }
    #expect(
      error?.message
        == "GRAIL_TELEGRAM_CHAT is empty; write the chat's number, or a channel's @name")
  }

  @Test func `observers show their host alone`() throws {
    let observers: [any RunObserver] = [
      try SlackObserver(webhookURL: "https://u:SECRET@hooks.example/SECRET1"),
      try TelegramObserver(token: "1:SECRET", chatID: "2", apiURL: "https://hooks.example"),
      try WebHookObserver(
        url: "https://hooks.example/SECRET1", headers: ["Authorization": "SECRET"],
        proxyURL: "http://ann:SECRET@proxy:1"),
    ]
    for observer in observers {
      var dumped = ""
      dump(observer, to: &dumped)
      for text in ["\(observer)", String(reflecting: observer), dumped] {
        #expect(!text.contains("SECRET") && text.contains("https://hooks.example"), "\(text)")
      }
      #expect(Mirror(reflecting: observer).children.isEmpty)
    }
  }
}
