/// How a run's events are delivered, for all observers alike.
package struct DeliverySettings: Hashable, Sendable {
  /// The time between two looks for what is new.
  package var interval = Duration.seconds(1)
  /// How long one call of an observer may take; it is cancelled then.
  package var callLimit = Duration.seconds(30)
  /// How long a call that was cancelled may take to return; it is left behind then.
  package var grace = Duration.seconds(5)
  /// The time before the second try.
  package var firstDelay = Duration.milliseconds(500)
  /// The longest time between two tries, unless the observer asks for more.
  package var longestDelay = Duration.seconds(60)

  /// Creates the limits that runs have.
  package init() {}

  /// The time before the next try.
  ///
  /// It doubles with each failure and is drawn from its upper half, so that many runs that failed
  /// at once do not come again at once.
  ///
  /// - Parameters:
  ///   - failures: The number of tries that failed in a row, at least one.
  ///   - requested: How long the observer asks to be left alone.
  /// - Returns: The time.
  package func delay(afterFailures failures: Int, requested: Duration?) -> Duration {
    let share = Double.random(in: 0.5...1)
    if let requested, requested > .zero {
      // Never before the time that was asked for, and not much behind it.
      return min(requested, Self.mostRequested) * (0.9 + 0.2 * share)
    }
    let doublings = min(max(failures - 1, 0), 30)
    return min(firstDelay * (1 << doublings), longestDelay) * share
  }

  /// Longer than any run, and short enough to count.
  private static let mostRequested = Duration.seconds(100_000_000)
}
