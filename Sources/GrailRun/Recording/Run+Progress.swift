import GrailCore
import GrailRecord

extension Run {
  /// Goes through a sequence and shows how far it has come.
  ///
  /// On a terminal a bar with rate and remaining time stands on the standard error output;
  /// elsewhere a line appears now and then. How far the loop has come is recorded for readers.
  ///
  /// - Parameters:
  ///   - sequence: What to go through.
  ///   - label: What the loop is called; one name for each loop that goes on at the same time.
  ///   - total: How many elements there are, if the sequence does not say.
  /// - Returns: The same elements, in order.
  public final func progress<Elements: Sequence>(
    _ sequence: Elements, label: String = "progress", total: Int? = nil
  ) -> ProgressSequence<Elements> {
    let count = total ?? (sequence as? any Collection).map { $0.count }
    return ProgressSequence(base: sequence) { [recorder] in
      ProgressReport(label: label, total: count, recorder: recorder)
    }
  }
}

/// A sequence that shows how far going through it has come.
public struct ProgressSequence<Base: Sequence>: Sequence {
  private let base: Base
  private let makeReport: () -> ProgressReport

  init(base: Base, makeReport: @escaping () -> ProgressReport) {
    (self.base, self.makeReport) = (base, makeReport)
  }

  /// Begins to go through the sequence.
  public func makeIterator() -> Iterator {
    Iterator(base: base.makeIterator(), report: makeReport())
  }

  /// Gives the elements one by one.
  public struct Iterator: IteratorProtocol {
    private var base: Base.Iterator
    private let report: ProgressReport

    fileprivate init(base: Base.Iterator, report: ProgressReport) {
      (self.base, self.report) = (base, report)
    }

    /// The next element; asking for it says that the one before is done.
    public mutating func next() -> Base.Element? {
      let element = base.next()
      report.advance(isAtEnd: element == nil)
      return element
    }
  }
}

/// Counts the turns of one loop; records and shows them now and then.
final class ProgressReport {
  private let label: String
  private let total: Int?
  private let recorder: Recorder
  private let start = SystemClock.coarseNow()
  private var completed = -1
  private var display: ProgressDisplay
  private var nextRecord: Timestamp
  private var isOver = false

  private static let recordInterval: Int64 = 2_000_000

  init(label: String, total: Int?, recorder: Recorder) {
    (self.label, self.total, self.recorder) = (label, total, recorder)
    display = ProgressDisplay(label: label, start: start)
    nextRecord = start
  }

  deinit {
    // A loop that was left: what it came to stands on the record.
    if !isOver, completed >= 0 { end(at: SystemClock.coarseNow()) }
  }

  func advance(isAtEnd: Bool) {
    guard !isOver else { return }
    completed += 1
    let now = SystemClock.coarseNow()
    if isAtEnd { return end(at: now) }
    if now >= nextRecord {
      nextRecord = Timestamp(microseconds: now.microseconds + Self.recordInterval)
      record(at: now)
    }
    display.update(completed: completed, total: total, at: now)
  }

  private func end(at now: Timestamp) {
    isOver = true
    record(at: now)
    display.finish(completed: completed, total: total, at: now)
  }

  private func record(at now: Timestamp) {
    recorder.add(
      .progress(
        ProgressRecord(
          label: label, completed: Int64(completed), total: total.map(Int64.init),
          startTime: start, time: now)))
  }
}
