import GrailCore
import GrailRun
import Logging

/// The lines that people know from Sacred, through the run's logger.
struct RunMessages {
  let recorder: Recorder
  private var logger: Logger { recorder.logger }

  init(recorder: Recorder) { self.recorder = recorder }

  func started(command: String, isObserved: Bool) {
    logger.info("Running command '\(command)'")
    logger.info(isObserved ? "Started run with ID \"\(recorder.id)\"" : "Started")
  }

  func completed(_ record: RunRecord) {
    if !record.result.isNull {
      logger.info("Result: \(record.result.description(maximumLength: 500))")
    }
    logger.info("Completed after \(Self.clock(record.elapsed))")
  }

  func failed(_ record: RunRecord, word: String) {
    logger.error("\(word) after \(Self.clock(record.elapsed))!")
  }

  /// A time as Python prints it: `0:00:01`, `1 day, 2:03:04`.
  static func clock(_ elapsed: Duration?) -> String {
    let seconds = elapsed?.components.seconds ?? 0
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = "\(seconds / 3600 % 24):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
    let days = seconds / 86_400
    return days == 0 ? time : "\(days) \(days == 1 ? "day" : "days"), \(time)"
  }
}
