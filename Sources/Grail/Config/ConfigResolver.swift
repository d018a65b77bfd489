import GrailCore
import GrailRun
import OrderedCollections

/// Makes the configuration of a run from all its sources.
///
/// Lowest to highest: defaults, the author's settings, named configurations and files in the
/// order given, configuration hooks, updates. Updates are fixed first, so that everything which
/// reads them sees their values.
struct ConfigResolver<View: Sendable>: Sendable {
  /// The configuration's type.
  var model: any ConfigModel<View>
  /// The author's settings, in the order in which they were made.
  var authorLayers: [ConfigLayer] = []
  /// The named configurations.
  var named: OrderedDictionary<String, NamedConfig> = [:]
  /// The configuration hooks, those of nested configurations first.
  var hooks: [ConfigLayer] = []
  /// The configurations, other than the whole, that take a seed.
  var seededParts: [ConfigPart] = []

  /// Passes over the sources until choices among branches settle.
  private static var maxPasses: Int { 8 }

  /// The entries, with the seeds that Grail adds.
  var schema: ConfigSchema { model.schema.addingSeeds(at: seededParts) }

  /// Makes a configuration.
  ///
  /// - Parameters:
  ///   - words: Updates, names of named configurations, and files.
  ///   - edits: What code sets, which counts as updates; words win over it.
  ///   - command: The command that is going to run.
  /// - Returns: The configuration, complete and valid.
  /// - Throws: ``ConfigProblems`` with everything that is wrong.
  func resolve(
    _ words: [String], edits: [ConfigChange] = [], command: String = "run"
  ) throws(ConfigProblems) -> ResolvedConfig<View> {
    let words = words.map { word(for: $0) }
    var choices = model.schema.choices
    var pass = Pass(choices: choices)
    for _ in 0..<Self.maxPasses {
      pass = run(words, edits: edits, command: command, choices: choices)
      if pass.choices == choices { break }
      choices = pass.choices
    }
    return try build(pass, order: words.map(\.path))
  }

  /// What code sets for one run.
  ///
  /// - Parameters:
  ///   - edit: Sets entries; it reads the author's settings.
  ///   - command: The command that is going to run.
  /// - Returns: What it sets.
  /// - Throws: What the edit throws.
  func changes(by edit: ConfigLayer, command: String) throws -> [ConfigChange] {
    let draft = ConfigDraft(model: model, fixed: [])
    for layer in authorLayers { _ = layer.apply(to: draft, command: command) }
    try edit.decide(draft, command: command)
    return draft.decisions.changes.filter { $0.origin == .update }
  }

  /// What is wrong with the words, by themselves and together.
  func problems(with words: [String]) -> [ConfigError] {
    do throws(ConfigProblems) {
      _ = try resolve(words)
      return []
    } catch {
      return error.problems
    }
  }

  /// What became of one pass over the sources.
  private struct Pass {
    /// The branches that are chosen in the end.
    var choices: [String: String]
    var decided: [ConfigChange] = []
    var problems: [ConfigError] = []
    var updates: [ConfigChange] = []
    var names: [String] = []
  }

  // MARK: - The sources

  private func run(
    _ words: [Word], edits: [ConfigChange], command: String, choices: [String: String]
  ) -> Pass {
    let schema = schema.choosing(choices)
    var pass = Pass(choices: choices)
    var readings = schema.read(words.compactMap(\.update))[...]
    var layers: [ConfigLayer] = []
    for word in words {
      switch word {
      case .update:
        switch readings.popFirst() {
        case .success(let reading): pass.updates += reading.changes
        case .failure(let error): pass.problems += error.problems
        case nil: break
        }
      case .named(let name, let layer):
        pass.names.append(name)
        layers.append(layer)
        if !layer.isChosen(choices) {
          let needed = layer.neededChoices.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
          pass.problems.append(
            ConfigError(
              code: .otherBranch, path: name,
              message: "the named configuration \(quoted(name)) needs \(needed); "
                + "add that, or leave \(quoted(name)) out"))
        }
      case .unknown(let error): pass.problems.append(error)
      }
    }
    pass.updates =
      edits.filter { edit in !pass.updates.contains { edit.isWithin($0.path) } }
      + pass.updates
    // The choice of a branch comes before its entries, a list before its elements.
    pass.updates.sortStably { $0.order < $1.order }
    // A file may set a seed, although the model has no such entry.
    let draft = ConfigDraft(model: model, schema: self.schema, fixed: pass.updates)
    for layer in authorLayers + layers + hooks where layer.isChosen(choices) {
      pass.problems += layer.apply(to: draft, command: command)
    }
    pass.decided = draft.all.changes
    pass.choices = draft.choices
    return pass
  }

  // MARK: - The result

  private func build(
    _ pass: Pass, order: [String]
  ) throws(ConfigProblems) -> ResolvedConfig<View> {
    var problems = pass.problems
    let schema = schema.choosing(pass.choices)
    let added = Set(schema.addedSeeds(to: model.schema.choosing(pass.choices)))
    let seeds = pass.decided.filter { added.contains($0.path) }
    do throws(ConfigProblems) {
      let changes = pass.decided.filter { !added.contains($0.path) }
      let built = try model.build(changes)
      // What is wrong is known already; nothing is added to it.
      guard problems.isEmpty else { throw ConfigProblems([]) }
      var value = built.value
      for seed in seeds {
        value = value.setting(seed.value, at: seed.path.pathComponents[...]) ?? value
      }
      return ResolvedConfig(
        config: built.view, value: schema.redacting(value), parts: built.parts,
        changes: pass.decided.map(schema.redacting), updates: pass.updates.map(schema.redacting),
        choices: pass.choices, names: pass.names,
        seeds: Dictionary(
          schema.seeds(in: value), uniquingKeysWith: { first, _ in first }))
    } catch {
      // What was refused already needs no second word, nor what a source that cannot be read may
      // have set.
      let known = problems.map(\.path)
      let isSourceMissing = problems.contains { $0.code == .badFile || $0.code == .unknownName }
      problems += error.problems.filter { later in
        !(isSourceMissing && later.code == .required) && !problems.contains(later)
          && !known.contains { !$0.isEmpty && later.path.isPart(of: $0) }
      }
      let places = order.enumerated().sorted { $0.element.count > $1.element.count }
      func place(of problem: ConfigError) -> Int {
        places.first { problem.path.isPart(of: $0.element) }?.offset ?? .max
      }
      problems.sortStably { place(of: $0) < place(of: $1) }
      throw ConfigProblems(problems)
    }
  }

  // MARK: - Words

  /// What a word after `with` stands for.
  private enum Word {
    case update(String)
    case named(String, ConfigLayer)
    case unknown(ConfigError)

    var update: String? { if case .update(let word) = self { word } else { nil } }

    /// The name that its problems have.
    var path: String {
      switch self {
      case .update(let word): (try? ConfigUpdate(parsing: word).path) ?? word
      case .named(let name, _): name
      case .unknown(let error): error.path
      }
    }
  }

  private func word(for word: String) -> Word {
    if word.contains("=") { return .update(word) }
    if let config = named[word] { return .named(word, config.layer) }
    if ConfigFile.isMeant(by: word) {
      return .named(word, .file(word, origin: .file(word)))
    }
    let names = Array(named.keys)
    let hint =
      if let near = names.closest(to: word) {
        "did you mean \(quoted(near))?"
      } else if names.isEmpty {
        "this experiment has none; an update is written NAME=VALUE"
      } else {
        "there are \(names.joined(separator: ", ")); an update is written NAME=VALUE"
      }
    return .unknown(
      ConfigError(
        code: .unknownName, path: word,
        message: "there is no named configuration or file \(quoted(word)); \(hint)"))
  }
}

/// A named configuration.
struct NamedConfig: Sendable {
  /// What it is for, in the words of its author.
  var help: String
  /// Sets its entries.
  var layer: ConfigLayer
}

/// A configuration that is complete and valid, and where it came from.
package struct ResolvedConfig<View: Sendable>: Sendable {
  /// The configuration as the experiment sees it.
  package var config: View
  /// The configuration as it is recorded, in the order of its entries.
  package var value: Value
  /// The configuration and those nested in it.
  package var parts: [RunConfiguration]
  /// Everything that was set, lowest source first, without secrets.
  package var changes: [ConfigChange]
  /// What this run set from outside, without secrets.
  package var updates: [ConfigChange]
  /// The branches that are chosen, by the dotted names of the variants.
  package var choices: [String: String]
  /// The named configurations and files, in the order given.
  package var names: [String]
  /// The seeds that are set, by the dotted names of the configurations.
  package var seeds: [String: Int]
}

extension ConfigChange {
  /// The place among updates of one run.
  fileprivate var order: Int {
    path.pathComponents.count * 2 - (path.hasSuffix("." + ConfigType.choiceName) ? 3 : 0)
  }
}

extension String {
  /// Whether a dotted name is another, or leads to a part of it: `data.size` or `widths[1]`.
  fileprivate func isPart(of whole: String) -> Bool {
    hasPrefix(whole) && (count == whole.count || [".", "["].contains(dropFirst(whole.count).first))
  }
}

extension Array {
  /// Sorts without changing the order of what is equal.
  fileprivate mutating func sortStably(by areInOrder: (Element, Element) -> Bool) {
    self = enumerated().sorted { first, second in
      if areInOrder(first.element, second.element) { return true }
      return !areInOrder(second.element, first.element) && first.offset < second.offset
    }.map(\.element)
  }
}
