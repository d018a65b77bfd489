/// A moment in UTC, to the microsecond.
///
/// Records hold times as a count of microseconds, which a `Date` can only approximate.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
  public var microseconds: Int64

  /// Creates a moment.
  ///
  /// - Parameter microseconds: Microseconds since 1970-01-01T00:00:00 UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// Whether one moment comes before another.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  /// The time from another moment to this one; negative if the other is later.
  public func since(_ other: Timestamp) -> Duration {
    .microseconds(microseconds.subtractingReportingOverflow(other.microseconds).partialValue)
  }
}

// MARK: - Text

extension Timestamp: CustomStringConvertible {
  /// The moment as ISO 8601 text with a zone, such as `2026-03-01T09:30:00.250000Z`.
  public var description: String { isoText + "Z" }

  /// The moment as ISO 8601 text without a zone, microseconds left out when zero.
  ///
  /// This is Python's `datetime.isoformat()` of a naive UTC time, the form of Sacred's files.
  public var isoText: String {
    let (days, time) = microseconds.flooredQuotient(by: 86_400_000_000)
    let (year, month, day) = Self.civilDate(daysSince1970: days)
    let (seconds, fraction) = (time / 1_000_000, time % 1_000_000)
    var text = year < 0 ? "-" : ""
    text += Self.padded(year.magnitude, 4)
    text += "-" + Self.padded(UInt64(month), 2) + "-" + Self.padded(UInt64(day), 2)
    text += "T" + Self.padded(UInt64(seconds / 3600), 2)
    text += ":" + Self.padded(UInt64(seconds / 60 % 60), 2)
    text += ":" + Self.padded(UInt64(seconds % 60), 2)
    if fraction != 0 { text += "." + Self.padded(UInt64(fraction), 6) }
    return text
  }

  /// Creates a moment from ISO 8601 text.
  ///
  /// The date and time may be parted by `T` or a space; seconds and their fraction may be left
  /// out, and digits beyond microseconds are cut. Without a zone the time is UTC.
  ///
  /// - Parameter text: Text such as `2026-03-01T09:30:00.25` or `2026-03-01 09:30+02:00`.
  public init?(isoText text: String) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.skip("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.skip("-"),
      let day = scanner.number(digits: 2), (1...31).contains(day)
    else { return nil }
    let days = Self.daysSince1970(year: Int64(year), month: month, day: day)
    guard Self.civilDate(daysSince1970: days) == (Int64(year), month, day) else { return nil }
    var total = days * 86_400_000_000
    if !scanner.isAtEnd {
      guard scanner.skip("T") || scanner.skip(" "),
        let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"),
        let minute = scanner.number(digits: 2), minute < 60
      else { return nil }
      total += Int64(hour * 3600 + minute * 60) * 1_000_000
      if scanner.skip(":") {
        guard let second = scanner.number(digits: 2), second < 61 else { return nil }
        total += Int64(second) * 1_000_000
        if scanner.skip(".") {
          guard let fraction = scanner.fraction() else { return nil }
          total += fraction
        }
      }
      if let sign = scanner.skip("+") ? 1 : scanner.skip("-") ? -1 : nil {
        guard let hour = scanner.number(digits: 2), hour < 24 else { return nil }
        _ = scanner.skip(":")
        let minute = scanner.number(digits: 2) ?? 0
        total -= Int64(sign * (hour * 3600 + minute * 60)) * 1_000_000
      } else {
        _ = scanner.skip("Z")
      }
      guard scanner.isAtEnd else { return nil }
    }
    self.init(microseconds: total)
  }

  private static func padded(_ number: UInt64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

// MARK: - Calendar

extension Timestamp {
  /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
  ///
  /// - SeeAlso: Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”.
  package static func daysSince1970(year: Int64, month: Int, day: Int) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = year.flooredQuotient(by: 400)
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date in the proleptic Gregorian calendar, the inverse of ``daysSince1970(year:month:day:)``.
  package static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int, day: Int) {
    let (era, dayOfEra) = (days + 719_468).flooredQuotient(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * shifted + 2) / 5 + 1)
    let month = Int(shifted < 10 ? shifted + 3 : shifted - 9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

extension Int64 {
  /// The quotient rounded down and the remainder, which is never negative.
  fileprivate func flooredQuotient(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// Reads fixed groups of digits from text.
private struct DigitScanner {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = Substring(text).utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(digits: Int) -> Int? {
    let group = rest.prefix(digits)
    guard group.count == digits, group.allSatisfy({ (48...57).contains($0) }) else { return nil }
    rest.removeFirst(digits)
    return group.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Microseconds from the digits after a decimal point.
  mutating func fraction() -> Int64? {
    let group = rest.prefix(while: { (48...57).contains($0) })
    guard !group.isEmpty else { return nil }
    rest.removeFirst(group.count)
    let digits = Array(group.prefix(6)) + Array(repeating: 48, count: max(0, 6 - group.count))
    return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }
}
