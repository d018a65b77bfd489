#if Macros
  import GrailRun

  @testable import Grail

  /// The configuration that a run would have.
  func resolve<C: Configuration>(
    _ type: C.Type, _ words: [String] = [], ingredients: [AnyIngredient] = [],
    command: String = "run", _ declare: (Experiment<ConfigView<C>>) -> Void = { _ in }
  ) throws(ConfigProblems) -> ResolvedConfig<ConfigView<C>> {
    let experiment = Experiment("test", config: C.self, ingredients: ingredients) { _ in }
    declare(experiment)
    return try experiment.assembly().resolver.resolve(words, command: command)
  }

  /// The lines that say what is wrong.
  func problems<C: Configuration>(
    _ type: C.Type, _ words: [String] = [], ingredients: [AnyIngredient] = [],
    _ declare: (Experiment<ConfigView<C>>) -> Void = { _ in }
  ) -> [String] {
    do throws(ConfigProblems) {
      _ = try resolve(type, words, ingredients: ingredients, declare)
      return []
    } catch {
      return error.problems.map(\.message)
    }
  }

  extension ResolvedConfig {
    /// Who set what, by dotted name.
    var sources: [String: String] {
      Dictionary(changes.map { ($0.path, $0.origin.text) }) { _, last in last }
    }
  }
#endif
