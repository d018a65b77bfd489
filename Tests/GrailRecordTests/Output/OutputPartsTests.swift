import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct OutputPartsTests {
  let folder = TemporaryFolder()

  /// All that is read, byte for byte with its time.
  private struct Found: Equatable {
    var bytes: [UInt8] = []
    var times: [Timestamp?] = []

    mutating func add(_ part: OutputParts.Part) {
      bytes += part.bytes
      times += Array(repeating: part.time, count: part.bytes.count)
    }
  }

  private func expected(_ output: SampleOutput, _ stream: StandardStream?) -> Found {
    var found = Found()
    for piece in output.pieces where stream == nil || piece.stream == stream {
      let bytes = Array(output.text[Int(piece.range.lowerBound)..<Int(piece.range.upperBound)])
      found.add(OutputParts.Part(bytes: bytes, time: piece.time))
    }
    return found
  }

  @Test(arguments: 0..<60) func `an output that grows is read once, as one that is whole`(
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let output = SampleOutput(using: &generator)
    let directory = folder.url.path
    var readers = [
      OutputParts(directory: directory, findsTimes: true),
      OutputParts(directory: directory, stream: .output),
      OutputParts(directory: directory, stream: .errors), OutputParts(directory: directory),
    ]
    var found = readers.map { _ in Found() }
    // The text is written before what tells of it.
    var (length, told) = (0, 0)
    while length < output.text.count || told < output.index.count {
      length = min(output.text.count, length + Int.random(in: 0..<80, using: &generator))
      told = min(output.index.count, told + Int.random(in: 0..<90, using: &generator))
      var growing = SampleOutput()
      growing.text = Array(output.text[..<length])
      growing.index = Array(output.index[..<whole(told, of: output, textLength: length)])
      try growing.write(to: folder.url)
      for place in readers.indices {
        try readers[place].read(isOver: false) { found[place].add($0) }
      }
    }
    for place in readers.indices {
      try readers[place].read(isOver: true) { found[place].add($0) }
    }
    #expect(found[0] == expected(output, nil))
    #expect(found[1] == expected(output, .output))
    #expect(found[2] == expected(output, .errors))
    #expect(found[3].bytes == output.text)
    let start = Int.random(in: 0...output.text.count, using: &generator)
    var rest = Found()
    var late = OutputParts(directory: directory, findsTimes: true, from: Int64(start))
    try late.read(isOver: true) { rest.add($0) }
    #expect(rest.bytes == Array(output.text[start...]))
    #expect(rest.times == Array(expected(output, nil).times[start...]))
  }

  /// The length of an index that tells of no text that is not there, the last record perhaps cut.
  private func whole(_ count: Int, of output: SampleOutput, textLength: Int) -> Int {
    var told = min(count, OutputFormat.headerLength)
    var start = OutputFormat.headerLength
    while start + OutputFormat.recordLength <= output.index.count, told < count {
      var reader = ByteReader(output.index[start...])
      let offset = Int(reader.littleEndian(Int64.self) ?? 0)
      _ = reader.littleEndian(Int64.self)
      let length = Int(reader.littleEndian(UInt32.self) ?? 0)
      let isText = reader.slice(count: 2)?.last == OutputFormat.Kind.text
      if offset + (isText ? length : 0) > textLength { break }
      start += OutputFormat.recordLength
      told = min(count, start)
    }
    return told
  }

  @Test func `an index that is none hides nothing of the text`() throws {
    var output = SampleOutput.stored
    output.index = Array("not an index, but as long as one would be at least".utf8)
    try output.write(to: folder.url)
    var parts = OutputParts(directory: folder.url.path, findsTimes: true)
    var found = Found()
    try parts.read(isOver: false) { found.add($0) }
    try parts.read(isOver: true) { found.add($0) }
    #expect(found.bytes == output.text)
    #expect(found.times.allSatisfy { $0 == nil })
  }

  @Test func `the last lines are found from the end`() throws {
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    journal.append(
      .started(
        RunRecord(
          key: .sample, id: "1", experiment: ExperimentRecord(name: "x"), command: "run",
          status: .running)), time: .sample)
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    let reader = try RunReader(directory: folder.url.path)
    #expect(try reader.startOfOutput(lastLines: 3) == 0)
    let line = String(repeating: "x", count: 29_999)
    let text = (0..<10).map { _ in line + "\n" }.joined()
    for (ending, last) in [("", 0), ("end", 1), ("\n", 1)] {
      try Data((text + ending).utf8).write(to: URL(filePath: folder.path("cout.txt")))
      for count in 0...12 {
        let start =
          count == 0 ? 300_000 + ending.utf8.count : max(0, 300_000 - 30_000 * (count - last))
        #expect(try reader.startOfOutput(lastLines: count) == start, "\(count) '\(ending)'")
      }
    }
    #expect(try reader.startOfOutput(lastLines: 5, within: 1000) == 300_001 - 1000)
  }
}
