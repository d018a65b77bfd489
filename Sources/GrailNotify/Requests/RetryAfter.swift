import GrailCore

/// The header by which a service says when to come again.
///
/// - SeeAlso: RFC 9110, sections 5.6.7 and 10.2.3.
enum RetryAfter {
  /// The longest time that is waited; a service that says more is asked again then.
  private static let maximum: Int64 = 86_400
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Reads the header.
  ///
  /// - Parameters:
  ///   - text: Seconds such as `120`, or a date such as `Fri, 31 Dec 1999 23:59:59 GMT`.
  ///   - now: The present moment.
  /// - Returns: How long to wait, between nothing and a day; `nil` if the text is neither.
  static func duration(_ text: String, now: Timestamp) -> Duration? {
    let text = text.trimmed
    if !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
      return .seconds(min(Int64(text) ?? maximum, maximum))
    }
    guard let time = date(text) else { return nil }
    let wait = time.since(now)
    return min(max(wait, .zero), .seconds(maximum))
  }

  /// A number of seconds as a service says it, between nothing and a day.
  static func duration(seconds: Int64) -> Duration { .seconds(min(max(seconds, 0), maximum)) }

  /// A date in one of the three forms that HTTP has had.
  private static func date(_ text: String) -> Timestamp? {
    let parts = text.lowercased().split { " ,-".contains($0) }.map(String.init)
    var (day, month, year, clock) = ("", "", "", "")
    if parts.count == 6, parts[5] == "gmt" || parts[5] == "utc" {
      // Sun, 06 Nov 1994 08:49:37 GMT, and Sunday, 06-Nov-94 08:49:37 GMT.
      (day, month, year, clock) = (parts[1], parts[2], parts[3], parts[4])
    } else if parts.count == 5 {
      // Sun Nov  6 08:49:37 1994.
      (month, day, clock, year) = (parts[1], parts[2], parts[3], parts[4])
    }
    let time = clock.split(separator: ":").map { $0.utf8.count == 2 ? Int64($0) : nil }
    guard let number = months.firstIndex(of: month), let day = Int(day), 1...31 ~= day,
      var fullYear = Int64(year), [2, 4].contains(year.utf8.count), time.count == 3,
      let hour = time[0], 0...23 ~= hour, let minute = time[1], 0...59 ~= minute,
      let second = time[2], 0...60 ~= second
    else { return nil }
    if year.utf8.count == 2 { fullYear += fullYear < 70 ? 2000 : 1900 }
    let days = Timestamp.daysSince1970(year: fullYear, month: number + 1, day: day)
    guard Timestamp.civilDate(daysSince1970: days) == (fullYear, number + 1, day) else {
      return nil
    }
    return Timestamp(
      microseconds: (days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000)
  }
}
