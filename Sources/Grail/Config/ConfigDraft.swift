import GrailCore
import GrailRun

/// A configuration while its sources decide about it, one after the other.
///
/// An edit reads what is decided so far, with what is fixed from outside, and freezes nothing: it
/// reads from a scratch copy that is made anew after each change. Belongs to one thread.
final class ConfigDraft {
  /// What is decided so far, without what is fixed.
  private(set) var decisions: ConfigDecisions
  /// The entries with their types and defaults.
  let schema: ConfigSchema
  /// Who decides at present.
  var origin = ConfigOrigin.author {
    didSet { refusedVariants = [] }
  }
  private let fixed: [ConfigChange]
  private let makeScratch: ([ConfigChange]) -> Any
  private var cachedScratch: Any?
  /// The variants of which the present source chose a branch that does not count.
  private var refusedVariants: Set<String> = []

  /// Creates a draft in which nothing is decided.
  ///
  /// - Parameters:
  ///   - model: Makes the scratch copies.
  ///   - schema: The entries, if there are more than the model's own, such as seeds.
  ///   - fixed: What the run sets from outside, which nothing here overrides.
  init(model: some ConfigModel, schema: ConfigSchema? = nil, fixed: [ConfigChange]) {
    self.schema = schema ?? model.schema
    var outside = ConfigDecisions(about: model.schema)
    for change in fixed { outside.add(change) }
    // What is decided about a branch that is chosen from outside counts.
    decisions = ConfigDecisions(about: model.schema.choosing(outside.choices))
    self.fixed = fixed
    makeScratch = { model.scratch($0) }
  }

  /// What an edit reads from.
  var scratch: Any {
    if let cachedScratch { return cachedScratch }
    let scratch = makeScratch(all.changes)
    cachedScratch = scratch
    return scratch
  }

  /// What is decided so far, with what is fixed on top.
  var all: ConfigDecisions {
    var all = decisions
    for change in fixed { all.add(change) }
    return all
  }

  /// The branches that are chosen, also by defaults that depend on what is decided.
  var choices: [String: String] {
    let computed = (scratch as? any Configuration)?.choices() ?? [:]
    return all.choices.merging(computed) { _, computed in computed }
  }

  /// Chooses a branch of a variant with nothing set in it, unless another one is fixed.
  ///
  /// - Parameters:
  ///   - branch: The branch's name.
  ///   - variant: The variant's dotted name.
  /// - Returns: Whether the branch is chosen.
  func choose(_ branch: String, of variant: String) -> Bool {
    let path = "\(variant).\(ConfigType.choiceName)"
    let outer = fixed.last { path == $0.path || path.hasPrefix($0.path + ".") }
    if let outer, outer.path != path || outer.value != .text(branch) { return false }
    decisions.forget(variant)
    decisions.add(ConfigChange(path: path, value: .text(branch), origin: origin))
    cachedScratch = nil
    return true
  }

  /// Sets an entry, unless it is fixed.
  ///
  /// - Parameters:
  ///   - path: The dotted name.
  ///   - value: The value.
  func set(_ path: String, to value: Value) { add(ConfigChange(path: path, value: value)) }

  /// Makes a change, unless it is fixed.
  ///
  /// - Parameter change: The change, which gets the origin of who decides at present.
  func add(_ change: ConfigChange) {
    var change = change
    change.origin = origin
    if refusedVariants.contains(where: change.isWithin) { return }
    if let outer = fixed.last(where: { change.isWithin($0.path) }) {
      // The entries beside a choice that does not count do not either.
      if let variant = decisions.chosenVariant(change), outer.value != change.value {
        refusedVariants.insert(variant)
      }
      return
    }
    decisions.add(change)
    cachedScratch = nil
  }
}
