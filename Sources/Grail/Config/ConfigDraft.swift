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
  var origin = ConfigOrigin.author
  private let fixed: [ConfigChange]
  private let makeScratch: ([ConfigChange]) -> Any
  private var cachedScratch: Any?

  /// Creates a draft in which nothing is decided.
  ///
  /// - Parameters:
  ///   - model: Makes the scratch copies.
  ///   - schema: The entries, if there are more than the model's own, such as seeds.
  ///   - fixed: What the run sets from outside, which nothing here overrides.
  init(model: some ConfigModel, schema: ConfigSchema? = nil, fixed: [ConfigChange]) {
    self.schema = schema ?? model.schema
    decisions = ConfigDecisions(defaultChoices: model.schema.choices)
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
    guard !fixed.contains(where: { change.isWithin($0.path) }) else { return }
    decisions.add(change)
    cachedScratch = nil
  }
}
