import CGrailRecord
import Foundation
import GrailCore
import TestSupport

@testable import GrailRecord

/// A text with an index, as a run's directory holds them.
struct SampleOutput {
  var text: [UInt8] = []
  var index: [UInt8] = OutputFormat.header(key: .sample)
  /// What the index says, by what was put in.
  var pieces: [OutputPiece] = []

  mutating func addRecord(
    offset: Int64, time: Int64, count: Int, stream: UInt8, kind: UInt8
  ) {
    var record = [UInt8](repeating: 0, count: OutputFormat.recordLength)
    grail_output_record(&record, offset, time, UInt32(count), stream, kind)
    index += record
  }

  /// Adds text that is told of.
  mutating func print(_ bytes: [UInt8], stream: UInt8, time: Int64) {
    let start = Int64(text.count)
    text += bytes
    addRecord(
      offset: start, time: time, count: bytes.count, stream: stream, kind: OutputFormat.Kind.text)
    pieces.append(
      OutputPiece(
        range: start..<Int64(text.count), time: Timestamp(microseconds: time),
        stream: StandardStream(rawValue: stream)))
  }

  mutating func lose(_ count: Int, stream: UInt8, time: Int64) {
    let place = Int64(text.count)
    addRecord(
      offset: place, time: time, count: count, stream: stream, kind: OutputFormat.Kind.lost)
    pieces.append(
      OutputPiece(
        range: place..<place, time: Timestamp(microseconds: time),
        stream: StandardStream(rawValue: stream), lostByteCount: Int64(count)))
  }

  /// Adds text that no record tells of.
  mutating func printUntold(_ bytes: [UInt8]) {
    let start = Int64(text.count)
    text += bytes
    pieces.append(OutputPiece(range: start..<Int64(text.count)))
  }

  mutating func end(byDeath: Bool) {
    addRecord(
      offset: Int64(text.count), time: Timestamp.sample.microseconds, count: 0,
      stream: byDeath ? 1 : 0, kind: OutputFormat.Kind.end)
  }

  /// An output of all that there can be, in a random order.
  init(using generator: inout SeededGenerator) {
    var time = Timestamp.sample.microseconds
    var isUntold = false
    for _ in 0..<Int.random(in: 0..<12, using: &generator) {
      time += Int64.random(in: -5000..<100_000, using: &generator)
      let stream = UInt8.random(in: 0..<3, using: &generator)
      let bytes = generator.bytes(Int.random(in: 1..<50, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: lose(bytes.count, stream: stream, time: time)
      // Two of them in a row are one piece.
      case 1 where !isUntold:
        printUntold(bytes)
        isUntold = true
        continue
      case 2:
        // A kind that is not known says nothing, and what was printed meanwhile is there.
        addRecord(
          offset: Int64(text.count), time: time, count: 7, stream: stream, kind: 200)
      default: print(bytes, stream: stream, time: time)
      }
      isUntold = false
    }
    if Bool.random(using: &generator) { end(byDeath: Bool.random(using: &generator)) }
  }

  init() {}

  /// The sample of version 1.0 under Tests/Fixtures.
  static var stored: SampleOutput {
    var output = SampleOutput()
    let start = Timestamp.sample.microseconds
    output.print(Array("loading\r".utf8), stream: 1, time: start)
    output.print(Array("loaded \n".utf8), stream: 1, time: start + 60_000)
    output.print(Array("a warning: é\n".utf8), stream: 2, time: start + 60_100)
    output.printUntold(Array("nobody knows when\n".utf8))
    output.lose(4096, stream: 2, time: start + 70_000)
    output.print([0, 255, 10], stream: 0, time: start + 80_000)
    output.addRecord(
      offset: Int64(output.text.count), time: start, count: 3, stream: 1, kind: 77)
    output.end(byDeath: true)
    output.printUntold(Array("printed while it ended".utf8))
    return output
  }

  /// Writes both files.
  func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text).write(to: folder.appending(path: "cout.txt"))
    try Data(index).write(to: folder.appending(path: "cout.index"))
  }
}
