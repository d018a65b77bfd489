import GrailCore
import Testing

@testable import GrailNotify

@Suite struct RetryAfterTests {
  /// 1994-11-06 08:49:37 UTC.
  private let now = Timestamp(microseconds: 784_111_777_000_000)

  @Test(arguments: [
    ("120", 120), ("0", 0), (" 7 ", 7), ("86401", 86_400), ("99999999999999999999", 86_400),
    ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
    ("Sun Nov  6 08:50:37 1994", 60), ("Sun, 06 Nov 1994 08:48:37 GMT", 0),
    ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400), ("Mon, 07 Nov 1994 08:49:36 GMT", 86_399),
  ])
  func `reads seconds and dates`(text: String, seconds: Int) {
    #expect(RetryAfter.duration(text, now: now) == .seconds(seconds))
  }

  @Test(arguments: [
    "", "soon", "-1", "1.5", "+5", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
    "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "٣",
    "Sun, 06 Nov -1 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 PST",
  ])
  func `takes nothing else for a time`(text: String) {
    #expect(RetryAfter.duration(text, now: now) == nil)
  }

  @Test(arguments: [(Int64.min, 0), (-1, 0), (35, 35), (.max, 86_400)] as [(Int64, Int)])
  func `a number in a body is between nothing and a day`(number: Int64, seconds: Int) {
    #expect(RetryAfter.duration(seconds: number) == .seconds(seconds))
  }
}
