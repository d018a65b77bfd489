import GrailCore

/// How a field's moment is laid out: what stands after the colon in `{start_time:%H:%M}`.
///
/// The directives are those of Python's `strftime` that name parts of a date and time in UTC, in
/// English.
struct TimeFormat: Hashable, Sendable {
  private let text: String

  private static let directives = "aAbBdfHIjmMpSyYZ%"

  /// Reads a layout.
  ///
  /// - Parameter text: What stands after the colon.
  /// - Throws: What is wrong, as a part of a sentence.
  init(parsing text: Substring) throws(TextFormat.Problem) {
    var rest = text
    while let mark = rest.firstIndex(of: "%") {
      rest = rest[rest.index(after: mark)...]
      guard let directive = rest.popFirst() else { throw .init("a letter follows '%'") }
      guard Self.directives.contains(directive) else { throw .init("there is no '%\(directive)'") }
    }
    self.text = String(text)
  }

  /// Lays out a moment.
  func text(of time: Timestamp) -> String {
    var output = ""
    var rest = text[...]
    let parts = TimeParts(time)
    while let character = rest.popFirst() {
      if character == "%", let directive = rest.popFirst() {
        output += parts.text(directive)
      } else {
        output.append(character)
      }
    }
    return output
  }
}

/// A moment's place in the calendar and on the clock, in UTC.
private struct TimeParts {
  private var (year, month, day): (Int64, Int, Int)
  private var (hour, minute, second, microsecond): (Int64, Int64, Int64, Int64)
  private var (weekday, dayOfYear): (Int, Int64)

  private static let days = [
    "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday",
  ]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  init(_ time: Timestamp) {
    let length: Int64 = 86_400_000_000
    let rest = (time.microseconds % length + length) % length
    let days = (time.microseconds / length) - (time.microseconds % length < 0 ? 1 : 0)
    (year, month, day) = Timestamp.civilDate(daysSince1970: days)
    (hour, minute) = (rest / 3_600_000_000, rest / 60_000_000 % 60)
    (second, microsecond) = (rest / 1_000_000 % 60, rest % 1_000_000)
    weekday = Int((days % 7 + 7) % 7)
    dayOfYear = days - Timestamp.daysSince1970(year: year, month: 1, day: 1) + 1
  }

  func text(_ directive: Character) -> String {
    switch directive {
    case "a": String(Self.days[weekday].prefix(3))
    case "A": Self.days[weekday]
    case "b": String(Self.months[month - 1].prefix(3))
    case "B": Self.months[month - 1]
    case "d": padded(Int64(day), 2)
    case "f": padded(microsecond, 6)
    case "H": padded(hour, 2)
    case "I": padded((hour + 11) % 12 + 1, 2)
    case "j": padded(dayOfYear, 3)
    case "m": padded(Int64(month), 2)
    case "M": padded(minute, 2)
    case "p": hour < 12 ? "AM" : "PM"
    case "S": padded(second, 2)
    case "y": padded(Int64(year.magnitude % 100), 2)
    case "Y": padded(year, 4)
    case "Z": "UTC"
    default: String(directive)
    }
  }

  private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
