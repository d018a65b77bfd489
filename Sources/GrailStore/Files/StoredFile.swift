import GrailCore
package import GrailRecord
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that a store keeps of a run: an artifact, or a source of its program.
package struct StoredFile: Hashable, Sendable {
  /// The name that the run gave it, which may hold folders, or anything.
  package var name: String
  /// Where its content lies; `nil` where the store does not keep it.
  package var path: String?
  /// The size that the record states.
  package var byteCount: Int64?
  /// What kind of file the record says that it is.
  package var contentType: String?
  /// The digests of the content that the record states, in hexadecimal.
  package var sha256, md5: String?
  /// The folder in which the content must lie; `nil` where it may lie anywhere.
  private var root: String?

  package init(
    name: String, path: String?, byteCount: Int64? = nil, contentType: String? = nil,
    sha256: String? = nil, md5: String? = nil, root: String?
  ) {
    (self.name, self.path, self.root) = (name, path, root)
    (self.byteCount, self.contentType) = (byteCount, contentType)
    (self.sha256, self.md5) = (sha256, md5)
  }

  /// The content as it is: its size, and when it was written; `nil` if there is no regular file.
  package var present: FileIdentity? { path.flatMap { FileIdentity(path: $0) } }

  /// Opens the content.
  ///
  /// A record may have been written by anybody: a path or link that leads out of the store is not
  /// followed, and what is no regular file is not opened.
  ///
  /// - Returns: The file, which the caller closes.
  /// - Throws: ``StoredFileError``.
  package func open() throws(StoredFileError) -> FileDescriptor {
    func problem(_ found: String) -> StoredFileError { StoredFileError(name: name, found: found) }
    guard let path, !path.utf8.contains(0) else { throw problem("the store does not keep it") }
    guard let real = Self.resolved(path) else { throw problem("it is not there any more") }
    if let root {
      guard let realRoot = Self.resolved(root), real.hasPrefix(realRoot + "/") else {
        throw problem("its path leads out of the store")
      }
    }
    let file: FileDescriptor
    do {
      // Not waiting for what a pipe would bring.
      file = try FileDescriptor.open(
        FilePath(real), .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
    } catch {
      throw problem("it cannot be opened: \(error)")
    }
    guard let found = try? Stat(file), found.type == .regular else {
      try? file.close()
      throw problem("it is not a file")
    }
    return file
  }

  /// Whether the content can be had, which ``open()`` tells more of.
  package var isReadable: Bool {
    guard let file = try? open() else { return false }
    try? file.close()
    return true
  }

  /// Reads the content part by part.
  ///
  /// - Parameter body: Is given the parts in order.
  /// - Throws: ``StoredFileError``, the system's error, and what `body` throws.
  package func read(into body: ([UInt8]) throws -> Void) throws {
    let file = try open()
    defer { try? file.close() }
    while true {
      let part = try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if part.isEmpty { return }
      try body(part)
    }
  }

  /// The path without links; `nil` if there is nothing.
  private static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}

/// A file of a run that cannot be had.
public struct StoredFileError: Error, Hashable, CustomStringConvertible {
  /// The name that the run gave it.
  public var name: String
  /// Why.
  public var found: String

  /// The error in one line.
  public var description: String { "'\(name)' cannot be read: \(found)" }
}

extension StoredFile {
  /// Finds the content of a file.
  init(_ file: RunFile, of run: RunReader) {
    let slash = run.directory.lastIndex(of: "/") ?? run.directory.startIndex
    let store = String(run.directory[..<slash])
    let stored = file.storedPath
    let (path, root): (String?, String?) =
      switch file.kind {
      case .artifact:
        (
          stored.map { run.path(of: ArtifactRecord(name: file.name, storedPath: $0)) },
          run.directory
        )
      case .resource:
        // One that is kept by reference lies wherever it was.
        (
          stored.map { run.path(of: ResourceRecord(path: file.name, storedPath: $0)) },
          stored == file.name ? nil : store
        )
      case .source:
        (run.path(of: SourceRecord(path: file.name, storedPath: stored)), store)
      }
    self.init(
      name: file.name, path: path, byteCount: file.byteCount, contentType: file.contentType,
      root: root)
  }
}

extension RunReader {
  /// The files that the run made, in the order of adding.
  package var artifactFiles: [StoredFile] {
    record.artifacts.map { artifact in
      StoredFile(
        name: artifact.name, path: path(of: artifact), byteCount: artifact.byteCount,
        contentType: artifact.contentType, sha256: artifact.sha256, root: directory)
    }
  }
}

extension StoredDirectory {
  /// The files that the run made, in the order of adding.
  package var artifactFiles: [StoredFile] { reader.artifactFiles }

  /// The sources of the run's program.
  package var sourceFiles: [StoredFile] {
    let slash = reader.directory.lastIndex(of: "/") ?? reader.directory.startIndex
    let store = String(reader.directory[..<slash])
    return record.experiment.sources.map { source in
      StoredFile(
        name: source.path, path: reader.path(of: source),
        md5: source.md5 ?? source.storedPath.flatMap(Self.digest), root: store)
    }
  }

  /// The digest in the name of what runs share, `STEM_MD5.EXTENSION`.
  private static func digest(inPath path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    let digest = name.split(separator: "_").last?.prefix { $0 != "." } ?? ""
    return digest.utf8.count == 32 && digest.allSatisfy(\.isHexDigit) ? String(digest) : nil
  }
}
