import GrailCore
import TestSupport
import Testing

@testable import GrailCommand

@Suite struct ExportCellTests {
  @Test func `every moment has six digits behind its second, and reads back as it`() {
    var generator = SeededGenerator(seed: 4)
    var clock = ExportClock()
    let corners: [Int64] = [0, 1, -1, 999_999, -999_999, 1_000_000, 500_000, -500_000, 123_456]
    let random = (0..<2000).map { _ in
      Int64.random(in: -9_000_000_000_000_000...9_000_000_000_000_000, using: &generator)
    }
    for microseconds in corners + random {
      let time = Timestamp(microseconds: microseconds)
      var (cell, ticked): ([UInt8], [UInt8]) = ([], [])
      ExportCell.append(time, to: &cell)
      clock.append(time, to: &ticked)
      let text = String(decoding: cell, as: UTF8.self)
      #expect(ticked == cell)
      #expect(text.hasSuffix("Z") && text.suffix(8).hasPrefix("."), "\(text)")
      #expect(Timestamp(isoText: text) == time, "\(text), \(time)")
    }
  }
}
