package import GrailCore
import Synchronization

/// Appends the points of one metric to a journal.
///
/// Safe from any thread. A point is in the journal when the call returns and outlives the
/// process from then on. In the steady state a call takes one lock, the metric's own, and makes no
/// system call.
package final class MetricWriter: Sendable {
  /// The metric's name.
  package let name: String
  /// The unit of the values.
  package let unit: String?
  private let journal: JournalWriter
  private let timeUnit: TimeUnit
  private let state: Mutex<State>

  init(name: String, unit: String?, kind: MetricKind, journal: JournalWriter) {
    (self.name, self.unit, self.journal) = (name, unit, journal)
    timeUnit = journal.timeUnit
    state = Mutex(State(kind: kind))
  }

  /// Appends a floating-point number.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - step: The step; without one, the step before plus one, first 0.
  ///   - time: The moment of measurement, in microseconds since 1970.
  package func append(_ value: Double, step: Int64?, time: Int64) {
    let isRecorded = state.withLock { state in
      let step = state.advance(to: step)
      if state.kind == .double {
        return state.append(value, step: step, time: time, for: self)
      }
      return append(.double(value), step: step, time: time, to: &state)
    }
    if !isRecorded { journal.countLostPoint() }
  }

  /// Appends a whole number.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - step: The step; without one, the step before plus one, first 0.
  ///   - time: The moment of measurement, in microseconds since 1970.
  package func append(_ value: Int64, step: Int64?, time: Int64) {
    let isRecorded = state.withLock { state in
      let step = state.advance(to: step)
      if state.kind == .int {
        return state.append(value, step: step, time: time, for: self)
      }
      return append(.int(value), step: step, time: time, to: &state)
    }
    if !isRecorded { journal.countLostPoint() }
  }

  /// Appends a value of any type.
  ///
  /// The first value decides the metric's kind. A number that it cannot hold exactly, or another
  /// value, widens the kind for all points from here on.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - step: The step; without one, the step before plus one, first 0.
  ///   - time: The moment of measurement, in microseconds since 1970.
  package func append(_ value: Value, step: Int64?, time: Int64) {
    let isRecorded = state.withLock { state in
      let step = state.advance(to: step)
      return append(value, step: step, time: time, to: &state)
    }
    if !isRecorded { journal.countLostPoint() }
  }

  private func append(_ value: Value, step: Int64, time: Int64, to state: inout State) -> Bool {
    switch (state.kind, value) {
    case (.double, .double(let number)):
      return state.append(number, step: step, time: time, for: self)
    case (.int, .int(let number)):
      return state.append(number, step: step, time: time, for: self)
    case (.double, .int) where state.isUnused:
      state.widen(to: .int)
    case (.double, .int(let number)) where Int64(exactly: Double(number)) == number:
      return state.append(Double(number), step: step, time: time, for: self)
    case (.value, _):
      return state.append(value, step: step, time: time, for: self)
    case (.int, .double):
      state.widen(to: .double)
    default:
      state.widen(to: .value)
    }
    return append(value, step: step, time: time, to: &state)
  }

  /// Notes what is recorded so far as what a loss of power must leave.
  func checkpoint() {
    state.withLock { $0.block?.checkpoint() }
  }

  /// Sums up the open block; later points go to a new one.
  func seal() {
    state.withLock { $0.seal() }
  }
}

extension MetricWriter {
  /// One stream of blocks; a metric has one for each kind that its values have had.
  private struct State {
    var kind: MetricKind
    var block: OpenBlock?
    private var nextStep: Int64 = 0
    /// The stream's number, once the journal knows the metric.
    private var stream: UInt32?
    private var ordinal: UInt32 = 0
    private var nextSize = firstSize
    private var point = PointState(step: 0, time: 0)
    /// The form of the value before, because values that are equal may differ in their bits.
    private var lastValue: [UInt8] = []
    private var baseStep: Int64 = 0
    /// The steps that the header of the open block can say as differences from its base.
    private var firstStep: Int64 = 0
    private var lastStep: Int64 = 0
    private var headerChecksum: UInt32 = 0
    private var count: UInt32 = 0
    private var steps: (min: Int64, max: Int64) = (0, 0)
    private var times: (min: Int64, max: Int64) = (0, 0)
    private var numbers = BlockNumbers()

    static let firstSize = 256
    static let lastSize = 4096
    /// Writing a number may touch this many bytes.
    static let numberRoom = PointCoding.longestNumber + 16

    init(kind: MetricKind) { self.kind = kind }

    /// Whether the journal has no stream of this kind yet, so that the kind may be any.
    var isUnused: Bool { stream == nil }

    @inline(__always)
    mutating func advance(to step: Int64?) -> Int64 {
      let step = step ?? nextStep
      nextStep = step &+ 1
      return step
    }

    @inline(__always)
    mutating func append(
      _ value: Double, step: Int64, time: Int64, for metric: MetricWriter
    ) -> Bool {
      let time = metric.timeUnit.count(microseconds: time)
      guard makeRoom(Self.numberRoom, step: step, time: time, for: metric), let end = block?.end
      else { return false }
      let length = point.write(value, step: step, time: time, to: end)
      guard commit(length, step: step, time: time) else { return false }
      numbers.add(value)
      return true
    }

    @inline(__always)
    mutating func append(
      _ value: Int64, step: Int64, time: Int64, for metric: MetricWriter
    ) -> Bool {
      let time = metric.timeUnit.count(microseconds: time)
      guard makeRoom(Self.numberRoom, step: step, time: time, for: metric), let end = block?.end
      else { return false }
      let length = point.write(value, step: step, time: time, to: end)
      guard commit(length, step: step, time: time) else { return false }
      numbers.add(Double(value))
      return true
    }

    mutating func append(
      _ value: Value, step: Int64, time: Int64, for metric: MetricWriter
    ) -> Bool {
      let time = metric.timeUnit.count(microseconds: time)
      var content = ByteWriter()
      let bytes = ValueCoding.encode(value)
      content.append(varint: UInt64(bytes.count))
      content.bytes.append(contentsOf: bytes)
      let room = PointCoding.longestNumber + content.bytes.count
      guard makeRoom(room, step: step, time: time, for: metric), let end = block?.end else {
        return false
      }
      let isSame = count > 0 && bytes == lastValue
      var (length, flags) = point.writePlace(step: step, time: time, to: end)
      if !isSame {
        (end + length).copyMemory(from: content.bytes, byteCount: content.bytes.count)
        length += content.bytes.count
        flags |= PointCoding.Code.written
      }
      end.storeBytes(of: flags, as: UInt8.self)
      guard commit(length, step: step, time: time) else { return false }
      lastValue = bytes
      if let number = value.doubleValue { numbers.add(number) }
      return true
    }

    /// Sees to it that the open block can take a point.
    @inline(__always)
    private mutating func makeRoom(
      _ room: Int, step: Int64, time: Int64, for metric: MetricWriter
    ) -> Bool {
      if let left = block?.room, left >= room, step >= firstStep, step <= lastStep { return true }
      return openBlock(room: room, step: step, time: time, for: metric)
    }

    @inline(never)
    private mutating func openBlock(
      room: Int, step: Int64, time: Int64, for metric: MetricWriter
    ) -> Bool {
      seal()
      guard let stream = stream ?? metric.journal.define(metric, kind: kind) else { return false }
      self.stream = stream
      let needed = JournalFormat.blockSize(
        headerLength: JournalFormat.Block.pointsLength, content: room)
      let header = BlockHeader(
        kind: .points, size: max(nextSize, needed), unit: metric.timeUnit,
        metricKind: kind, stream: stream, ordinal: ordinal, baseStep: step, baseTime: time)
      guard let opened = metric.journal.open(header, urgency: .point) else { return false }
      block = opened
      headerChecksum = opened.checksum
      ordinal += 1
      nextSize = min(nextSize * 2, Self.lastSize)
      point = PointState(step: step, time: time)
      baseStep = step
      (firstStep, lastStep) = step.neighborhood(reach: Int64(Int32.max))
      count = 0
      steps = (step, step)
      times = (time, time)
      numbers = BlockNumbers()
      return true
    }

    @inline(__always)
    private mutating func commit(
      _ length: Int, step: Int64, time: Int64
    ) -> Bool {
      guard block?.commit(length) == true else {
        // What the file holds of the block is unsure, so nothing more goes there.
        block = nil
        return false
      }
      count &+= 1
      steps = (min(steps.min, step), max(steps.max, step))
      times = (min(times.min, time), max(times.max, time))
      return true
    }

    mutating func seal() {
      guard let block, count > 0 else { return }
      var summary = BlockSummary()
      summary.count = count
      (summary.minStep, summary.maxStep) = steps
      (summary.minTime, summary.maxTime) = times
      numbers.fill(&summary)
      block.seal(summary, baseStep: baseStep, checksum: headerChecksum)
      self.block = nil
    }

    /// Goes on with a stream of another kind, wider unless this one is unused.
    mutating func widen(to kind: MetricKind) {
      seal()
      self = State(kind: kind, after: self)
    }

    private init(kind: MetricKind, after state: State) {
      self.kind = kind
      nextStep = state.nextStep
    }
  }
}

extension Int64 {
  /// The first and the last number that are not farther away, as far as there are any.
  fileprivate func neighborhood(reach: Int64) -> (first: Int64, last: Int64) {
    let (first, isBelow) = subtractingReportingOverflow(reach)
    let (last, isAbove) = addingReportingOverflow(reach)
    return (isBelow ? .min : first, isAbove ? .max : last)
  }
}
