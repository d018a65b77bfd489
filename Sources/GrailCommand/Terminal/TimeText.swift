package import GrailCore

/// Durations, ages and moments as people read them.
package enum TimeText {
  /// A duration, to two units or two digits: `1h 03m`, `2m 05s`, `42 s`, `0.42 s`, `42 ms`.
  package static func text(of duration: Duration) -> String {
    let sign = duration < .zero ? "-" : ""
    let parts = duration.components
    let seconds = Double(parts.seconds.magnitude) + Double(parts.attoseconds.magnitude) * 1e-18
    return sign + text(ofSeconds: seconds)
  }

  private static func text(ofSeconds seconds: Double) -> String {
    if seconds < 59.5 {
      return switch seconds {
      case 0: "0 s"
      case ..<0.000_999_5: "\(amount(seconds * 1e6)) µs"
      case ..<0.0995: "\(amount(seconds * 1e3)) ms"
      case ..<9.95: "\(amount(seconds)) s"
      default: "\(Int(seconds.rounded())) s"
      }
    }
    let whole = UInt64(min(seconds.rounded(), 9.2e18))
    func pair(_ units: (String, UInt64), _ parts: (String, UInt64)) -> String {
      let (count, rest) = whole.quotientAndRemainder(dividingBy: units.1)
      let part = rest / parts.1
      return "\(count)\(units.0) \(part < 10 ? "0" : "")\(part)\(parts.0)"
    }
    return switch whole {
    case ..<3600: pair(("m", 60), ("s", 1))
    case ..<86_400: pair(("h", 3600), ("m", 60))
    default: pair(("d", 86_400), ("h", 3600))
    }
  }

  /// An amount below a thousand with two significant digits.
  private static func amount(_ number: Double) -> String {
    guard var digits = DecimalDigits(number) else { return "0" }
    digits.round(to: max(2, digits.exponent))
    return digits.fixed()
  }

  /// How long ago a moment is: `12 s ago`, `3 min ago`, `2 d ago`, `in 5 min`.
  ///
  /// - Parameters:
  ///   - time: The moment.
  ///   - now: The present.
  /// - Returns: The text; `just now` for the last two seconds.
  package static func age(of time: Timestamp, at now: Timestamp) -> String {
    let (difference, overflows) =
      now.microseconds.subtractingReportingOverflow(time.microseconds)
    let micros = overflows ? (now > time ? Int64.max : -Int64.max) : difference
    let seconds = micros.magnitude / 1_000_000
    let text =
      switch seconds {
      case ..<2: ""
      case ..<60: "\(seconds) s"
      case ..<3600: "\(seconds / 60) min"
      case ..<86_400: "\(seconds / 3600) h"
      case ..<(60 * 86_400): "\(seconds / 86_400) d"
      case ..<(730 * 86_400): "\(seconds / (30 * 86_400)) months"
      default: "\(NumberText.text(ofCount: Int(seconds / (365 * 86_400)))) years"
      }
    if text.isEmpty { return "just now" }
    return micros < 0 ? "in \(text)" : "\(text) ago"
  }

  /// A moment to the minute: `2026-03-01 09:30`.
  ///
  /// It is UTC, as every time in records and queries is: typed into a query it finds that minute.
  package static func moment(_ time: Timestamp) -> String { cut(time, seconds: false) }

  /// A moment to the second: `2026-03-01 09:30:05`, UTC.
  package static func momentWithSeconds(_ time: Timestamp) -> String { cut(time, seconds: true) }

  private static func cut(_ time: Timestamp, seconds: Bool) -> String {
    let parts = time.isoText.split(separator: "T")
    guard parts.count == 2 else { return time.isoText }
    return "\(parts[0]) \(parts[1].prefix(seconds ? 8 : 5))"
  }
}
