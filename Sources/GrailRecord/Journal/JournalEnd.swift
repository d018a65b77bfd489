import CGrailRecord
import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends journals: that of a run which ends, and that of a process which died.
enum JournalEnd {
  /// Writes the last events, the index and the trailer behind what a journal holds, and gives back
  /// the space that it does not use.
  ///
  /// - Parameters:
  ///   - events: The last events.
  ///   - time: When they happened.
  ///   - file: The journal's file, open for reading and writing, whose lock the caller holds.
  ///   - path: The journal's path, for errors.
  ///   - usedLength: Where the space begins that was reserved and not used, if that is known.
  /// - Throws: ``JournalError`` if the events cannot be written. An index that cannot be written is
  ///   left out: readers scan the blocks instead.
  static func write(
    _ events: [RunEvent], time: Timestamp, to file: FileDescriptor, path: String,
    usedLength: Int64? = nil
  ) throws(JournalError) {
    let source = FileSource(file: file, limit: usedLength)
    let reader = try JournalReader(source, path: path)
    guard !reader.isClosed else { return }
    var end = Ending(file: file, salt: reader.salt, position: reader.usedEnd)
    // What is torn stays as it is, so that every reader meets it.
    if let torn = reader.tornEnd { end.skipSegment(of: max(torn, end.position)) }
    var eventBlocks = reader.eventBlocks
    if !events.isEmpty {
      let content = events.flatMap { JournalRecord.event($0).bytes(time: time.microseconds) }
      let header = BlockHeader(
        kind: .events, size: 0, ordinal: reader.nextEventOrdinal,
        baseStep: Int64(reader.recordCount), baseTime: time.microseconds)
      do {
        eventBlocks.append(try end.append(header, content: content))
      } catch {
        // The space that was reserved ahead and is not needed is room for the end.
        _ = ftruncate(file.rawValue, off_t(end.position))
        do {
          eventBlocks.append(try end.append(header, content: content))
        } catch {
          throw JournalError(path: path, found: "\(error)", advice: "cannot be ended")
        }
      }
    }
    writeIndex(of: reader, eventBlocks: eventBlocks, to: &end)
    _ = ftruncate(file.rawValue, off_t(end.position))
    grail_sync(file.rawValue)
  }

  private static func writeIndex(
    of reader: JournalReader, eventBlocks: [Int64], to end: inout Ending
  ) {
    // A damaged journal has no index, so that every reader meets the damage and says so.
    guard reader.damages.isEmpty, reader.tornEnd == nil,
      let streams = try? reader.summarizedStreams()
    else { return }
    let index = JournalIndex(streams: streams, eventBlocks: eventBlocks)
    let before = end
    do {
      let offset = try end.append(
        BlockHeader(kind: .index, size: 0), content: index.bytes)
      let length = Int64(JournalFormat.trailerLength)
      let trailer = JournalTrailer(indexOffset: offset, fileLength: end.position + length)
      try end.append(bytes: trailer.bytes(salt: end.salt))
    } catch {
      end = before
    }
  }

  /// The end of a file that blocks are appended to.
  private struct Ending {
    let file: FileDescriptor
    let salt: UInt32
    var position: Int64

    /// Goes on in the segment behind that of a place.
    mutating func skipSegment(of place: Int64) {
      let segment = Int64(JournalFormat.segmentSize)
      position = (place / segment + 1) * segment
    }

    /// Appends a block; returns where it is.
    mutating func append(_ header: BlockHeader, content: [UInt8]) throws -> Int64 {
      var header = header
      header.size = JournalFormat.blockSize(headerLength: header.length, content: content.count)
      let segment = Int64(JournalFormat.segmentSize)
      let left = segment - position % segment
      if Int64(header.size) > left { position += left }
      let offset = position
      let used = CommitWord(
        used: UInt32(content.count),
        checksum: JournalFormat.crc32c(header.checksum(salt: salt), content))
      var block = header.bytes(salt: salt)
      withUnsafeBytes(of: used.bits.littleEndian) { word in
        let field = JournalFormat.Block.commit..<JournalFormat.Block.checkpoint
        block.replaceSubrange(field, with: word)
      }
      block += content
      block += repeatElement(0, count: header.size - block.count)
      // The first word last: a reader that sees it sees the rest.
      try file.writeAll(toAbsoluteOffset: offset + 8, block[8...])
      try file.writeAll(toAbsoluteOffset: offset, block[..<8])
      position = offset + Int64(block.count)
      return offset
    }

    mutating func append(bytes: [UInt8]) throws {
      try file.writeAll(toAbsoluteOffset: position, bytes)
      position += Int64(bytes.count)
    }
  }
}
