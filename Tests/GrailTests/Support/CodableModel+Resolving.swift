import GrailRun

@testable import Grail

extension CodableModel {
  /// The configuration that an experiment without anything else would have.
  func resolve(_ words: [String]) throws(ConfigProblems) -> ResolvedConfig<Configured> {
    try ConfigResolver(model: self).resolve(words)
  }
}

extension ExperimentInterface {
  /// What an experiment `train` offers that has nothing but a configuration.
  init(_ model: any ConfigModel) {
    self.init(program: "train", schema: model.schema.addingSeeds(at: []))
  }
}
