import CGrailRecord
import GrailCore
import GrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the index of a store is kept: on a local disk, where nobody else can write.
enum IndexPlace {
  /// Finds the file for the index of a store, and makes its folder.
  ///
  /// A store that was copied has the UUID of the first, so its place counts too; one without a UUID,
  /// such as Sacred's own, goes by its place alone.
  ///
  /// - Parameter store: The store.
  /// - Returns: The path of the file; `nil` where no folder can be had, so that there is no index.
  static func file(for store: StoreFolder) -> String? {
    let identity = "\(store.path)/\(StoreFolder.ownFolder)/store.json"
    let uuid = (try? WholeFile.read(identity)).flatMap {
      JSONParser.parsePrefix($0).value?["id"]?.textValue
    }
    let place = realpath(store.path, nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
    let digest = FileDigest.hexadecimal(
      FileDigest.md5(of: Array((place ?? store.path).utf8)).prefix(4))
    let name =
      uuid.flatMap { RunKey($0)?.description }.map { "\($0)-\(digest)" } ?? "place-\(digest)"
    return folder.map { "\($0)/\(name).sqlite" }
  }

  /// The folder of this user's indexes.
  private static var folder: String? {
    let candidates = [cacheFolder, "/tmp/grail-\(getuid())", "/var/tmp/grail-\(getuid())"]
    return candidates.lazy.compactMap { $0 }.first(where: isUsable)
  }

  private static var cacheFolder: String? {
    if let path = variable("XDG_CACHE_HOME"), path.hasPrefix("/") { return "\(path)/grail" }
    #if canImport(Darwin)
      return variable("HOME").map { "\($0)/Library/Caches/grail" }
    #else
      return variable("HOME").map { "\($0)/.cache/grail" }
    #endif
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// Whether a folder can be made or is there, belongs to this user alone, and is on a local disk.
  private static func isUsable(_ path: String) -> Bool {
    if mkdir(path, 0o700) != 0, errno == ENOENT {
      let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
      guard (try? StoreFolder.makeFolder(parent)) != nil else { return false }
      mkdir(path, 0o700)
    }
    guard let status = try? Stat(FilePath(path), followTargetSymlink: false),
      status.type == .directory, status.userID.rawValue == getuid(),
      status.permissions.rawValue & 0o022 == 0
    else { return false }
    return access(path, W_OK) == 0 && grail_folder_is_local(path)
  }
}
