import GrailCore
import OrderedCollections

/// The texts of a messenger; one that is not there is not sent.
struct MessageTexts: Sendable {
  private var templates: [NotificationEvent: MessageTemplate] = [:]

  /// Reads texts.
  ///
  /// - Parameter texts: The texts by what they tell; `nil` switches one off.
  /// - Throws: ``NotificationError`` if one is malformed or names a field that there is not.
  init(_ texts: [NotificationEvent: String?]) throws(NotificationError) {
    // In the order of the cases, so that of several mistakes the same one is told each time.
    for event in NotificationEvent.allCases {
      guard let text = texts[event] ?? nil else { continue }
      let isStart = event == .started || event == .queued
      templates[event] = try MessageTemplate(
        parsing: text, called: "\(event.rawValue)_text",
        fields: isStart ? MessageField.ofStart : MessageField.ofEnd)
    }
  }

  /// What there is a text for.
  var events: Set<NotificationEvent> { Set(templates.keys) }

  /// The text that tells what happened.
  ///
  /// - Parameters:
  ///   - occasion: What happened.
  ///   - limit: The most UTF-16 units.
  ///   - escape: Makes a value's characters plain in the language of the message.
  /// - Returns: The text.
  func text(
    _ occasion: Occasion, limit: Int, escape: (String) -> String = { $0 }
  ) -> String {
    templates[occasion.event]?.text(occasion.messageValues, limit: limit, escape: escape) ?? ""
  }
}
