import GrailCore
import TestSupport
import Testing

@Suite struct DurationTextTests {
  @Test(
    arguments: [
      ("10", .seconds(10)), ("0", .zero), ("-0", .zero), ("0.5", .milliseconds(500)),
      (".5", .milliseconds(500)), ("5.", .seconds(5)), ("1e3", .seconds(1000)),
      ("2.5E-3", .microseconds(2500)), ("1e+2", .seconds(100)), ("0e999999999999999999999", .zero),
      ("1e-999999999999999999999", .zero), ("90s", .seconds(90)), ("1h30m", .seconds(5400)),
      ("250ms", .milliseconds(250)), ("2d", .seconds(172_800)), ("1.5h", .seconds(5400)),
      ("-1h30m", .seconds(-5400)), ("+3s", .seconds(3)), ("1m30.25s", .milliseconds(90_250)),
      ("7us", .microseconds(7)), ("7\u{b5}s", .microseconds(7)), ("7\u{3bc}s", .microseconds(7)),
      ("3ns", .nanoseconds(3)), ("30s1h", .seconds(3630)), ("1s1s", .seconds(2)),
      ("0.1s0.2s", .milliseconds(300)),
      ("000000000000000000000000000000000000000000007", .seconds(7)),
      ("1.000000000000000001", Duration(secondsComponent: 1, attosecondsComponent: 1)),
      ("0.0000000000000000005", Duration(secondsComponent: 0, attosecondsComponent: 1)),
      ("0.00000000000000000049", .zero), ("9223372036854775807", .seconds(Int64.max)),
      ("-9223372036854775807s", .seconds(-Int64.max)),
      ("106751991167300.64591435185185185185185185185185185d", .seconds(Int64.max)),
    ] as [(String, Duration)])
  func `reads what people write, exactly`(text: String, duration: Duration) {
    #expect(DurationText.read(text) == .value(duration))
  }

  @Test(arguments: [
    "9223372036854775808", "1e19", "1e999999999999999999999", "106751991167301d",
    "9223372036854775807s1ns", "-1e40", "99999999999999999999999999999999999999999999999d",
    "9223372036854775807s9223372036854775807s9223372036854775807s",
  ])
  func `refuses what is too long`(text: String) {
    #expect(DurationText.read(text) == .outOfRange)
  }

  @Test(arguments: [
    "", "-", "+", "s", ".", ".s", "1x", "1 s", " 1s", "1s ", "1h30", "1.2.3", "1..2s", "--1",
    "1h-1m",
    "1e", "1e3s", "1e1e1", "e3", "0x10", "nan", "inf", "1_000", "1H", "1min", "1,5h", "٣s",
    "1s\u{0}",
    "1µ", "99999999999999999999d1", "1e+-3", "90s\n",
  ])
  func `refuses what is no duration`(text: String) {
    #expect(DurationText.read(text) == .notADuration)
  }

  @Test(
    arguments: [
      (.zero, "0s"), (.seconds(90), "1m30s"), (.seconds(5400), "1h30m"), (.seconds(60), "1m"),
      (.seconds(3601), "1h1s"), (.seconds(86_400), "1d"), (.seconds(172_801), "2d1s"),
      (.milliseconds(250), "250ms"), (.milliseconds(1500), "1.5s"), (.seconds(10), "10s"),
      (.milliseconds(61_050), "1m1.05s"), (.microseconds(1500), "1.5ms"), (.microseconds(2), "2us"),
      (.nanoseconds(15), "15ns"), (.seconds(-5400), "-1h30m"), (.milliseconds(-1), "-1ms"),
      (Duration(secondsComponent: 0, attosecondsComponent: 1), "0.000000001ns"),
      (Duration(secondsComponent: 3600, attosecondsComponent: 1), "1h0.000000000000000001s"),
    ] as [(Duration, String)])
  func `writes each duration in one form`(duration: Duration, text: String) {
    #expect(DurationText.text(of: duration) == text)
    #expect(DurationText.read(text) == .value(duration))
  }

  @Test func `what is written reads as the same`() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<5000 {
      // Of all sizes, with trailing zeros as often as not.
      let shift = Int.random(in: 0...62, using: &generator)
      var seconds = Int.random(in: -Int.max...Int.max, using: &generator) >> shift
      var attoseconds = Int.random(
        in: -999_999_999_999_999_999...999_999_999_999_999_999, using: &generator)
      let unit =
        [1, 1_000_000_000, 1_000_000_000_000_000, .max].randomElement(using: &generator) ?? 1
      attoseconds -= attoseconds % unit
      if Bool.random(using: &generator) { attoseconds = 0 }
      if Int.random(in: 0..<5, using: &generator) == 0 { seconds -= seconds % 3600 }
      let duration = Duration(
        secondsComponent: Int64(seconds), attosecondsComponent: Int64(attoseconds))
      guard abs(seconds) < Int.max - 1 else { continue }
      let text = DurationText.text(of: duration)
      #expect(DurationText.read(text) == .value(duration), "\(text)")
    }
  }

  @Test func `no text stops the reader, and what it reads it can write`() {
    var generator = SeededGenerator(seed: 2)
    let parts = [
      "0", "1", "9", "00", "999999999999999999", ".", "-", "+", "e", "E", "d", "h", "m", "s", "ms",
      "us", "µs", "ns", " ", "é", "\u{301}", "🎲",
    ]
    var readable = 0
    for _ in 0..<10_000 {
      let count = Int.random(in: 0...8, using: &generator)
      let text = (0..<count).compactMap { _ in parts.randomElement(using: &generator) }.joined()
      guard case .value(let duration) = DurationText.read(text) else { continue }
      readable += 1
      let written = DurationText.text(of: duration)
      #expect(DurationText.read(written) == .value(duration), "\(text) \(written)")
    }
    #expect(readable > 300)
  }
}
