/// A file of a run: what it made, what it read, or a source of its program.
public struct RunFile: Sendable {
  /// What a file is to its run.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The run made it.
    case artifact
    /// The run read it.
    case resource
    /// The run's program was built from it.
    case source
  }

  /// What the file is to the run.
  public let kind: Kind
  /// The name that the author gave an artifact, the path from which a resource was read, or the
  /// path of a source in its project; it may be anything.
  public let name: String
  /// Where the store keeps the content, as the run's record says it; `nil` where it does not say.
  public let storedPath: String?
  /// The size in bytes, where the record has it.
  public let byteCount: Int64?
  /// The MD5 digest of the content in hexadecimal, where the record has it.
  public let md5: String?
  /// The SHA-256 digest of the content in hexadecimal, where the record has it.
  public let sha256: String?
  /// The media type, such as `image/png`, where the author gave one.
  public let contentType: String?
  /// What the author noted about an artifact.
  public let metadata: Value
  private let run: any StoredRun

  init(_ artifact: ArtifactRecord, of run: any StoredRun) {
    (kind, name, storedPath) = (.artifact, artifact.name, artifact.storedPath)
    (byteCount, md5, sha256) = (artifact.byteCount, nil, artifact.sha256)
    (contentType, metadata, self.run) = (artifact.contentType, artifact.metadata, run)
  }

  init(_ resource: ResourceRecord, of run: any StoredRun) {
    (kind, name, storedPath) = (.resource, resource.path, resource.storedPath)
    (byteCount, md5, sha256) = (resource.byteCount, resource.md5, resource.sha256)
    (contentType, metadata, self.run) = (nil, .null, run)
  }

  init(_ source: SourceRecord, of run: any StoredRun) {
    (kind, name, storedPath) = (.source, source.path, source.storedPath)
    (byteCount, md5, sha256) = (nil, source.md5, nil)
    (contentType, metadata, self.run) = (nil, .null, run)
  }

  /// Reads the content part by part, so that memory stays small whatever its length.
  ///
  /// - Parameter write: Is given the parts in order.
  /// - Throws: An error of the store, if it does not keep the content; what `write` throws.
  public func read(into write: ([UInt8]) throws -> Void) throws { try run.read(self, into: write) }
}

extension StoredRun {
  /// The artifact of a name; the last, if the run gave a name twice.
  ///
  /// - Parameter name: The name.
  /// - Returns: The artifact.
  /// - Throws: ``NoSuchFile`` if the run made none of that name.
  public func artifact(_ name: String) throws(NoSuchFile) -> RunFile {
    try file(name, among: artifacts, kind: .artifact)
  }

  /// The resource that was read from a path; the last, if there are several.
  ///
  /// - Parameter path: The path, absolute.
  /// - Returns: The resource.
  /// - Throws: ``NoSuchFile`` if the run read none from there.
  public func resource(_ path: String) throws(NoSuchFile) -> RunFile {
    try file(path, among: resources, kind: .resource)
  }

  /// The source of a path.
  ///
  /// - Parameter path: The path in the project of the program.
  /// - Returns: The source.
  /// - Throws: ``NoSuchFile`` if there is none of that path.
  public func source(_ path: String) throws(NoSuchFile) -> RunFile {
    try file(path, among: sources, kind: .source)
  }

  private func file(
    _ name: String, among files: [RunFile], kind: RunFile.Kind
  ) throws(NoSuchFile) -> RunFile {
    if let file = files.last(where: { $0.name.utf8.elementsEqual(name.utf8) }) { return file }
    throw NoSuchFile(name: name, kind: kind, run: id, known: files.map(\.name))
  }
}

/// A run has no file of a name.
public struct NoSuchFile: Error, Hashable, CustomStringConvertible {
  /// The name that was asked for.
  public var name: String
  /// What the file was to be.
  public var kind: RunFile.Kind
  /// The id of the run.
  public var run: String
  /// The names of the files of that kind that the run has.
  public var known: [String]

  /// The error in one line.
  public var description: String {
    "run \(run) has no \(kind.rawValue) '\(name.visible)'" + known.suggestion(for: name)
  }
}
