import CGrailRecord
import GrailCore
import GrailRecord

/// A metric of a run: a handle to log its values by, quicker than by name.
///
/// Safe from any thread and task. A value is recorded when the call returns, and survives the
/// process from then on. After the run's end values are counted as lost, and one line says so.
public final class Metric: Sendable {
  private let writer: MetricWriter
  private let clock: MetricClock

  init(writer: MetricWriter, clock: MetricClock) { (self.writer, self.clock) = (writer, clock) }

  /// The metric's name.
  public var name: String { writer.name }

  /// The unit of the values, if one was given.
  public var unit: String? { writer.unit }

  /// Logs a number.
  ///
  /// - Parameters:
  ///   - value: The number; NaN and infinities are values too.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public func log(_ value: Double, step: Int? = nil) {
    writer.append(value, step: step.map(Int64.init), time: now())
  }

  /// Logs a number of single precision, which takes half the space of a double one.
  ///
  /// - Parameters:
  ///   - value: The number; NaN and infinities are values too.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public func log(_ value: Float, step: Int? = nil) {
    writer.append(Double(value), step: step.map(Int64.init), time: now())
  }

  /// Logs a whole number.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public func log(_ value: Int, step: Int? = nil) {
    writer.append(Int64(value), step: step.map(Int64.init), time: now())
  }

  /// Logs a value of any type that can be encoded.
  ///
  /// One that cannot is recorded as the text of the error, so that its place in the series stays.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public func log(_ value: some Encodable, step: Int? = nil) {
    writer.append(Value(recording: value), step: step.map(Int64.init), time: now())
  }

  @inline(__always)
  private func now() -> Int64 {
    clock == .coarse ? grail_clock_coarse() : grail_clock_precise()
  }
}

extension Value {
  /// The value in the form of a record; one that cannot be encoded becomes the error's text.
  package init(recording value: some Encodable) {
    do {
      self = try ValueEncoder().encode(value)
    } catch {
      self = .text("cannot be recorded: \(error)")
    }
  }
}

/// The metrics of a run by name, with the last few looked at first.
struct MetricTable {
  private var metrics: [String: Metric] = [:]
  /// The names and metrics in the slots, apart, so that comparing a name copies nothing.
  private var recentNames = [String](repeating: "", count: slotCount)
  private var recentMetrics = [Metric?](repeating: nil, count: slotCount)

  private static let slotCount = 16

  /// The metric of a name, made at its first use.
  ///
  /// A name is looked for in one slot before it is hashed: comparing short names, and names of one
  /// origin, costs less.
  @inline(__always)
  mutating func metric(_ name: String, make: () -> Metric) -> Metric {
    let utf8 = name.utf8
    let slot = (utf8.count &* 7 &+ Int(utf8.last ?? 0)) & (Self.slotCount - 1)
    if recentNames[slot] == name, let metric = recentMetrics[slot] { return metric }
    return find(name, slot: slot, make: make)
  }

  @inline(never)
  private mutating func find(_ name: String, slot: Int, make: () -> Metric) -> Metric {
    let metric = metrics[name] ?? make()
    metrics[name] = metric
    recentNames[slot] = name
    recentMetrics[slot] = metric
    return metric
  }
}
