package import GrailCore
import SystemPackage

/// Reads a run's output part by part, while it grows or later.
///
/// It goes on where it was before, and its memory stays small whatever the length of the output and
/// of its index.
package struct OutputParts: Sendable {
  /// Some consecutive bytes.
  package struct Part: Hashable, Sendable {
    package var bytes: [UInt8]
    /// When they were read; `nil` if nothing says, or nobody asked.
    package var time: Timestamp?

    package init(bytes: [UInt8], time: Timestamp? = nil) { (self.bytes, self.time) = (bytes, time) }
  }

  private let textPath: String
  private let indexPath: String
  private let stream: StandardStream?
  private let usesIndex: Bool
  private var offset: Int64
  private var indexOffset: Int64 = 0
  private var scanner = OutputIndexScanner()
  private var block = Block()
  /// Whether there was anything that was asked for.
  package private(set) var hasFound = false
  /// Whether there was anything of which the index says the stream.
  package private(set) var knowsStreams = false

  /// Begins to read the output of a run.
  ///
  /// - Parameters:
  ///   - directory: The run's directory.
  ///   - stream: One stream alone; `nil` for both, and for what is known of neither.
  ///   - findsTimes: Whether to say when what was read.
  ///   - offset: Where to begin.
  package init(
    directory: String, stream: StandardStream? = nil, findsTimes: Bool = false,
    from offset: Int64 = 0
  ) {
    textPath = "\(directory)/\(RunLayout.output)"
    indexPath = "\(directory)/\(RunLayout.outputIndex)"
    (self.stream, self.offset) = (stream, offset)
    usesIndex = stream != nil || findsTimes
  }

  /// Reads what is there and was not read before.
  ///
  /// - Parameters:
  ///   - isOver: Whether nothing more will come, so that what the index does not tell of is read too.
  ///   - body: Is given the parts in order, each of at most 64 KiB.
  /// - Throws: The system's error if the output cannot be read, and what `body` throws.
  package mutating func read(isOver: Bool, into body: (Part) throws -> Void) throws {
    guard let file = try Self.open(textPath) else { return }
    defer { try? file.close() }
    block = Block()
    if usesIndex {
      try readByIndex(file, isOver: isOver, into: body)
    } else {
      let length = try Int64(Stat(file).size)
      try read(file, OutputPiece(range: min(offset, length)..<length), into: body)
    }
  }

  private mutating func readByIndex(
    _ file: FileDescriptor, isOver: Bool, into body: (Part) throws -> Void
  ) throws {
    let index = try Self.open(indexPath)
    defer { try? index?.close() }
    while let index {
      let bytes = try Self.read(index, at: indexOffset, count: Block.size)
      guard !bytes.isEmpty else { break }
      indexOffset += Int64(bytes.count)
      var pieces: [OutputPiece] = []
      // What the index tells of is in the text then.
      scanner.scan(bytes, textLength: Int64(try Stat(file).size)) { pieces.append($0) }
      for piece in pieces { try read(file, piece, into: body) }
    }
    guard isOver else { return }
    scanner.finish()
    if let rest = scanner.takeRest(textLength: Int64(try Stat(file).size)) {
      try read(file, rest, into: body)
    }
  }

  private mutating func read(
    _ file: FileDescriptor, _ piece: OutputPiece, into body: (Part) throws -> Void
  ) throws {
    if piece.stream != nil { knowsStreams = true }
    guard stream == nil || piece.stream == stream else { return }
    var place = max(piece.range.lowerBound, offset)
    while place < piece.range.upperBound {
      let bytes = try block.bytes(at: place, limit: piece.range.upperBound) { place, count in
        try Self.read(file, at: place, count: count)
      }
      guard !bytes.isEmpty else { return }
      place += Int64(bytes.count)
      offset = place
      hasFound = true
      try body(Part(bytes: bytes, time: piece.time))
    }
  }

  /// Whether nothing was printed so far.
  package var isEmpty: Bool {
    ((try? Stat(FilePath(textPath)))?.size ?? 0) == 0
  }

  /// Whether the index says, as it is now, that nothing more is recorded.
  package var isEnded: Bool {
    let size = OutputFormat.recordLength
    guard let index = try? Self.open(indexPath) else { return false }
    defer { try? index.close() }
    guard let length = try? Int64(Stat(index).size) else { return false }
    let count = (length - Int64(OutputFormat.headerLength)) / Int64(size)
    guard count > 0 else { return false }
    let place = Int64(OutputFormat.headerLength) + (count - 1) * Int64(size)
    guard let record = try? Self.read(index, at: place, count: size) else { return false }
    return OutputIndexScanner.isEnd(record[...])
  }

  // MARK: - Files

  private static func open(_ path: String) throws -> FileDescriptor? {
    do {
      return try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
    } catch Errno.noSuchFileOrDirectory {
      return nil
    }
  }

  private static func read(
    _ file: FileDescriptor, at offset: Int64, count: Int
  ) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = try file.read(
        fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// The bytes around the place that was read last: pieces may be short.
  private struct Block {
    static let size = 64 << 10
    private var start: Int64 = 0
    private var content: [UInt8] = []

    mutating func bytes(
      at place: Int64, limit: Int64, read: (Int64, Int) throws -> [UInt8]
    ) throws -> [UInt8] {
      if place < start || place >= start + Int64(content.count) {
        (start, content) = (place, try read(place, Self.size))
      }
      let first = Int(place - start)
      return Array(content[first..<Int(min(limit - start, Int64(content.count)))])
    }
  }
}

extension RunReader {
  /// Where the last lines of the output begin, as it is now.
  ///
  /// - Parameters:
  ///   - count: The number of lines; one that is not ended counts.
  ///   - limit: The most bytes from the end that are looked at.
  /// - Returns: The offset of the first of the lines, or of what was looked at.
  /// - Throws: The system's error if the output cannot be read.
  package func startOfOutput(lastLines count: Int, within limit: Int64 = .max) throws -> Int64 {
    let source: FileSource
    do {
      source = try FileSource(path: "\(directory)/\(RunLayout.output)")
    } catch Errno.noSuchFileOrDirectory {
      return 0
    }
    let length = try source.count()
    guard count > 0 else { return length }
    let least = limit < length ? length - limit : 0
    var (found, end) = (0, length)
    while end > least {
      let start = max(least, end - (64 << 10))
      let bytes = try source.read(at: start, count: Int(end - start))
      for position in bytes.indices.reversed() where bytes[position] == UInt8(ascii: "\n") {
        let place = start + Int64(position)
        // The end of the last line begins none.
        if place == length - 1 { continue }
        found += 1
        if found == count { return place + 1 }
      }
      end = start
    }
    return least
  }
}
