import GrailCore
import GrailRecord
import Synchronization

extension Recorder {
  /// Begins to capture what the process prints, if the run is to.
  ///
  /// A run that cannot capture says so and goes on.
  package func captureOutput(_ settings: OutputSettings) {
    guard settings.capture != .no, isObserved else { return }
    do throws(CapturedOutput.Failure) {
      try output.capture(settings, directory: directory) { [weak self] in
        self?.warn("the process that records the output was killed; the rest is not recorded")
      } onSharing: { [weak self] in
        // A fact about the record, which nobody needs to be told of meanwhile.
        let message = "the output holds what other runs of this process printed, too"
        self?.add(.warning(RunWarning(time: SystemClock.now(), message: message)))
      }
    } catch {
      switch error {
      case .taken:
        warn("another run of this process captures its output; this one has what run.print prints")
      case .refused(let reason):
        warn("the output is not captured: \(reason)")
      }
    }
  }

  /// Prints a text on standard output as this run's.
  func print(_ text: String) { output.print(text) }

  /// Says, once, that something of the output is lost, long before the run's end counts it.
  func noteLostOutput() {
    guard output.hasLost, !hasSaidLostOutput.exchange(true, ordering: .relaxed) else { return }
    warn("the disk takes no more of what is printed; the run goes on, and counts what is lost")
  }

  /// Ends the capture; what is printed from now on goes where it went before.
  func endOutput() {
    let end = output.finish()
    if end.lostCount > 0 { journal.countLostOutput(end.lostCount, reason: end.lossReason) }
    if !end.isComplete {
      warn("the process that records the output did not end in time; the last of it may be missing")
    }
  }
}
