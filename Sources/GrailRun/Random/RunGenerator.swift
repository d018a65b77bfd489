/// Random numbers that depend on a run's seed and on names alone.
///
/// Ask a run for one generator for each purpose, by name, and keep it in a variable:
///
///     var generator = run.generator("shuffle")
///     generator.shuffle(&samples)
///     let noise = generator.normal(standardDeviation: 0.1)
///
/// Equal seeds, paths and names give equal numbers: in every version of Grail and of Swift, on every
/// system, whichever thread asks, and whatever other generators of the run have given before. So a
/// purpose that is added to an experiment changes the numbers of no other. A generator is a value:
/// a copy goes on by itself and gives the same numbers as the original.
///
/// All of this is a promise about the generator's own methods. Swift's `Int.random(in:using:)`,
/// `shuffled(using:)` and their like take it too, but what they make of its bits belongs to the
/// version of Swift. The numbers are not fit for keys and passwords.
///
/// The bits are those of xoshiro256++ 1.0. Its state is the SHA-256 digest of these bytes: the ASCII
/// text `grail.generator.1`; the seed as 8 bytes; the number of the path's UTF-8 bytes as 8 bytes,
/// and these bytes; the same of the name. Numbers are little-endian, and texts are not normalized.
/// The digest's bytes, 8 by 8 and little-endian, are the four words of the state; should all be 0,
/// the first is 1 instead. The path is that of the ingredient in the configuration, such as
/// `data.train`, and empty for the experiment itself.
///
/// - SeeAlso: David Blackman and Sebastiano Vigna, "Scrambled linear pseudorandom number
///   generators", ACM Transactions on Mathematical Software 47 (2021), and
///   <https://prng.di.unimi.it/xoshiro256plusplus.c>.
public struct RunGenerator: RandomNumberGenerator, Hashable, Sendable {
  @usableFromInline var state0: UInt64
  @usableFromInline var state1: UInt64
  @usableFromInline var state2: UInt64
  @usableFromInline var state3: UInt64

  /// Creates a generator with a state of its own.
  ///
  /// - Parameter state: The state's four words; all 0, which would give nothing but 0, stands for
  ///   1, 0, 0, 0.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    (state0, state1, state2, state3) = state
    if state == (0, 0, 0, 0) { state0 = 1 }
  }

  /// Creates the generator of an ingredient.
  ///
  /// - Parameters:
  ///   - seed: The seed of the run.
  ///   - path: The ingredient's path, such as `data.train`; empty for the experiment itself.
  ///   - name: What the numbers are for.
  package init(seed: Int, path: String, name: String) {
    self.init(
      state: SeedDigest.words(tag: "grail.generator.1", seed: seed, [path, name]))
  }

  /// Creates a generator outside of a run, such as in a test.
  ///
  /// It gives the numbers that an experiment's run with this seed gets from its generator of this
  /// name.
  ///
  /// - Parameters:
  ///   - seed: Any whole number.
  ///   - name: What the numbers are for.
  public init(seed: Int, name: String = "") {
    self.init(seed: seed, path: "", name: name)
  }

  /// Returns the next 64 bits, each as random as the others.
  @inlinable
  public mutating func next() -> UInt64 {
    let result = (state0 &+ state3).rotated(left: 23) &+ state0
    let shifted = state1 << 17
    state2 ^= state0
    state3 ^= state1
    state1 ^= state2
    state0 ^= state3
    state2 ^= shifted
    state3 = state3.rotated(left: 45)
    return result
  }
}

extension UInt64 {
  /// The bits moved up, those that fall out at the top entering at the bottom.
  @inlinable
  func rotated(left count: UInt64) -> UInt64 {
    self << count | self >> (64 - count)
  }
}
