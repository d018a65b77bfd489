public import GrailCore
import SystemPackage

extension RunReader {
  /// What the run printed, in order, by time and stream, with what is missing.
  ///
  /// - Returns: The pieces, which cover all of `cout.txt`; none where nothing was recorded.
  public var outputPieces: [OutputPiece] { outputIndex.pieces }

  /// The index of the output as it is now.
  package var outputIndex: OutputIndex {
    // The index first: what it tells of is in the text then.
    let bytes = (try? WholeFile.read("\(directory)/\(RunLayout.outputIndex)")) ?? []
    let length = (try? Stat(FilePath("\(directory)/\(RunLayout.output)")))?.size ?? 0
    return OutputIndex(bytes, textLength: Int64(length))
  }

  /// The number of bytes that the index tells of and that are not in `cout.txt`.
  package var missingOutput: Int64 {
    let bytes = (try? WholeFile.read("\(directory)/\(RunLayout.outputIndex)")) ?? []
    let length = Int64((try? Stat(FilePath("\(directory)/\(RunLayout.output)")))?.size ?? 0)
    var end: Int64 = 0
    var scanner = OutputIndexScanner()
    scanner.scan(bytes, textLength: .max) { end = max(end, $0.range.upperBound) }
    return max(0, end - length)
  }

  /// Reads what the run printed, part by part, so that memory stays small whatever its length.
  ///
  /// - Parameters:
  ///   - stream: One stream alone; `nil` for both, and for what is known of neither.
  ///   - filter: How it is read; `nil` for the filter that the run's record names.
  ///   - write: Is given the parts in order.
  /// - Throws: The system's error if the output cannot be read, and what `write` throws.
  public func readOutput(
    _ stream: StandardStream? = nil, filter: OutputFilter? = nil,
    into write: ([UInt8]) throws -> Void
  ) throws {
    let path = FilePath("\(directory)/\(RunLayout.output)")
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
    } catch Errno.noSuchFileOrDirectory {
      return
    }
    defer { try? file.close() }
    let pieces = stream == nil ? [] : outputPieces.filter { $0.stream == stream }
    let length = Int64(try Stat(path).size)
    let ranges = stream == nil ? [0..<length] : pieces.map(\.range)
    let isFiltered = (filter ?? record.output?.filter ?? .terminal) == .terminal
    var terminal = TerminalFilter()
    var lines: [UInt8] = []
    for range in ranges {
      try Self.read(file, range) { part in
        guard isFiltered else { return try write(part) }
        terminal.filter(part[...], into: &lines)
        if !lines.isEmpty { try write(lines) }
        lines.removeAll(keepingCapacity: true)
      }
    }
    terminal.finish(into: &lines)
    if !lines.isEmpty { try write(lines) }
  }

  private static let partSize = 64 << 10

  private static func read(
    _ file: FileDescriptor, _ range: Range<Int64>, into write: ([UInt8]) throws -> Void
  ) throws {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let size = min(partSize, Int(range.upperBound - offset))
      let part = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = try file.read(
          fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard !part.isEmpty else { return }
      try write(part)
      offset += Int64(part.count)
    }
  }
}
