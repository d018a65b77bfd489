/// The seeds of runs: whole numbers that a person can type.
package enum RunSeed {
  /// The seeds that Grail draws and derives; one that an author states may be any number.
  package static let range: ClosedRange<Int> = 1...1_000_000_000

  /// Draws the seed of a run that states none, from the system's source of randomness.
  package static func random() -> Int {
    var system = SystemRandomNumberGenerator()
    return Int.random(in: range, using: &system)
  }

  /// Derives the seed of a part of a run, for what takes a whole number as its seed.
  ///
  /// The result is a promise, the same in every version of Grail and on every system: the first
  /// word of the digest that ``SeedDigest`` describes, with the tag `grail.seed.1` and the path as
  /// its only text, modulo 1,000,000,000, plus 1.
  ///
  /// - Parameters:
  ///   - seed: The seed of the run.
  ///   - path: Whose seed it is, such as an ingredient's path in the configuration, `data.train`.
  /// - Returns: A seed in ``range``; another one than `seed` for the empty path too.
  package static func derived(from seed: Int, path: String) -> Int {
    let word = SeedDigest.words(tag: "grail.seed.1", seed: seed, [path]).0
    return Int(word % UInt64(range.count)) + range.lowerBound
  }
}
