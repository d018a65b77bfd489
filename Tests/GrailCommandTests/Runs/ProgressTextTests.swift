import GrailCore
import Testing

@testable import GrailCommand

@Suite struct ProgressTextTests {
  private let start = Timestamp(microseconds: 1_700_000_000_000_000)

  private func text(_ completed: Int64, of total: Int64?, after seconds: Int64 = 10) -> ProgressText
  {
    ProgressText(
      ProgressRecord(
        label: "x", completed: completed, total: total, startTime: start, time: at(seconds)))
  }

  private func at(_ seconds: Int64) -> Timestamp {
    Timestamp(microseconds: start.microseconds + seconds * 1_000_000)
  }

  @Test(
    arguments: [
      (0, 10, "░░░░", "0%"), (5, 10, "██░░", "50%"), (9_999, 10_000, "███▉", "99%"),
      (10, 10, "████", "100%"), (12, 10, "████", "100%"), (-3, 10, "░░░░", "0%"), (1, 0, "", ""),
    ] as [(Int64, Int64, String, String)])
  func `a bar is as long as what is done, and full only at the end`(
    completed: Int64, total: Int64, bar: String, percentage: String
  ) {
    let text = text(completed, of: total)
    #expect(text.bar(width: 4) == bar && text.percentage == percentage)
    #expect(text.bar(width: 0).isEmpty)
  }

  @Test func `the time that is left follows the pace, and passes`() {
    #expect(text(25, of: 100).remaining(at: at(10)) == .seconds(30))
    #expect(text(25, of: 100).remaining(at: at(22)) == .seconds(18))
    #expect(text(25, of: 100).remaining(at: at(99)) == .zero)
    for text in [
      text(0, of: 10), text(10, of: 10), text(3, of: nil), text(3, of: 10, after: 0),
      text(3, of: 10, after: -5), text(1, of: .max, after: .max / 2_000_000),
    ] {
      #expect(text.remaining(at: at(10)) == nil)
    }
    #expect(text(3, of: nil).count == "3" && text(3, of: 12_000).count == "3 of 12,000")
  }
}
