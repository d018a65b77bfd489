import GrailCore
import Synchronization
import Testing

@testable import GrailRecord

/// What a reader meets that looks while the writer writes.
@Suite struct JournalRaceTests {
  let folder = TemporaryFolder()

  @Test func `a block that is begun while the reader looks behind it is no damage`() throws {
    let path = folder.path("journal.1")
    let journal = try JournalWriter(path: path, key: .sample, session: 1, time: .sample)
    let metric = journal.metric("m", unit: nil, kind: .double)
    for index in 0..<3000 { metric.append(Double(index), step: nil, time: 0) }
    let bytes = try WholeFile.read(path)
    let second = try #require(
      stride(from: JournalFormat.headerLength + 64, to: bytes.count, by: 64).dropFirst(80).first {
        BlockHeader(bytes[$0...], salt: JournalFormat.salt(key: .sample, session: 1)) != nil
      })
    let reader = try JournalReader(
      LateSource(MemorySource(bytes), emptyAt: Int64(second)), path: path)
    var damages = reader.damages
    let series = try #require(try reader.series("m", damages: &damages))
    #expect(damages.isEmpty)
    #expect(series.values.doubles == (0..<3000).map(Double.init))
  }
}

/// Bytes of which some are not there yet when they are read first.
private final class LateSource: ByteSource {
  private let source: MemorySource
  private let place: Int64
  private let isFirst = Mutex(true)

  init(_ source: MemorySource, emptyAt place: Int64) {
    (self.source, self.place) = (source, place)
  }

  func count() -> Int64 { source.count() }

  func read(at offset: Int64, count: Int) -> [UInt8] {
    let bytes = source.read(at: offset, count: count)
    guard offset == place else { return bytes }
    return isFirst.withLock { isFirst in
      defer { isFirst = false }
      return isFirst ? [UInt8](repeating: 0, count: bytes.count) : bytes
    }
  }
}
