import GrailCore
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00"),
    (1_709_209_825_250_000, "2024-02-29T12:30:25.250000"),
    (-1, "1969-12-31T23:59:59.999999"),
    (253_402_300_799_000_001, "9999-12-31T23:59:59.000001"),
  ])
  func `is written and read as ISO 8601`(microseconds: Int64, text: String) {
    let time = Timestamp(microseconds: microseconds)
    #expect(time.isoText == text)
    #expect(Timestamp(isoText: text) == time)
    #expect(Timestamp(isoText: time.description) == time)
  }

  @Test(arguments: [
    ("2024-02-29 12:30", 1_709_209_800_000_000),
    ("2024-02-29", 1_709_164_800_000_000),
    ("2024-02-29T14:30:00.5+02:00", 1_709_209_800_500_000),
    ("2024-02-29T12:30:00.1234567Z", 1_709_209_800_123_456),
  ])
  func `reads the variants of ISO 8601`(text: String, microseconds: Int64) {
    #expect(Timestamp(isoText: text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2023-02-29", "2024-13-01", "2024-01-01T25:00", "2024-01-01T12:00:00.", "yesterday",
    "2024-01-01T12:00:00+", "2024-01-01T12:00:00ZZ",
  ])
  func `refuses what is no moment`(text: String) {
    #expect(Timestamp(isoText: text) == nil)
  }
}
