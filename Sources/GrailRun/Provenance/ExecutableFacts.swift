import CGrailRecord
import GrailCore
import GrailRecord

/// The program's file.
enum ExecutableFacts {
  /// Where the file of this process's program was at the start.
  static let path: String? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) {
    guard let start = $0.baseAddress else { return nil }
    let length = grail_program_path(start, 4096)
    guard length > 0 else { return nil }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }

  /// What it was built from, as it was when a run first asked.
  static let build: BuildFolder? = path.flatMap { BuildFolder(executable: $0) }

  /// The file as the system holds it while the program runs, also when another took its place.
  private static func runningFile(_ path: String) -> String {
    let running = "/proc/self/exe"
    return FileIdentity(path: running) == nil ? path : running
  }

  /// Describes the file without reading it.
  static func describe() -> (record: ExecutableRecord, identity: FileIdentity)? {
    guard let path, let identity = FileIdentity(path: runningFile(path)) else { return nil }
    var record = ExecutableRecord(path: path)
    record.byteCount = identity.byteCount
    record.modificationTime = identity.modificationTime
    record.buildID = buildID
    return (record, identity)
  }

  private static var buildID: String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = grail_program_build_id(buffer.baseAddress, 64)
    }
    return bytes.isEmpty ? nil : FileDigest.hexadecimal(bytes)
  }

  /// Computes the digest of the file.
  ///
  /// - Parameters:
  ///   - identity: The file as it was described.
  ///   - cache: The digests that are known.
  ///   - deadline: When to give up.
  /// - Returns: The SHA-256 digest in hexadecimal; `nil` if it cannot be had in time.
  static func digest(
    of identity: FileIdentity, cache: inout DigestCache, until deadline: Deadline
  ) -> String? {
    if let known = cache.digest(of: identity, byteCount: 32) {
      return FileDigest.hexadecimal(known)
    }
    let now = SystemClock.now()
    guard let path, let file = try? FileSource(path: runningFile(path)) else { return nil }
    var hasher = SHA256Hasher()
    var offset: Int64 = 0
    while !deadline.isOver {
      guard let part = try? file.read(at: offset, count: 1 << 20) else { return nil }
      guard !part.isEmpty else {
        let digest = hasher.finalize()
        cache.insert(digest, of: identity, lookedAt: now)
        return FileDigest.hexadecimal(digest)
      }
      hasher.update(part)
      offset += Int64(part.count)
    }
    return nil
  }

  /// Keeps the file in a store, once for all runs of it.
  static func keep(_ path: String, in sources: SourceStore) throws(FileError) -> String {
    try sources.keepProgram(runningFile(path), name: path.lastPart)
  }
}
