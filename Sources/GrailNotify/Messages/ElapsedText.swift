/// How long something took, in words.
enum ElapsedText {
  private static let periods: [(name: String, seconds: Int64)] = [
    ("year", 365 * 86_400), ("month", 30 * 86_400), ("day", 86_400), ("hour", 3600),
    ("minute", 60), ("second", 1),
  ]

  /// Words a duration as Sacred does: `1 hour, 1 minute, 1 second`, `less than a second`.
  ///
  /// - Parameter duration: The duration; its fraction of a second does not count.
  /// - Returns: The text; a negative duration is less than a second.
  static func text(of duration: Duration) -> String {
    var rest = duration.components.seconds
    guard rest > 0 else { return "less than a second" }
    var parts: [String] = []
    for (name, seconds) in periods where rest >= seconds {
      let count = rest / seconds
      rest %= seconds
      parts.append("\(count) \(name)\(count == 1 ? "" : "s")")
    }
    return parts.joined(separator: ", ")
  }
}
