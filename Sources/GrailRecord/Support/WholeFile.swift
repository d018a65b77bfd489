import SystemPackage

/// Files that are read at once.
package enum WholeFile {
  /// Reads a file.
  ///
  /// - Throws: The system's error.
  package static func read(_ path: String) throws -> [UInt8] {
    let source = try FileSource(path: path)
    return try source.read(at: 0, count: Int(source.count()))
  }
}
