import Synchronization

/// Questions to git that are asked while the program still reads its command line, or makes the
/// run's record.
///
/// Git answers in milliseconds, and most of them pass before the run begins.
package enum EarlyQueries {
  private static let asked = Mutex<(file: String, queries: GitQueries)?>(nil)

  /// Asks about the repository of a file, for the run that is about to begin; a second time does
  /// nothing.
  ///
  /// - Parameter file: The file that declares the experiment.
  package static func ask(declaredIn file: String) {
    asked.withLock { asked in
      guard asked?.file != file else { return }
      asked = (file, GitQueries(declaredIn: file, environment: ProcessEnvironment()))
    }
  }

  /// Takes what was asked, once.
  ///
  /// - Parameter file: The file that declares the experiment.
  /// - Returns: `nil` if nothing was asked about it.
  static func take(declaredIn file: String) -> GitQueries? {
    asked.withLock { asked in
      guard let (askedFile, queries) = asked, askedFile == file else { return nil }
      asked = nil
      return queries
    }
  }
}
