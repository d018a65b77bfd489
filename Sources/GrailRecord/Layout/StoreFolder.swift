import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of runs: where runs begin, and where what they share is kept.
package struct StoreFolder: Hashable, Sendable {
  /// The absolute path of the folder.
  package let path: String

  /// The folder where a store keeps what is its own.
  package static let ownFolder = ".grail"

  /// Names a store.
  ///
  /// - Parameter path: The folder, relative to the working directory or absolute.
  package init(path: String) { self.path = Self.absolute(path) }

  /// Finds the store that a program uses.
  ///
  /// The first of: the folder that was named, as `DIR` or `files:DIR`; the environment's
  /// `GRAIL_STORE`; the `runs` folder that is a store in the nearest folder upward; `./runs`.
  ///
  /// - Parameters:
  ///   - name: What the user named, if anything.
  ///   - environment: The environment's variable `GRAIL_STORE`.
  ///   - workingDirectory: The folder to search from.
  /// - Returns: The store, which may not exist yet.
  package static func find(
    named name: String?, environment: String? = getenv("GRAIL_STORE").map { String(cString: $0) },
    workingDirectory: String = Self.workingDirectory
  ) -> StoreFolder {
    if let name = name ?? environment.flatMap({ $0.isEmpty ? nil : $0 }) {
      let path = path(named: name)
      return StoreFolder(path: path.hasPrefix("/") ? path : workingDirectory + "/" + path)
    }
    var folder = Substring(workingDirectory)
    while true {
      if isFolder("\(folder)/runs/\(ownFolder)") { return StoreFolder(path: "\(folder)/runs") }
      guard let slash = folder.lastIndex(of: "/"), !folder.isEmpty else { break }
      folder = folder[..<slash]
    }
    return StoreFolder(path: workingDirectory + "/runs")
  }

  /// The path in what names a store, `DIR` or `files:DIR`.
  package static func path(named name: String) -> String {
    name.hasPrefix("files:") ? String(name.dropFirst("files:".count)) : name
  }

  /// Says why a text names no store; `nil` if it may name one.
  ///
  /// A variable of a shell that is not set gives an empty text, which is not the working directory.
  package static func problem(withName name: String) -> String? {
    guard path(named: name).isEmpty else { return nil }
    return "the folder of runs is named ''; name the folder, or leave the option out"
  }

  /// Whether another path leads to the same folder.
  package func isSame(as other: StoreFolder) -> Bool {
    if path == other.path { return true }
    guard let real = realpath(path, nil), let otherReal = realpath(other.path, nil) else {
      return false
    }
    defer {
      free(real)
      free(otherReal)
    }
    return strcmp(real, otherReal) == 0
  }

  /// Creates what of the store is not there yet; several processes may do so at once.
  ///
  /// - Throws: ``FileError`` if a folder cannot be created.
  package func prepare() throws(FileError) {
    try Self.makeFolder(path)
    try Self.makeFolder("\(path)/\(Self.ownFolder)")
    let identity = "\(path)/\(Self.ownFolder)/store.json"
    guard access(identity, F_OK) != 0 else { return }
    var generator = SystemRandomNumberGenerator()
    let time = SystemClock.now()
    let value: Value = [
      "version": 1, "id": .text(RunKey(time: time, using: &generator).description),
      "created": .text(time.description),
    ]
    var file = try AtomicFile(path: identity)
    try file.write(JSONWriter.bytes(value, style: .strict))
    try file.commit(replacing: false)
  }

  /// Makes the directory of a new run.
  ///
  /// Numbers go up from the last that was given. Making the directory is what claims one, so that any
  /// number of processes get an id each; one that meets many others takes leaps.
  ///
  /// - Parameter id: The run's id; without one, the next number.
  /// - Returns: The run's id and its directory.
  /// - Throws: ``FileError`` if the id is taken or no directory can be made.
  package func claimRun(id: String?) throws(FileError) -> (id: String, directory: String) {
    if let id {
      let directory = "\(path)/\(id)"
      keepID(id)
      guard mkdir(directory, 0o777) == 0 else {
        let isTaken = errno == EEXIST
        let cause: any Error = isTaken ? IDTaken(id: id) : Errno(rawValue: errno)
        throw FileError(path: directory, verb: "created", cause: cause)
      }
      return (id, directory)
    }
    var number = (lastID ?? highestID()) + 1
    var misses: Int64 = 0
    while true {
      let directory = "\(path)/\(number)"
      if mkdir(directory, 0o777) == 0 {
        note(number)
        return (String(number), directory)
      }
      guard errno == EEXIST else {
        throw FileError(path: directory, verb: "created", cause: Errno(rawValue: errno))
      }
      misses += 1
      if misses == Self.mostSteps {
        number = max(number, highestID()) + 1
      } else {
        number += misses < Self.mostSteps ? 1 : Int64.random(in: 1...min(misses, 256))
      }
    }
  }

  /// Whoever has met so many taken numbers looks at what is there, and then takes leaps.
  private static let mostSteps: Int64 = 8

  private struct IDTaken: Error, CustomStringConvertible {
    let id: String
    var description: String {
      "there is a run '\(id)' already; choose another id, or none for the next number"
    }
  }

  /// Says why a text cannot be the id of a run; `nil` if it can.
  package static func problem(withID id: String) -> String? {
    if id.isEmpty { return "an id cannot be empty" }
    if id.contains("/") || id.utf8.contains(0) { return "an id cannot contain '/'" }
    if id.hasPrefix(".") || id.hasPrefix("_") { return "an id cannot begin with '.' or '_'" }
    return id.utf8.count > 200 ? "an id has at most 200 bytes" : nil
  }

  // MARK: - Folders

  /// Makes a folder and those above it; one that is there is as good.
  package static func makeFolder(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) { return }
    let error = errno == EEXIST ? Errno.notDirectory : Errno(rawValue: errno)
    guard error == .noSuchFileOrDirectory, let slash = path.lastIndex(of: "/"),
      slash > path.startIndex
    else { throw FileError(path: path, verb: "created", cause: error) }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw FileError(path: path, verb: "created", cause: Errno(rawValue: errno))
    }
  }

  /// The names in a folder, sorted; none if it cannot be read.
  package static func names(in folder: String) -> [String] {
    var names: [String] = []
    forEachName(in: folder) { name, _ in names.append(String(decoding: name, as: UTF8.self)) }
    return names.sorted()
  }

  /// Calls a closure with each name in a folder, in no order, and whether it is known to be that of a
  /// regular file.
  ///
  /// - Returns: Whether the folder could be opened.
  @discardableResult
  package static func forEachName(
    in folder: String, _ body: (_ name: UnsafeRawBufferPointer, _ isFile: Bool) -> Void
  ) -> Bool {
    guard let stream = opendir(folder) else { return false }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      withUnsafeBytes(of: &entry.pointee.d_name) { field in
        let name = UnsafeRawBufferPointer(rebasing: field.prefix { $0 != 0 })
        guard !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) else { return }
        body(name, entry.pointee.d_type == DT_REG)
      }
    }
    return true
  }

  package static func isFolder(_ path: String) -> Bool {
    guard let status = try? Stat(FilePath(path)) else { return false }
    return status.type == .directory
  }

  /// The process's working directory.
  package static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  /// The path from the root, with `.` and `..` resolved by their text.
  package static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : workingDirectory + "/" + path
    return FilePath(whole).lexicallyNormalized().string
  }
}
