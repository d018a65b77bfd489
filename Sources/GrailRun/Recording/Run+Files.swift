public import GrailCore

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension Run {
  /// Keeps a copy of a file that the run made.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: What the artifact is called, which may contain folders, as in `plots/loss.svg`;
  ///     the file's own name if left out. An artifact of the same name is replaced.
  ///   - metadata: What is to be noted about it.
  ///   - contentType: Its media type, such as `image/png`.
  /// - Returns: What is recorded of it.
  /// - Throws: ``RunFileError`` if the file cannot be read or kept, which the record notes too.
  /// - Complexity: O(*n*) in the size of the file.
  @discardableResult
  public final func addArtifact(
    _ path: String, name: String? = nil, metadata: (any Encodable)? = nil,
    contentType: String? = nil
  ) throws -> ArtifactRecord {
    let ownName = path.split(separator: "/").last.map(String.init) ?? path
    return try recorder.addArtifact(
      .file(path), name: name ?? ownName, contentType: contentType,
      metadata: metadata.map { Value(recording: $0) } ?? .null)
  }

  /// Keeps bytes as a file that the run made: `Data`, `[UInt8]`, or the `utf8` of a text.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - name: What the artifact is called, which may contain folders, as in `plots/loss.svg`. An
  ///     artifact of the same name is replaced.
  ///   - metadata: What is to be noted about it.
  ///   - contentType: Its media type, such as `image/png`.
  /// - Returns: What is recorded of it.
  /// - Throws: ``RunFileError`` if it cannot be kept, which the record notes too.
  /// - Complexity: O(*n*) in the number of bytes.
  @discardableResult
  public final func addArtifact(
    _ bytes: some Sequence<UInt8>, name: String, metadata: (any Encodable)? = nil,
    contentType: String? = nil
  ) throws -> ArtifactRecord {
    try recorder.addArtifact(
      .bytes(Array(bytes)), name: name, contentType: contentType,
      metadata: metadata.map { Value(recording: $0) } ?? .null)
  }

  /// Records that the run reads a file, and keeps its content, once for all runs of the store.
  ///
  /// - Parameters:
  ///   - path: The file, relative to the working directory or absolute.
  ///   - byReference: Whether to keep only its path and digests, as for a file too large to copy.
  /// - Returns: What is recorded of it.
  /// - Throws: ``RunFileError`` if the file cannot be read or kept, which the record notes too.
  /// - Complexity: O(*n*) in the size of the file.
  @discardableResult
  public final func addResource(
    _ path: String, byReference: Bool = false
  ) throws -> ResourceRecord {
    try recorder.addResource(path, byReference: byReference)
  }

  /// Records that the run reads a file, and returns where it is, for whatever opens it.
  ///
  /// `let text = try String(contentsOf: run.openResource("data.csv"), encoding: .utf8)`
  ///
  /// - Parameters:
  ///   - path: The file, relative to the working directory or absolute.
  ///   - byReference: Whether to keep only its path and digests, as for a file too large to copy.
  /// - Returns: The file's absolute URL.
  /// - Throws: ``RunFileError`` if the file cannot be read or kept, which the record notes too.
  /// - Complexity: O(*n*) in the size of the file.
  public final func openResource(_ path: String, byReference: Bool = false) throws -> URL {
    URL(filePath: try addResource(path, byReference: byReference).path)
  }
}
