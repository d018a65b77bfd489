import Synchronization

/// A time after which something is given up, which may be moved forward while others look.
final class Deadline: Sendable {
  private let end: Atomic<Int64>
  private static let origin = ContinuousClock.now

  /// Begins a time.
  init(after limit: Duration) { end = Atomic(Self.moment(after: limit)) }

  /// Whether the time is over.
  var isOver: Bool { remaining <= .zero }

  /// How long it is until then.
  var remaining: Duration {
    .microseconds(end.load(ordering: .relaxed) - Self.moment(after: .zero))
  }

  /// Lets the time be over after a duration from now, unless that is later than it was.
  func shorten(to limit: Duration) { end.min(Self.moment(after: limit), ordering: .relaxed) }

  /// Microseconds by a clock that never goes back.
  private static func moment(after limit: Duration) -> Int64 {
    let limit = min(max(limit, .zero), .seconds(1_000_000_000))
    return (ContinuousClock.now - origin).microseconds + limit.microseconds
  }
}
