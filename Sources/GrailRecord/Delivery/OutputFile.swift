import SystemPackage

/// The file with what a run printed, which only ever grows.
enum OutputFile {
  /// The number of bytes that there are now; none where nothing was recorded.
  static func length(in directory: String) -> Int64 {
    (try? Stat(FilePath("\(directory)/\(RunLayout.output)")))?.size ?? 0
  }

  /// Reads bytes, fewer at the end.
  static func read(in directory: String, at offset: Int64, count: Int) -> [UInt8] {
    guard let source = try? FileSource(path: "\(directory)/\(RunLayout.output)") else { return [] }
    return (try? source.read(at: offset, count: count)) ?? []
  }
}
