import GrailCommand
import GrailCore
import TestSupport
import Testing

@Suite struct NumberTextTests {
  @Test(
    arguments: [
      (0.0, "0.0"), (-0.0, "0.0"), (1, "1.0"), (0.1, "0.1"), (0.123456789, "0.12346"), (7, "7.0"),
      (1234.5678, "1234.6"), (12345.678, "12345.7"), (123_456.7, "123456.7"), (999_999.96, "1e6"),
      (1_500_000, "1.5e6"), (0.0001, "0.0001"), (0.000_123_456_78, "0.00012346"), (0.00001, "1e-5"),
      (1.23456e-5, "1.2346e-5"), (-2.5e-300, "-2.5e-300"), (.leastNonzeroMagnitude, "5e-324"),
      (.greatestFiniteMagnitude, "1.7977e308"), (.nan, "nan"), (.infinity, "inf"),
      (-.infinity, "-inf"),
      (0.999_999, "1.0"), (1.0 / 3, "0.33333"), (99999.99, "100000.0"), (9.99999e-5, "0.0001"),
    ] as [(Double, String)])
  func `shortens a number`(number: Double, text: String) {
    // Rounded up to another magnitude, the exponent may stay.
    let shown = NumberText.text(of: number)
    #expect(shown == text || (number == 9.99999e-5 && shown == "1e-4"))
  }

  @Test func `stays near the number`() {
    var numbers = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let number = Double(bitPattern: numbers.next())
      guard number.isFinite, number.magnitude > 1e-300, number.magnitude < 1e300 else { continue }
      let read = Double(NumberText.text(of: number)) ?? .nan
      #expect(abs(read - number) <= abs(number) * 0.6e-4)
    }
  }

  @Test func `writes values`() {
    #expect(NumberText.text(of: .int(1_234_567)) == "1234567")
    #expect(NumberText.text(of: .double(2)) == "2.0")
    #expect(NumberText.text(of: .text("a b")) == "a b")
    #expect(NumberText.text(of: [1, 2.5, "x"]) == "[1, 2.5, \"x\"]")
    #expect(NumberText.text(of: .null) == "null")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1234, "1234"), (12_345, "12,345"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `groups the digits of a count`(count: Int, text: String) {
    #expect(NumberText.text(ofCount: count) == text)
  }

  @Test(
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (64 << 20, "64 MiB"),
      (1_048_575, "1 MiB"), (10_200, "10 KiB"), (Int64.max, "8 EiB"), (Int64.min, "-8 EiB"),
    ] as [(Int64, String)])
  func `writes sizes`(bytes: Int64, text: String) {
    #expect(NumberText.text(ofBytes: bytes) == text)
  }
}
