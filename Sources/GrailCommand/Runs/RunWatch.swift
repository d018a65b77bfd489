import GrailCore
import GrailRecord
import GrailStore

/// Looks from time to time whether a run goes on.
///
/// Its record is read again only where something says that it changed.
struct RunWatch {
  /// The run, as it was when it was read last.
  private(set) var run: StoredDirectory
  private var runFile: FileIdentity?
  private var readTime = ContinuousClock.now
  private var deathTime: ContinuousClock.Instant?

  /// A record is read again after so long at the latest.
  private static let longestTrust = Duration.seconds(10)
  /// Whoever finishes the record of a run that died gets so long.
  private static let patience = Duration.seconds(3)

  init(_ run: StoredDirectory) {
    self.run = run
    runFile = Self.runFile(of: run)
  }

  private static func runFile(of run: StoredDirectory) -> FileIdentity? {
    FileIdentity(path: "\(run.reader.directory)/run.json")
  }

  /// Looks whether the run goes on, or waits to be begun.
  ///
  /// - Returns: `false` if it has ended, or its process is gone.
  /// - Throws: ``RunReaderError`` if the run's directory is gone.
  mutating func goesOn() throws -> Bool {
    if run.record.status.isFinal { return false }
    let isOld = readTime.duration(to: .now) > Self.longestTrust
    if isOld || Self.runFile(of: run) != runFile || [.dead, .probablyDead].contains(run.liveness) {
      try reread()
    }
    if run.record.status.isFinal { return false }
    switch run.liveness {
    case .probablyDead:
      return false
    case .dead:
      let since = deathTime ?? .now
      deathTime = since
      return since.duration(to: .now) < Self.patience
    default:
      deathTime = nil
      return true
    }
  }

  /// Reads the run's record again.
  ///
  /// - Throws: ``RunReaderError`` if the run's directory is gone.
  mutating func reread() throws {
    (runFile, readTime) = (Self.runFile(of: run), .now)
    try run.refresh()
  }
}
