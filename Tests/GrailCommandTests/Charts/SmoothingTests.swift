import GrailCommand
import Testing

@Suite struct SmoothingTests {
  @Test func `weighs the past and is not drawn to zero`() {
    // By hand: 1; (0.5·0.5 + 0.5·3) / 0.75; (0.5·1.75 + 0.5·5) / 0.875.
    let smoothed = Smoothing(weight: 0.5).applied(to: [1, 3, 5])
    #expect(smoothed[0] == 1)
    #expect(abs(smoothed[1] - 7.0 / 3) < 1e-12)
    #expect(abs(smoothed[2] - 27.0 / 7) < 1e-12)
  }

  @Test func `keeps a constant and the first value`() {
    for weight in [0, 0.6, 0.99, 1, 5, .nan] {
      let smoothed = Smoothing(weight: weight).applied(to: Array(repeating: 2.5, count: 50))
      #expect(smoothed.allSatisfy { abs($0 - 2.5) < 1e-9 })
    }
  }

  @Test func `passes over what is no number`() {
    let values = [1, .nan, 3, .infinity, 5]
    let smoothed = Smoothing(weight: 0.5).applied(to: values)
    let dense = Smoothing(weight: 0.5).applied(to: [1, 3, 5])
    #expect(smoothed[1].isNaN)
    #expect(smoothed[3] == .infinity)
    #expect([smoothed[0], smoothed[2], smoothed[4]] == dense)
  }

  @Test func `survives the largest numbers`() {
    let large = Double.greatestFiniteMagnitude
    let smoothed = Smoothing(weight: 0.9).applied(to: [large, -large, large])
    #expect(smoothed.allSatisfy { $0.isFinite })
  }
}
