import GrailCore
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder that keeps, file by file, what people add to the runs of a store.
struct ChangeFolder {
  let path: String

  init(of store: StoreFolder) { path = "\(store.path)/\(StoreFolder.ownFolder)/changes" }

  /// The names of the files.
  var names: [String] { StoreFolder.names(in: path).filter { $0.hasSuffix(".json") } }

  /// Reads a file; `nil` if it is no change that this version knows.
  func change(_ name: String) -> RunChange? {
    guard let bytes = try? WholeFile.read("\(path)/\(name)") else { return nil }
    return JSONParser.parsePrefix(bytes).value.flatMap(RunChange.init)
  }

  /// Writes a change into a file of its own.
  ///
  /// - Throws: ``FileError`` if it cannot be written.
  func add(_ change: RunChange) throws(FileError) {
    try StoreFolder.makeFolder(path)
    var generator = SystemRandomNumberGenerator()
    let name = RunKey(time: change.time, using: &generator)
    try AtomicFile.write(
      JSONWriter.bytes(change.value, style: .strict), to: "\(path)/\(name).json")
  }

  /// Who this process runs for, as `user@machine`.
  static var author: String {
    let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "\(getuid())"
    return "\(user)@\(HostFacts.hostname)"
  }
}
