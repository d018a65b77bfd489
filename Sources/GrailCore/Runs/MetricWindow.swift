/// The part of a metric's points that a view shows.
public enum MetricWindow: Hashable, Sendable {
  /// All points, placed by their steps.
  case all
  /// The points whose steps are in a range, placed by their steps.
  case steps(ClosedRange<Int64>)
  /// The points whose times are in a range, placed by their times.
  case times(ClosedRange<Timestamp>)
}
