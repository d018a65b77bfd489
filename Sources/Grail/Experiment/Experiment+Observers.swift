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
  ///   - observer: The observer; it is made when the first run begins, which does not begin if that
  ///     throws. `nil` tells nobody, as `SlackObserver.fromEnvironment()` does where nothing is set.
  ///   - name: What the runs' records call it: letters, digits, `-`, `_` and `.`. It says how far the
  ///     observer is, so keep it when the program changes, and use it for one observer only; a run
  ///     does not begin with a name that is no such or is there twice.
  public func observe(
    _ observer: @autoclosure @escaping @Sendable () throws -> (any RunObserver)?, as name: String
  ) {
    let declared = DeclaredObserver(name: name, make: observer)
    observers.withLock { $0.append(declared) }
  }

  /// The settings with the experiment's own observers.
  ///
  /// - Throws: ``RunStartError`` if two have one name, or one cannot be made.
  func addObservers(to settings: inout RunSettings) throws(RunStartError) {
    for declared in observers.withLock({ $0 }) {
      let name = declared.name
      let observer: (any RunObserver)?
      do {
        observer = try declared.observer
      } catch {
        throw RunStartError(
          code: .invalidObserver, message: "the observer \(quoted(name)): \(error)")
      }
      guard let observer else { continue }
      guard settings.observers.updateValue(observer, forKey: name) == nil else {
        throw RunStartError(
          code: .invalidObserver,
          message: "two observers are called \(quoted(name)); give each a name of its own")
      }
    }
  }
}

/// An observer that is made when it is first needed, and once.
final class DeclaredObserver: Sendable {
  /// What the runs' records call it.
  let name: String
  private let make: @Sendable () throws -> (any RunObserver)?
  private let made = Mutex<(any RunObserver)??>(nil)

  init(name: String, make: @escaping @Sendable () throws -> (any RunObserver)?) {
    (self.name, self.make) = (name, make)
  }

  /// The observer; `nil` if there is none.
  var observer: (any RunObserver)? {
    get throws {
      try made.withLock { made in
        if let made { return made }
        let observer = try make()
        made = .some(observer)
        return observer
      }
    }
  }
}
