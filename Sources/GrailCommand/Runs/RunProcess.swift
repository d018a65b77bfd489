import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// The process of a run, as far as it can be reached from here.
enum RunProcess {
  /// It runs here.
  case here(ProcessEvidence)
  /// It cannot be told anything, for this reason in one line.
  case outOfReach(String)

  /// Finds the process of a run.
  ///
  /// Its id alone says nothing: it must be of this machine's present boot and have started when
  /// the record says.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - now: The present moment.
  init(of run: StoredDirectory, now: Timestamp) {
    let record = run.record
    let name = "run \(DisplayText(record.id))"
    let state = StateText(record, liveness: run.liveness, now: now)
    if record.status.isFinal {
      let detail = state.detail.isEmpty ? "" : " \(state.detail)"
      self = .outOfReach("\(name) is over: \(DisplayText(state.word))\(detail)")
      return
    }
    if record.status == .queued {
      self = .outOfReach("\(name) was not begun: there is nothing to stop")
      return
    }
    guard let process = record.sessions.last?.process else {
      let host = record.host["hostname"]?.textValue.map { " on '\(DisplayText($0))'" } ?? ""
      self = .outOfReach(
        "\(name) does not say which process it is; find it\(host) and end it by hand")
      return
    }
    self = Self.find(process, of: name, liveness: run.liveness)
  }

  private static func find(
    _ process: ProcessEvidence, of name: String, liveness: Liveness
  ) -> RunProcess {
    let (host, id) = (DisplayText(process.hostname), process.processID)
    if liveness == .dead || process.isRunning == false {
      return .outOfReach(
        "the process of \(name) is gone: process \(id) on '\(host)'; 'grail doctor' finishes its record"
      )
    }
    guard process.isOfThisBoot else {
      return .outOfReach(
        process.hostname == HostFacts.hostname
          ? "\(name) ran as process \(id) before '\(host)' was last started; 'grail doctor' finishes its record"
          : "\(name) is process \(id) on '\(host)', not on this machine; there, 'kill -INT \(id)' ends it"
      )
    }
    guard process.isRunning == true else {
      return .outOfReach(
        "\(name) is process \(id) of another container on '\(host)'; there, 'kill -INT \(id)' ends it"
      )
    }
    return .here(process)
  }
}
