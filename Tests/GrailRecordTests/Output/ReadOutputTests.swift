import Foundation
import GrailCore
import Testing

@testable import GrailRecord

@Suite struct ReadOutputTests {
  let folder = TemporaryFolder()

  /// A run's directory with an output.
  private func reader(
    _ output: SampleOutput?, filter: OutputFilter = .terminal
  ) throws -> RunReader {
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    var record = RunRecord(
      key: .sample, id: "1", experiment: ExperimentRecord(name: "digits"), command: "run",
      status: .running)
    record.output = OutputRecord(capture: .fd, filter: filter)
    journal.append(.started(record), time: .sample)
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    try output?.write(to: folder.url)
    return try RunReader(directory: folder.url.path)
  }

  private func text(
    _ reader: RunReader, _ stream: StandardStream? = nil, filter: OutputFilter? = nil
  ) throws -> [UInt8] {
    var result: [UInt8] = []
    try reader.readOutput(stream, filter: filter) { result += $0 }
    return result
  }

  @Test func `the output is read by stream, and through a filter`() throws {
    let output = SampleOutput.stored
    let reader = try reader(output)
    #expect(reader.outputPieces == output.pieces)
    #expect(try text(reader, filter: OutputFilter.none) == output.text)
    #expect(
      try text(reader, .output, filter: OutputFilter.none) == Array("loading\rloaded \n".utf8))
    #expect(try text(reader, .output) == Array("loaded \n".utf8))
    #expect(try text(reader, .errors) == Array("a warning: é\n".utf8))
    #expect(
      try text(reader)
        == Array("loaded \na warning: é\nnobody knows when\n".utf8) + [0, 255, 10]
        + Array("printed while it ended".utf8))
  }

  @Test func `the filter is the one that the run's record names`() throws {
    let reader = try reader(.stored, filter: .none)
    #expect(try text(reader) == SampleOutput.stored.text)
    #expect(try text(reader, .output, filter: .terminal) == Array("loaded \n".utf8))
  }

  @Test func `a run without output, and one with a text alone, are read`() throws {
    let reader = try reader(nil)
    #expect(try text(reader).isEmpty && reader.outputPieces.isEmpty)
    try Data("as Sacred\nwrote it".utf8).write(to: URL(filePath: folder.path("cout.txt")))
    #expect(try text(reader) == Array("as Sacred\nwrote it".utf8))
    #expect(reader.outputPieces == [OutputPiece(range: 0..<18)])
    #expect(try text(reader, .output).isEmpty)
  }

  @Test func `a part of a stream that ends in the middle of a character is no problem`() throws {
    var output = SampleOutput()
    let bytes = Array("é\r中🎉\u{8}x\n".utf8)
    for (number, byte) in bytes.enumerated() {
      output.print([byte], stream: 1, time: Int64(number))
      output.print(Array("-".utf8), stream: 2, time: Int64(number))
    }
    let reader = try reader(output)
    #expect(try text(reader, .output) == Array("中x\n".utf8))
    #expect(try text(reader, .errors) == Array(repeating: UInt8(ascii: "-"), count: bytes.count))
  }

  @Test func `an error of who reads ends the reading`() throws {
    struct Enough: Error {}
    let reader = try reader(.stored)
    #expect(throws: Enough.self) { try reader.readOutput { _ in throw Enough() } }
  }
}
