import CGrailRecord
import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Completes the record of a run whose process died.
package enum RunFinisher {
  /// What became of a run that was to be finished.
  package enum Outcome: Hashable, Sendable {
    /// It was dead; its record now says how it ended.
    case finished
    /// It had ended before; files that were behind its journal are made again.
    case hadEnded
    /// Its process lives, or nothing says that it does not, or another holds its journal's lock; or it
    /// was not begun.
    case isAlive
  }

  /// Ends the journal of a dead run and makes its files again from it.
  ///
  /// Whoever finishes holds the journal's lock meanwhile, so that a run that lives is never ended
  /// and two never finish one run at once.
  ///
  /// - Parameter directory: The run's directory.
  /// - Returns: What became of it.
  /// - Throws: ``RunReaderError``, ``JournalError`` or ``FileError`` if the record cannot be read
  ///   or written.
  package static func finish(directory: String) throws -> Outcome {
    let reader = try RunReader(directory: directory)
    // It waits to be run, or was killed before its record began: nothing could be said of its end.
    guard reader.record.status != .queued, !reader.record.status.rawValue.isEmpty else {
      return .isAlive
    }
    guard let session = RunFiles.journals(in: reader.directory).last else { return .hadEnded }
    let path = "\(reader.directory)/\(RunLayout.journal(session: session))"
    let file = try FileDescriptor.open(FilePath(path), .readWrite, options: [.closeOnExec])
    defer { try? file.close() }
    // Asked before the lock is taken, which would pass for that of the run's process.
    let liveness = reader.liveness()
    guard liveness != .alive, liveness != .unknown,
      lock(file, isDead: liveness == .dead)
    else { return .isAlive }
    // It may have ended between the first look and the lock.
    let current = try RunReader(directory: directory)
    let hadEnded = current.record.status.isFinal
    let ending = hadEnded ? [] : [RunEvent.ended(try self.ending(of: current))]
    try JournalEnd.write(ending, time: SystemClock.now(), to: file, path: path)
    removeHalfFiles(in: reader.directory)
    try writeFiles(of: directory)
    return hadEnded ? .hadEnded : .finished
  }

  /// Takes the journal's lock, which another finisher has for a moment if the run is dead.
  private static func lock(_ file: FileDescriptor, isDead: Bool) -> Bool {
    for _ in 0..<(isDead ? 2000 : 1) {
      if grail_lock(file.rawValue) != Errno.wouldBlock.rawValue { return true }
      if isDead { usleep(5000) }
    }
    return false
  }

  /// Removes the files that the process was writing when it died.
  private static func removeHalfFiles(in directory: String) {
    for name in StoreFolder.names(in: directory) where AtomicFile.isTemporary(name) {
      unlink("\(directory)/\(name)")
    }
  }

  /// Makes the files beside the journal again.
  private static func writeFiles(of directory: String) throws {
    let files = RunFiles(directory: directory)
    let record = try RunReader(directory: directory).record
    try files.writeConfig(record.config)
    try files.writeInfo(record.info)
    try files.touchOutput()
    let note = try files.writeMetrics()
    try files.writeRun(record, metrics: note)
  }

  /// How a run ended of which only its last signs of life are known.
  private static func ending(of reader: RunReader) throws -> RunEnding {
    var last = reader.record.heartbeat ?? reader.record.startTime
    for metric in reader.metrics {
      guard let time = try reader.summary(metric.name)?.times.upperBound else { continue }
      last = max(last, time)
    }
    last = max(last, reader.outputPieces.last?.time)
    let report = DeathReport(of: reader, lastSign: last)
    return RunEnding(status: report.status, time: report.time ?? last, failTrace: report.lines)
  }

  private static func max(_ first: Timestamp?, _ second: Timestamp?) -> Timestamp? {
    guard let first, let second else { return first ?? second }
    return Swift.max(first, second)
  }
}

/// Completes the record of a run whose process died, for a program that is started for that alone.
@_cdecl("grail_finish_run")
func finishRun(_ directory: UnsafePointer<CChar>) {
  // A process that is about to be gone may have its journal's lock for a moment longer. Who reads the
  // run later finds out why nothing could be done.
  for _ in 0..<200 {
    guard (try? RunFinisher.finish(directory: String(cString: directory))) == .isAlive else {
      return
    }
    usleep(50_000)
  }
}
