public import GrailCore
import GrailRecord
import OrderedCollections

/// Tells a Telegram chat when runs start and how they end, by a bot.
///
/// ```swift
/// let telegram = try TelegramObserver(token: token, chatID: "-1001234", silentCompletion: true)
/// ```
///
/// The texts are format strings; ``SlackObserver`` lists the fields. They are in Telegram's Markdown;
/// where a value breaks it, the message is sent as plain text. A message longer than Telegram takes
/// has its longest values cut.
///
/// The bot's token is a secret: it is in no record, log, error or description.
public struct TelegramObserver: RunObserver, SecretHolder {
  /// Sacred's text of a run that starts.
  public static let startedText: String =
    "♻ *{experiment[name]}* started at _{start_time}_ on host `{host_info[hostname]}`"
  /// Sacred's text of a run that returned.
  public static let completedText: String =
    "✅ *{experiment[name]}* completed after _{elapsed_time}_ with result=`{result}`"
  /// Sacred's text of a run that ended from outside, by its time limit or with a status of its own.
  public static let interruptedText: String =
    "⚠ *{experiment[name]}* interrupted after _{elapsed_time}_"
  /// Sacred's text of a run that ended by an error.
  public static let failedText: String =
    "❌ *{experiment[name]}* failed after _{elapsed_time}_ with `{error}`\n\n"
    + "Backtrace:\n```{backtrace}```"

  private static let usualTexts: [NotificationEvent: String?] = [
    .started: startedText, .completed: completedText, .interrupted: interruptedText,
    .failed: failedText,
  ]

  /// Telegram refuses longer texts.
  private static let limit = 4096

  private let address: WebAddress
  private let secrets: SecretWords
  private let route: WebRoute
  private let chatID: String
  private let silentCompletion: Bool
  private let texts: MessageTexts
  private let outbox = Outbox()

  /// Creates an observer.
  ///
  /// - Parameters:
  ///   - token: The bot's token, as Telegram's BotFather gave it.
  ///   - chatID: The chat: its number, or the name of a public channel such as `@results`.
  ///   - silentCompletion: Whether the message about a run that returned makes no sound; that about
  ///     a start never does.
  ///   - startedText: The text about a run that starts; `nil` sends none.
  ///   - completedText: The text about a run that returned; `nil` sends none.
  ///   - interruptedText: The text about a run that ended from outside, by its time limit or with a
  ///     status of its own; `nil` sends none.
  ///   - failedText: The text about a run that ended by an error; `nil` sends none.
  ///   - proxyURL: The proxy to go through, `http://HOST:PORT` or `socks5://HOST:PORT`; without one
  ///     that of the environment, `https_proxy` or `all_proxy`, if it names one.
  ///   - apiURL: Where the bots' interface is, if it is a server of one's own.
  ///   - timeLimit: How long one request may take in all.
  /// - Throws: ``NotificationError`` if the token, a URL or the proxy cannot be used, or if a text is
  ///   malformed or names a field that there is not.
  public init(
    token: String, chatID: String, silentCompletion: Bool = false,
    startedText: String? = TelegramObserver.startedText,
    completedText: String? = TelegramObserver.completedText,
    interruptedText: String? = TelegramObserver.interruptedText,
    failedText: String? = TelegramObserver.failedText,
    proxyURL: String? = nil, apiURL: String = "https://api.telegram.org",
    timeLimit: Duration = .seconds(30)
  ) throws(NotificationError) {
    var proxy: ProxyServer?
    if let proxyURL { proxy = try ProxyServer(proxyURL, called: "the proxy's URL") }
    try self.init(
      token: (token, "Telegram's token"), chatID: (chatID, "Telegram's chat"),
      silentCompletion: silentCompletion,
      texts: [
        .started: startedText, .completed: completedText, .interrupted: interruptedText,
        .failed: failedText,
      ],
      proxy: proxy, apiURL: apiURL, timeLimit: timeLimit)
  }

  private init(
    token: (text: String, name: String), chatID: (text: String, name: String),
    silentCompletion: Bool = false, texts: [NotificationEvent: String?] = usualTexts,
    proxy: ProxyServer? = nil, apiURL: String = "https://api.telegram.org",
    timeLimit: Duration = .seconds(30)
  ) throws(NotificationError) {
    let word = token.text.trimmed
    guard !word.isEmpty, word.utf8.allSatisfy(Self.isOfToken) else {
      throw NotificationError(
        .badAddress,
        "\(token.name) is \(word.isEmpty ? "empty" : "no token"); write it as BotFather gave it,"
          + " NUMBER:LETTERS")
    }
    let chat = chatID.text.trimmed
    guard !chat.isEmpty else {
      throw NotificationError(
        .missing, "\(chatID.name) is empty; write the chat's number, or a channel's @name")
    }
    var base = apiURL.trimmed
    while base.hasSuffix("/") { base.removeLast() }
    address = try WebAddress(base + "/bot\(word)/sendMessage", called: "Telegram's interface")
    secrets = SecretWords([word] + word.split(separator: ":").dropFirst().map(String.init))
    route = try WebRoute(to: address, proxy: proxy, timeLimit: timeLimit)
    self.texts = try MessageTexts(texts)
    (self.chatID, self.silentCompletion) = (chat, silentCompletion)
  }

  /// Whether a byte may be part of a token, and so stand in a URL as it is.
  private static func isOfToken(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
      || ":_-".utf8.contains(byte)
  }

  /// Creates an observer from a JSON file that only its owner may read.
  ///
  /// The entries are Sacred's: `token` and `chat_id`, and if need be `silent_completion`,
  /// `started_text`, `completed_text`, `interrupted_text`, `failed_text`, `proxy_url`, `username` and
  /// `password` of the proxy. A text that is `null` switches its message off.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: The observer.
  /// - Throws: ``NotificationError`` if the file cannot be read, if others can read it too, or if what
  ///   it says cannot be used.
  public static func fromConfig(_ path: String) throws(NotificationError) -> TelegramObserver {
    let file = try SettingsFile(
      path,
      names: [
        "token", "chat_id", "silent_completion", "started_text", "completed_text",
        "interrupted_text", "failed_text", "proxy_url", "username", "password", "priority",
      ])
    return try TelegramObserver(
      token: (try file.required("token"), "'\(path)': 'token'"),
      chatID: (try file.required("chat_id"), "'\(path)': 'chat_id'"),
      silentCompletion: try file.flag("silent_completion", default: false),
      texts: try file.messageTexts(default: usualTexts), proxy: try file.proxy())
  }

  /// Creates the observer that the environment asks for.
  ///
  /// `GRAIL_TELEGRAM_TOKEN` and `GRAIL_TELEGRAM_CHAT` hold the token and the chat, or
  /// `GRAIL_TELEGRAM_CONFIG` names a file for ``fromConfig(_:)``.
  ///
  /// - Returns: The observer; `nil` if neither the token nor the file is set.
  /// - Throws: ``NotificationError`` if what the variables say cannot be used.
  public static func fromEnvironment() throws(NotificationError) -> TelegramObserver? {
    try fromEnvironment(Environment.variables)
  }

  static func fromEnvironment(
    _ environment: [String: String]
  ) throws(NotificationError) -> TelegramObserver? {
    if let token = environment["GRAIL_TELEGRAM_TOKEN"], !token.isEmpty {
      return try TelegramObserver(
        token: (token, "GRAIL_TELEGRAM_TOKEN"),
        chatID: (environment["GRAIL_TELEGRAM_CHAT"] ?? "", "GRAIL_TELEGRAM_CHAT"))
    }
    guard let path = environment["GRAIL_TELEGRAM_CONFIG"], !path.isEmpty else { return nil }
    return try fromConfig(path)
  }

  /// Sends a message for each event of a batch that has a text.
  public func record(_ batch: RunEventBatch) async throws {
    try await outbox.deliver(batch, texts.events) { try await send($0) }
  }

  private func send(_ occasion: Occasion) async throws {
    let isSilent =
      occasion.event == .started || occasion.event == .completed && silentCompletion
    var body: Value.Entries = [
      "chat_id": Int64(chatID).map { .int($0) } ?? .text(chatID),
      "text": .text(texts.text(occasion, limit: Self.limit)),
      "disable_notification": .bool(isSilent), "parse_mode": "Markdown",
    ]
    while true {
      let request = WebRequest(
        service: "Telegram", address: address,
        body: JSONWriter.bytes(.map(body), style: .strict), route: route, secrets: secrets)
      let reply = try await WebClient.reply(to: request)
      if reply.isSuccess { return }
      let answer = (try? JSONParser.parse(reply.body)) ?? .null
      let reason = answer["description"]?.textValue ?? reply.reason
      // A star or a backtick in a value: a plain message beats none.
      if reply.status == 400, reason?.contains("can't parse entities") == true,
        body.removeValue(forKey: "parse_mode") != nil
      {
        continue
      }
      let wait = answer["parameters"]?["retry_after"]?.intValue.map {
        RetryAfter.duration(seconds: $0)
      }
      throw reply.error(of: request, reason: reason, retryAfter: wait)
    }
  }

  /// The host that is told, without the token.
  public var description: String { "TelegramObserver(\(address))" }
}
