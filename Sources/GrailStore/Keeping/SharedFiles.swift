package import GrailCore
package import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files that the runs of a store share: sources, resources, differences, executables.
package struct SharedFiles {
  private let store: StoreFolder

  /// The shared files of a store.
  package init(of store: StoreFolder) { self.store = store }

  private static let folders = ["_sources", "_resources"]

  /// A file that no run needs.
  package struct Unneeded: Hashable, Sendable {
    /// Its path.
    package var path: String
    /// Its size in bytes.
    package var byteCount: Int64
  }

  /// Finds the files that no run needs, those of the trash included.
  ///
  /// - Parameter now: The present moment, if not that of the system's clock.
  /// - Returns: The files; `nil` if a run cannot be read, which may need any of them.
  /// - Complexity: O(*n*) in the runs and their files.
  package func unneeded(now: Timestamp = SystemClock.now()) -> [Unneeded]? {
    var needed: Set<String> = []
    for folder in [store.path, "\(store.path)/\(StoreFolder.ownFolder)/trash"] {
      for name in StoreFolder.names(in: folder)
      where StoreFolder.problem(withID: name) == nil && StoreFolder.isFolder("\(folder)/\(name)") {
        guard let record = try? RunReader(directory: "\(folder)/\(name)").record else { return nil }
        needed.formUnion(record.sharedPaths.map { String($0.drop { $0 != "/" }.dropFirst()) })
      }
    }
    let now = now.microseconds / 1_000_000
    return Self.folders.flatMap { folder in
      StoreFolder.names(in: "\(store.path)/\(folder)").compactMap { name in
        let path = "\(store.path)/\(folder)/\(name)"
        // A run that is just starting stores its sources before its record names them.
        guard !needed.contains(name), let file = FileIdentity(path: path),
          now - file.changed / 1_000_000_000 > Self.settlingTime
        else { return nil }
        return Unneeded(path: path, byteCount: file.byteCount)
      }
    }
  }

  /// A file that is younger, in seconds, may belong to a run that is just starting.
  private static let settlingTime: Int64 = 3600

  /// Removes files; returns those that were removed.
  package func remove(_ files: [Unneeded]) -> [Unneeded] { files.filter { unlink($0.path) == 0 } }
}

extension RunRecord {
  /// What the run shares with others, as paths from the store's folder: `_sources/main_5d41….swift`.
  ///
  /// A record may have been written by anybody, and may state any path; only its name counts.
  package var sharedPaths: [String] {
    let sources =
      experiment.sources.compactMap(\.storedPath) + workingTrees.compactMap(\.storedChanges)
      + [executable?.storedPath].compactMap { $0 }
    let resources = resources.filter { !$0.isReference }.map(\.storedPath)
    return sources.compactMap { Self.path(of: $0, in: "_sources") }
      + resources.compactMap { Self.path(of: $0, in: "_resources") }
  }

  private static func path(of stored: String, in folder: String) -> String? {
    guard let name = stored.split(separator: "/").last, name != ".", name != "..",
      !name.utf8.contains(0)
    else { return nil }
    return "\(folder)/\(name)"
  }
}
