import GrailArchive
import GrailCore
import GrailRecord
import GrailStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a command ends with an exit code of its own.
struct CommandFailure: Error, Hashable {
  /// The exit code: 1 for "differs" or "nothing matched", 64 for a mistake in what was typed, 66 for
  /// what is not there.
  var code: Int32
  /// What was found, what was expected and what to do; nothing where the output says it.
  var message: String

  init(code: Int32, message: String) { (self.code, self.message) = (code, message) }

  /// Nothing of what was asked for is there, and nothing was wrong.
  static let nothing = CommandFailure(code: 1, message: "")

  /// A mistake in what was typed.
  static func usage(_ message: String) -> CommandFailure {
    CommandFailure(code: 64, message: message)
  }

  /// The end that an error makes; `nil` if the parser of the command line knows it better.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as QueryError: self = .usage(error.rendering)
    case let error as NoSuchRun: self.init(code: 66, message: "\(error)")
    case let error as NoSuchStore: self.init(code: 66, message: "\(error)")
    case let error as RunReaderError: self.init(code: 66, message: "\(error)")
    case let error as KeepingError: self.init(code: 1, message: "\(error)")
    case let error as ArchiveError: self.init(code: 66, message: "\(error)")
    case let error as FileError: self.init(code: 73, message: "\(error)")
    default: return nil
    }
  }
}

/// Ends the process.
func endProcess(_ code: Int32) -> Never { exit(code) }
