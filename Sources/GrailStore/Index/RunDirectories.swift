import GrailCore
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directories of a store that may hold runs.
struct RunDirectories {
  let store: StoreFolder

  init(of store: StoreFolder) { self.store = store }

  /// The names of what may be runs.
  var runNames: RunNames {
    var names = RunNames()
    StoreFolder.forEachName(in: store.path) { name, isFile in
      // The store's own folders and temporary files begin with these; what is no directory is no run.
      guard name.first != UInt8(ascii: "."), name.first != UInt8(ascii: "_"), !isFile else {
        return
      }
      names.insert(name)
    }
    return names
  }

  /// The names of what may be runs, numbers first.
  var names: [String] { runNames.subtracting(RunNames()) }

  /// What changes when a run is added to the store or taken away; `nil` if that cannot be told, as
  /// when it changed a moment ago.
  var state: [UInt8]? {
    var status = stat()
    guard stat(store.path, &status) == 0 else { return nil }
    let changed = Int64(status.changeTime.tv_sec)
    guard abs(Int64(time(nil)) - changed) > Self.settlingTime else { return nil }
    var writer = ByteWriter()
    for number in [
      Int64(status.st_dev), Int64(bitPattern: UInt64(status.st_ino)), changed,
      Int64(status.changeTime.tv_nsec), Int64(status.modificationTime.tv_sec),
      Int64(status.modificationTime.tv_nsec),
    ] { writer.append(littleEndian: number) }
    return writer.bytes
  }

  /// A file system may keep times in steps of two seconds.
  private static let settlingTime: Int64 = 3

  /// Reads a run with all that a query can ask of it, but what people added later.
  ///
  /// - Parameter name: The directory's name.
  /// - Returns: The run, and what its files look like if it need not be read again while they do.
  /// - Throws: ``RunReaderError`` if there is no run.
  func read(_ name: String) throws -> (run: IndexedRun, state: [UInt8]?) {
    let path = "\(store.path)/\(name)"
    let state = Self.state(ofRun: path)
    let reader = try RunReader(directory: path)
    var metrics: [String: QueryMetric] = [:]
    for metric in reader.metrics { metrics[metric.name] = try? reader.statistics(metric.name) }
    let liveness = reader.liveness()
    let subject = RunSubject(reader.record, metrics: metrics, liveness: liveness)
    let mayChangeByItself = liveness != .dead && liveness != .notExpected
    return (
      IndexedRun(subject: subject, isSettled: reader.isSettled), mayChangeByItself ? nil : state
    )
  }

  /// What is said of a directory that could not be read, in one line.
  func note(on name: String, _ error: any Error) -> String {
    let found = (error as? RunReaderError)?.found ?? "\(error)"
    return "'\(store.path)/\(name)' is left out: \(found); 'grail doctor' looks into it"
  }

  /// What changes when one of a run's files is written, but for a journal that is being written.
  static func state(ofRun path: String) -> [UInt8] {
    var writer = ByteWriter()
    for name in StoreFolder.names(in: path) {
      guard let file = FileIdentity(path: "\(path)/\(name)") else { continue }
      for number in [
        file.inode, UInt64(bitPattern: file.byteCount), UInt64(bitPattern: file.modified),
      ] {
        writer.append(littleEndian: number)
      }
    }
    return FileDigest.md5(of: writer.bytes)
  }
}

extension stat {
  #if canImport(Darwin)
    fileprivate var changeTime: timespec { st_ctimespec }
    fileprivate var modificationTime: timespec { st_mtimespec }
  #else
    fileprivate var changeTime: timespec { st_ctim }
    fileprivate var modificationTime: timespec { st_mtim }
  #endif
}
