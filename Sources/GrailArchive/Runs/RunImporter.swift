import GrailCore
package import GrailRecord
import GrailStore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Brings the runs of archives into a store.
///
/// An archive is unpacked in a folder inside of the store, and each run moves from there to its place
/// at once. Archives are those of ``RunPacker``, and any others that hold run directories.
package struct RunImporter {
  /// What became of a run, or of something else in an archive.
  package enum Outcome: Hashable, Sendable {
    /// A run is imported.
    case imported(id: String, as: String)
    /// The store has a run already.
    case known(id: String, as: String)
    /// Something is to be known, and nothing is lost.
    case note(String)
    /// Something is not imported, or is not what its record says.
    case problem(String)
  }

  private let store: StoreFolder
  private let usesIndex: Bool
  private var arrivals: RunArrivals?

  /// Names a store.
  ///
  /// - Parameters:
  ///   - store: Where the runs go; it is made when there is something to import.
  ///   - usesIndex: Whether its index is asked which runs there are.
  package init(into store: StoreFolder, usesIndex: Bool = true) {
    (self.store, self.usesIndex) = (store, usesIndex)
  }

  /// Imports the runs of an archive.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - mostBytes: How much it may unpack to, if not 100 times its size.
  ///   - report: Is told what became of each run.
  /// - Throws: ``ArchiveError`` if it is no archive of runs, and nothing is imported; ``FileError``.
  package mutating func importRuns(
    of path: String, mostBytes: Int64? = nil, report: (Outcome) -> Void
  ) throws {
    let file = try Self.open(path)
    let limit = SizeLimit(ofArchive: try file.count(), asked: mostBytes)
    var archive = try ArchiveFormat.open(file, limit: limit)
    try IncomingFolder.with(of: store) { incoming in
      // A run whose files are in no folder of the archive has its name.
      let stem = ArchiveFormat.stem(ofFile: path)
      let folder = "\(incoming)/\(StoreFolder.problem(withID: stem) == nil ? stem : "archive")"
      var unpacked = try ArchiveFolder(folder, limit: limit)
      try unpacked.unpack(&archive)
      for line in unpacked.leftOut { report(.problem(line)) }
      let stores = Self.stores(in: incoming)
      guard !stores.isEmpty else {
        throw ArchiveError("it holds no run: none of its folders has a run.json or a journal")
      }
      var arrivals = try self.arrivals ?? RunArrivals(in: store, usesIndex: usesIndex)
      defer { self.arrivals = arrivals }
      for (store, ids) in stores { try take(ids, of: store, &arrivals, report: report) }
    }
  }

  private static func open(_ path: String) throws(ArchiveError) -> FileSource {
    do {
      guard try Stat(FilePath(path)).type == .regular else {
        throw ArchiveError(
          StoreFolder.isFolder(path)
            ? "it is a folder; copy its runs with grail copy" : "it is not a file")
      }
      return try FileSource(path: path)
    } catch let error as ArchiveError {
      throw error
    } catch Errno.noSuchFileOrDirectory {
      throw ArchiveError("there is no such file")
    } catch {
      throw ArchiveError("it cannot be read: \(error)")
    }
  }

  // MARK: - What an archive holds

  /// The folders that hold runs, and the ids of these.
  private static func stores(in folder: String) -> [(store: StoreFolder, ids: [String])] {
    // What begins with these is no run's, but the trash or what runs share.
    let folders = StoreFolder.names(in: folder).filter {
      !$0.hasPrefix(".") && !$0.hasPrefix("_") && StoreFolder.isFolder("\(folder)/\($0)")
    }
    let ids = folders.filter { isRun("\(folder)/\($0)") }
    let own =
      ids.isEmpty
      ? []
      : [
        (
          StoreFolder(path: folder),
          ids.sorted { Value.sorts(Value.id($0), before: Value.id($1)) }
        )
      ]
    return own
      + folders.filter { !ids.contains($0) }.flatMap { stores(in: "\(folder)/\($0)") }
  }

  private static func isRun(_ directory: String) -> Bool {
    access("\(directory)/run.json", F_OK) == 0 || !RunFiles.journals(in: directory).isEmpty
  }

  // MARK: - Runs

  private func take(
    _ ids: [String], of other: StoreFolder, _ arrivals: inout RunArrivals,
    report: (Outcome) -> Void
  ) throws {
    var runs: [(there: RunReference, here: RunReference)] = []
    for id in ids {
      let directory = "\(other.path)/\(id)"
      let reader: RunReader
      do {
        reader = try RunReader(directory: directory)
      } catch {
        report(.problem("run \(id) is left out: \(error.found)"))
        continue
      }
      let there = RunReference(reader.record)
      var here = there
      if let present = arrivals.knownID(ofRun: directory) {
        here.id = present
        report(.known(id: id, as: present))
      } else {
        for line in RunCheck.differences(in: reader) { report(.problem("run \(id): \(line)")) }
        try takeSharedFiles(of: reader.record, from: other, report: report)
        here.id = try arrivals.take(directory, id: id)
        report(.imported(id: id, as: here.id))
      }
      runs.append((there, here))
    }
    try store.takeChanges(of: other, to: runs)
  }

  /// Brings what a run shares with others, before the run itself appears.
  private func takeSharedFiles(
    of record: RunRecord, from other: StoreFolder, report: (Outcome) -> Void
  ) throws {
    var missing = 0
    for path in Set(record.sharedPaths).sorted() {
      let (file, place) = ("\(other.path)/\(path)", "\(store.path)/\(path)")
      // Names say what the content is.
      if access(place, F_OK) == 0 { continue }
      guard FileIdentity(path: file) != nil else {
        missing += 1
        continue
      }
      // Whatever is kept under a name is taken for its content, also by runs to come.
      guard try RunCheck.hasContent(file, ofName: path) else {
        report(.problem("run \(record.id): '\(path)' is left out: it has other content"))
        continue
      }
      try StoreFolder.makeFolder(String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)]))
      guard rename(file, place) == 0 else {
        throw FileError(path: place, verb: "put in place", cause: Errno(rawValue: errno))
      }
    }
    if missing > 0 {
      report(.note("run \(record.id): \(missing) of its sources and resources are not in it"))
    }
  }
}
