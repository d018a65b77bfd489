import GrailCore
import GrailRecord
import GrailStore

/// Compares a run's files with what is known of their content.
enum RunCheck {
  /// What of a run's artifacts is not as the record says, one line each.
  static func differences(in run: RunReader) -> [String] {
    zip(run.record.artifacts, run.artifactFiles).compactMap { artifact, file in
      var (hasher, byteCount) = (SHA256Hasher(), Int64(0))
      do {
        try file.read { part in
          hasher.update(part)
          byteCount += Int64(part.count)
        }
      } catch {
        return "the artifact \(error)"
      }
      let isSame =
        byteCount == artifact.byteCount ?? byteCount
        && artifact.sha256.map { $0 == FileDigest.hexadecimal(hasher.finalize()) } ?? true
      return isSame ? nil : "the artifact '\(artifact.name)' is not what was recorded"
    }
  }

  /// Whether a file has the content that a shared file's name tells.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: Its name, `STEM_MD5.EXTENSION`; one without a digest tells nothing.
  /// - Returns: Whether it has, as far as the name tells.
  /// - Throws: ``FileError``.
  static func hasContent(_ path: String, ofName name: String) throws(FileError) -> Bool {
    let digests = name.split(separator: "_").dropFirst().filter { part in
      let digest = part.prefix { $0 != "." }
      return digest.utf8.count == 32
        && digest.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
    guard let digest = digests.last?.prefix(32) else { return true }
    return try FileCopy.digest(of: path).md5 == digest
  }
}
