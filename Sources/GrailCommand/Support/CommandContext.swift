import GrailCore
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a command finds around it: where it prints, the environment, the present moment.
struct CommandContext: Sendable {
  /// What standard output can show.
  var output: Terminal
  /// What standard error can show.
  var errors: Terminal
  var environment: [String: String]

  /// That of this process.
  static let current: CommandContext = {
    let environment = ProcessEnvironment.variables
    return CommandContext(
      output: Terminal(of: STDOUT_FILENO, environment: environment),
      errors: Terminal(of: STDERR_FILENO, environment: environment), environment: environment)
  }()

  /// The present moment.
  var now: Timestamp { SystemClock.now() }

  /// Prints, through a pager where the output is longer than the screen.
  ///
  /// - Parameter body: Is given what takes text.
  /// - Throws: What `body` throws; ``Pager/OutputClosed`` if nobody reads any more.
  func page(_ body: (_ write: (String) throws -> Void) throws -> Void) throws {
    let pager = Pager(terminal: output, environment: environment)
    try body { try pager.write($0) }
    try pager.close()
  }

  /// Says something on standard error.
  static func warn(_ line: String) { write(line + "\n") }

  /// Says on standard error that something could not be done, and goes on.
  static func complain(_ message: String) {
    warn("\(current.errors.styled("grail:", [.bold, .red])) \(message)")
  }

  /// Writes a text to standard error.
  static func write(_ text: String) {
    Array(text.utf8).withUnsafeBytes { bytes in
      _ = Self.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
    }
  }

  private static func write(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes, count)
    #else
      Darwin.write(file, bytes, count)
    #endif
  }
}

/// The process's variables.
enum ProcessEnvironment {
  static var variables: [String: String] {
    var variables: [String: String] = [:]
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if let sign = text.firstIndex(of: "=") {
        variables[String(text[..<sign])] = String(text[text.index(after: sign)...])
      }
      place += 1
    }
    return variables
  }
}
