import Foundation
import GrailCore
import OrderedCollections
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct OutputIndexTests {
  private static let tests = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Pieces that cover all of a text, once and in order.
  private func expectCover(_ index: OutputIndex, _ length: Int, _ what: @autoclosure () -> String) {
    var end: Int64 = 0
    for piece in index.pieces {
      #expect(piece.range.lowerBound == end && piece.lostByteCount >= 0, "\(what())")
      #expect(piece.range.isEmpty == (piece.lostByteCount > 0), "\(what())")
      end = piece.range.upperBound
    }
    #expect(end == Int64(length), "\(what())")
  }

  @Test func `what is put into an index comes out of it`() {
    var generator = SeededGenerator(seed: 20)
    for _ in 0..<500 {
      let output = SampleOutput(using: &generator)
      let index = OutputIndex(output.index, textLength: Int64(output.text.count))
      #expect(index.pieces == output.pieces && index.notes.isEmpty)
    }
  }

  @Test func `an index that is cut off anywhere still covers all of the text`() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<20 {
      let output = SampleOutput(using: &generator)
      for length in 0...output.index.count {
        let index = OutputIndex(
          Array(output.index[..<length]), textLength: Int64(output.text.count))
        expectCover(index, output.text.count, "cut off at \(length)")
        // A header that is there holds nothing back of what is whole behind it.
        #expect(index.notes.isEmpty == (length == 0 || length >= 32))
      }
    }
  }

  @Test func `a text that is cut off is covered as far as it is`() {
    var generator = SeededGenerator(seed: 22)
    for _ in 0..<50 {
      let output = SampleOutput(using: &generator)
      for length in 0...output.text.count {
        expectCover(OutputIndex(output.index, textLength: Int64(length)), length, "\(length)")
      }
    }
  }

  @Test func `a damaged index costs times and streams, never a byte of the text`() {
    var generator = SeededGenerator(seed: 23)
    for round in 0..<3000 {
      let output = SampleOutput(using: &generator)
      var bytes = output.index
      for _ in 0..<Int.random(in: 1..<6, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1:
          let end = min(bytes.count, place + 24)
          bytes.replaceSubrange(place..<end, with: generator.bytes(end - place))
        case 2: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: generator.bytes(5), at: place)
        }
        if bytes.isEmpty { break }
      }
      expectCover(
        OutputIndex(bytes, textLength: Int64(output.text.count)), output.text.count, "\(round)")
    }
  }

  @Test func `records that are whole but lie are believed only within the text`() {
    var generator = SeededGenerator(seed: 24)
    let offsets: [Int64] = [.min, -1, 0, 5, 99, 100, 101, .max]
    for round in 0..<2000 {
      var output = SampleOutput()
      for _ in 0..<6 {
        output.addRecord(
          offset: offsets[Int.random(in: 0..<8, using: &generator)],
          time: [.min, 0, .max][Int.random(in: 0..<3, using: &generator)],
          count: [1, 50, Int(UInt32.max)][Int.random(in: 0..<3, using: &generator)],
          stream: UInt8.random(in: 0...255, using: &generator),
          kind: UInt8.random(in: 0..<4, using: &generator))
      }
      expectCover(OutputIndex(output.index, textLength: 100), 100, "\(round)")
    }
  }

  @Test func `an index of another version is refused with a note`() {
    var output = SampleOutput.stored
    output.index[8] = 2
    let index = OutputIndex(output.index, textLength: Int64(output.text.count))
    #expect(index.pieces == [OutputPiece(range: 0..<Int64(output.text.count))])
    #expect(index.notes.count == 1 && !index.isEnded)
  }

  // MARK: - The stored sample, and another reader

  @Test func `reads the sample of version 1.0`() throws {
    let folder = Self.tests.appending(path: "Fixtures/output/v1.0")
    let text = Array(try Data(contentsOf: folder.appending(path: "cout.txt")))
    let bytes = Array(try Data(contentsOf: folder.appending(path: "cout.index")))
    let index = OutputIndex(bytes, textLength: Int64(text.count))
    #expect(index.pieces == SampleOutput.stored.pieces && text == SampleOutput.stored.text)
    #expect(index.isEnded && index.endedByDeath && index.notes.isEmpty)
  }

  /// Stores the sample of a version that has none yet.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"))
  func `stores the sample of a new version`() throws {
    let folder = Self.tests.appending(path: "Fixtures/output/v1.\(OutputFormat.minor)")
    guard !FileManager.default.fileExists(atPath: folder.path) else { return }
    try SampleOutput.stored.write(to: folder)
  }

  @Test(arguments: 0..<6)
  func `a program written from the specification reads the same`(number: UInt64) throws {
    var generator = SeededGenerator(seed: 30 + number)
    let output = number == 0 ? .stored : SampleOutput(using: &generator)
    let folder = TemporaryFolder()
    try output.write(to: folder.url)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", Self.tests.appending(path: "Python/read_output.py").path,
      folder.path("cout.txt"), folder.path("cout.index"),
    ]
    let answer = Pipe()
    (process.standardOutput, process.standardError) = (answer, FileHandle.nullDevice)
    try process.run()
    let json = Array(try answer.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    guard process.terminationStatus != 127 else {
      print("left out: there is no python3")
      return
    }
    let index = OutputIndex(output.index, textLength: Int64(output.text.count))
    let pieces: [Value] = index.pieces.map { piece in
      let part = output.text[Int(piece.range.lowerBound)..<Int(piece.range.upperBound)]
      return [
        "text": .text(part.map { String(format: "%02x", $0) }.joined()),
        "time": piece.time.map { .int($0.microseconds) } ?? .null,
        "stream": piece.stream.map { .int(Int64($0.rawValue)) } ?? .null,
        "lost": .int(piece.lostByteCount),
      ]
    }
    let found = try JSONParser.parse(json)
    #expect(found["pieces"] == .list(pieces))
    #expect(found["version"] == [1, 0])
    #expect(
      found["ended"] == (index.isEnded ? .int(index.endedByDeath ? 1 : 0) : .null))
  }
}
