public import GrailCore
import GrailRecord
import OrderedCollections

/// Tells a Slack channel how runs end, through an incoming web hook.
///
/// ```swift
/// let slack = try SlackObserver(
///   webhookURL: url, completedText: "*{experiment[name]}* with rate {config[rate]}: {result:.3f}")
/// ```
///
/// The texts are format strings, as Sacred's: `{result}` is a field, `{config[data][path]}` an entry
/// of an entry, `{{` a brace. The fields are `_id`, `experiment` (`name`, `base_dir`, `mainfile`,
/// `sources`, `dependencies`, `repositories`), `command`, `status`, `config`, `host_info`,
/// `start_time`, and at the end `stop_time`, `elapsed_time`, `result`, `error` (the last line of what
/// ended the run), `fail_trace` and `backtrace`; `interrupt_time` and `fail_time` are the same as
/// `stop_time`. Values are shown as Python shows them, and laid out as there: `{result:.3f}`,
/// `{start_time:%H:%M}`, `{config[path]!r}`. What is wrong with a text is found when the observer is
/// made.
///
/// The URL of the hook is a secret: it is in no record, log, error or description.
public struct SlackObserver: RunObserver, SecretHolder {
  /// Sacred's text of a run that returned.
  public static let completedText: String =
    ":white_check_mark: *{experiment[name]}* completed after _{elapsed_time}_"
    + " with result=`{result}`"
  /// Sacred's text of a run that ended from outside, by its time limit or with a status of its own.
  public static let interruptedText: String =
    ":warning: *{experiment[name]}* interrupted after _{elapsed_time}_"
  /// Sacred's text of a run that ended by an error.
  public static let failedText: String =
    ":x: *{experiment[name]}* failed after _{elapsed_time}_ with `{error}`"

  private static let usualTexts: [NotificationEvent: String?] = [
    .completed: completedText, .interrupted: interruptedText, .failed: failedText,
  ]
  private static let (usualBotName, usualIcon) = ("sacred-bot", ":angel:")

  /// Slack cuts longer texts.
  private static let limit = 40_000

  private let address: WebAddress
  private let route: WebRoute
  private let (botName, icon): (String, String)
  private let texts: MessageTexts
  private let outbox = Outbox()

  /// Creates an observer.
  ///
  /// - Parameters:
  ///   - webhookURL: The URL that Slack made for the channel.
  ///   - botName: Who the messages are from.
  ///   - icon: The emoji beside the messages.
  ///   - startedText: The text about a run that starts; `nil` sends none.
  ///   - completedText: The text about a run that returned; `nil` sends none.
  ///   - interruptedText: The text about a run that ended from outside, by its time limit or with a
  ///     status of its own; `nil` sends none.
  ///   - failedText: The text about a run that ended by an error; `nil` sends none.
  ///   - proxyURL: The proxy to go through, `http://HOST:PORT` or `socks5://HOST:PORT`; without one
  ///     that of the environment, `https_proxy` or `all_proxy`, if it names one.
  ///   - timeLimit: How long one request may take in all.
  /// - Throws: ``NotificationError`` if the URL or the proxy cannot be used, or if a text is malformed
  ///   or names a field that there is not.
  public init(
    webhookURL: String, botName: String = "sacred-bot", icon: String = ":angel:",
    startedText: String? = nil, completedText: String? = SlackObserver.completedText,
    interruptedText: String? = SlackObserver.interruptedText,
    failedText: String? = SlackObserver.failedText,
    proxyURL: String? = nil, timeLimit: Duration = .seconds(30)
  ) throws(NotificationError) {
    var proxy: ProxyServer?
    if let proxyURL { proxy = try ProxyServer(proxyURL, called: "the proxy's URL") }
    try self.init(
      webhookURL: webhookURL, called: "Slack's web hook", botName: botName, icon: icon,
      texts: [
        .started: startedText, .completed: completedText, .interrupted: interruptedText,
        .failed: failedText,
      ],
      proxy: proxy, timeLimit: timeLimit)
  }

  private init(
    webhookURL: String, called name: String, botName: String = usualBotName,
    icon: String = usualIcon, texts: [NotificationEvent: String?] = usualTexts,
    proxy: ProxyServer? = nil, timeLimit: Duration = .seconds(30)
  ) throws(NotificationError) {
    address = try WebAddress(webhookURL, called: name)
    route = try WebRoute(to: address, proxy: proxy, timeLimit: timeLimit)
    self.texts = try MessageTexts(texts)
    (self.botName, self.icon) = (botName, icon)
  }

  /// Creates an observer from a JSON file that only its owner may read.
  ///
  /// The entries are Sacred's: `webhook_url`, and if need be `bot_name`, `icon`, `started_text`,
  /// `completed_text`, `interrupted_text`, `failed_text`, `proxy_url`, `username` and `password` of
  /// the proxy. A text that is `null` switches its message off.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: The observer.
  /// - Throws: ``NotificationError`` if the file cannot be read, if others can read it too, or if what
  ///   it says cannot be used.
  public static func fromConfig(_ path: String) throws(NotificationError) -> SlackObserver {
    let file = try SettingsFile(
      path,
      names: [
        "webhook_url", "bot_name", "icon", "started_text", "completed_text", "interrupted_text",
        "failed_text", "proxy_url", "username", "password", "priority",
      ])
    return try SlackObserver(
      webhookURL: try file.required("webhook_url"), called: "'\(path)': 'webhook_url'",
      botName: try file.text("bot_name", default: nil) ?? usualBotName,
      icon: try file.text("icon", default: nil) ?? usualIcon,
      texts: try file.messageTexts(default: usualTexts), proxy: try file.proxy())
  }

  /// Creates the observer that the environment asks for.
  ///
  /// `GRAIL_SLACK_WEBHOOK` holds the URL, or `GRAIL_SLACK_CONFIG` names a file for
  /// ``fromConfig(_:)``.
  ///
  /// - Returns: The observer; `nil` if neither variable is set.
  /// - Throws: ``NotificationError`` if what the variable says cannot be used.
  public static func fromEnvironment() throws(NotificationError) -> SlackObserver? {
    try fromEnvironment(Environment.variables)
  }

  static func fromEnvironment(
    _ environment: [String: String]
  ) throws(NotificationError) -> SlackObserver? {
    if let url = environment["GRAIL_SLACK_WEBHOOK"], !url.isEmpty {
      return try SlackObserver(webhookURL: url, called: "GRAIL_SLACK_WEBHOOK")
    }
    guard let path = environment["GRAIL_SLACK_CONFIG"], !path.isEmpty else { return nil }
    return try fromConfig(path)
  }

  /// Sends a message for each event of a batch that has a text.
  public func record(_ batch: RunEventBatch) async throws {
    try await outbox.deliver(batch, texts.events) { occasion in
      let text = texts.text(occasion, limit: Self.limit, escape: Self.plain)
      let body: Value = [
        "username": .text(botName), "icon_emoji": .text(icon), "text": .text(text),
      ]
      let request = WebRequest(
        service: "Slack", address: address, body: JSONWriter.bytes(body, style: .strict),
        route: route)
      let reply = try await WebClient.reply(to: request)
      if !reply.isSuccess { throw reply.error(of: request, reason: reply.reason) }
    }
  }

  /// A value as Slack shows it without taking a part for a link or a mention.
  private static func plain(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": plain += "&amp;"
      case "<": plain += "&lt;"
      case ">": plain += "&gt;"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return plain
  }

  /// The host that is told, without the secret part of its address.
  public var description: String { "SlackObserver(\(address))" }
}
