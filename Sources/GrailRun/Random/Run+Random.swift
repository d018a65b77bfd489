extension Run {
  /// What every generator of the run's random numbers starts from.
  public final var seed: Int { seed(ofPart: "") }

  /// Returns a generator of random numbers that are the same for the same seed.
  ///
  /// The numbers follow from the run's seed, the part of the configuration that asks, such as an
  /// ingredient's command, and the name alone: not from who asked before, threads, platform or
  /// Swift's version. Each call starts the sequence anew, so keep the generator in a variable:
  ///
  /// ```swift
  /// var generator = run.generator("shuffle")
  /// generator.shuffle(&images)
  /// let noise = generator.normal()
  /// ```
  ///
  /// - Parameter name: What the numbers are for.
  /// - Returns: The generator.
  public final func generator(_ name: String) -> RunGenerator {
    let path = currentPath
    return RunGenerator(seed: seed(ofPart: path), path: path, name: name)
  }

  /// The seed that counts for a part: its own, else that of the nearest part around it.
  private func seed(ofPart path: String) -> Int {
    var path = path[...]
    while !path.isEmpty {
      if let seed = inputs.seeds[String(path)] { return seed }
      path = path.lastIndex(of: ".").map { path[..<$0] } ?? ""
    }
    return inputs.seeds[""] ?? 1
  }
}
