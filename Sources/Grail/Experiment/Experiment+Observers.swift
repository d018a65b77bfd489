public import GrailCore
import GrailRun
import Synchronization

extension Experiment {
  /// Adds who is told what happens in each run, to keep it elsewhere or tell somebody.
  ///
  /// ```swift
  /// experiment.observe(TeamChannel(), as: "team")
  /// ```
  ///
  /// The observer is told while the run goes on, from its journal, and never slows or ends it. One
  /// that fails is told the same again, with growing pauses. The end of a run waits for it at most
  /// for the time of `--observer-timeout`; what is left then, and what a run that was killed left,
  /// is delivered by `PROGRAM sync`. Runs with `-u` tell nobody.
  ///
  /// - Parameters:
  ///   - observer: The observer.
  ///   - name: What the runs' records call it: letters, digits, `-`, `_` and `.`. It says how far the
  ///     observer is, so keep it when the program changes, and use it for one observer only; a run
  ///     does not begin with a name that is no such or is there twice.
  public func observe(_ observer: some RunObserver, as name: String) {
    observers.withLock { $0.append((name, observer)) }
  }

  /// The settings with the experiment's own observers.
  ///
  /// - Throws: ``RunStartError`` if two have one name.
  func addObservers(to settings: inout RunSettings) throws(RunStartError) {
    for (name, observer) in observers.withLock({ $0 }) {
      guard settings.observers.updateValue(observer, forKey: name) == nil else {
        throw RunStartError(
          code: .invalidObserver,
          message: "two observers are called \(quoted(name)); give each a name of its own")
      }
    }
  }
}
