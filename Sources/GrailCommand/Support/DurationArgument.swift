import ArgumentParser
import GrailCore

/// A duration as it is typed: `10s`, `1m30s`, or `10` for seconds.
struct DurationArgument: ExpressibleByArgument, CustomStringConvertible {
  var duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    guard case .value(let duration) = DurationText.read(argument), duration >= .zero else {
      return nil
    }
    self.init(duration)
  }

  var description: String { DurationText.text(of: duration) }
  var defaultValueDescription: String { description }
}
