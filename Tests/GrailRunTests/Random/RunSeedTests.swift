import Testing

@testable import GrailRun

@Suite struct RunSeedTests {
  @Test func `drawn seeds lie in the range and differ`() {
    let seeds = (0..<100).map { _ in RunSeed.random() }
    #expect(seeds.allSatisfy(RunSeed.range.contains))
    #expect(Set(seeds).count > 95)
  }

  @Test func `derived seeds lie in the range and differ by seed and by path`() {
    let seeds = (0..<500).flatMap { seed in
      ["", "data", "data.train"].map { RunSeed.derived(from: seed, path: $0) }
    }
    #expect(seeds.allSatisfy(RunSeed.range.contains))
    // Two of 1,500 in 10⁹ are equal about once in a thousand tries.
    #expect(Set(seeds).count == 1500)
    let upper = seeds.count { $0 > 500_000_000 }
    #expect((650...850).contains(upper))
  }
}
