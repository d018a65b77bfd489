import CGrailRecord
import GrailCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What can be told of how a run's process died: by the signal that its journal's header notes, what
/// the run did at the moment, and what the language's runtime printed.
struct DeathReport {
  /// The run's status.
  private(set) var status: RunStatus
  /// When it died, if that was noted.
  private(set) var time: Timestamp?
  /// What happened, in lines that each keep their line break.
  private(set) var lines: [String] = []

  /// Signals by which people, schedulers and terminals end programs.
  private static let requests = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2]

  /// Finds out how a run died.
  ///
  /// - Parameters:
  ///   - reader: The run.
  ///   - lastSign: Its last sign of life.
  init(of reader: RunReader, lastSign: Timestamp?) {
    let note = reader.lastJournal?.note
    let isRequest = note?.signal.map(Self.requests.contains) ?? false
    status = isRequest ? .interrupted : .failed
    time = note?.time
    switch (note?.signalName, isRequest) {
    case (let name?, true):
      lines = ["\(name) asked the run to end, and its process ended before it could say so.\n"]
    case (let name?, false):
      lines = CrashText(output: reader.endOfOutput).lines(signal: name)
    case (nil, _):
      let seen = lastSign.map { "; its last sign of life was at \($0)" } ?? ""
      lines = [
        "The process ended without saying how\(seen): "
          + "killed (SIGKILL), out of memory, ended by _exit, or the machine went down.\n"
      ]
    }
    if let activity = note?.activity { lines.append("It happened while the run \(activity).\n") }
  }
}

/// What Swift's runtime prints when a program crashes.
struct CrashText {
  private let lines: [Substring]

  /// Takes the end of a run's output.
  init(output: [UInt8]) {
    lines = String(decoding: output, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: true)
  }

  /// What the runtime says of a failed check; release builds print none for many.
  private var message: Substring? {
    let kinds = ["Fatal error", "Precondition failed", "Assertion failed"]
    return lines.last { line in kinds.contains { line.contains($0) } }
  }

  /// What kind of crash it was, such as `Bad pointer dereference at 0x…`.
  private var kind: Substring? {
    let start = "*** Program crashed: "
    return lines.last { $0.hasPrefix(start) }
      .map { $0.dropFirst(start.count).prefix { $0 != "*" } }
  }

  private static let mostFrames = 64

  /// The calls of the thread that crashed, without addresses.
  private var frames: [String] {
    guard
      let start = lines.lastIndex(where: { $0.hasPrefix("Thread ") && $0.hasSuffix(" crashed:") })
    else { return [] }
    let rest = lines[lines.index(after: start)...].prefix { line in
      !line.hasPrefix("Thread ") && !line.hasPrefix("Registers:")
    }
    return rest.compactMap(Self.frame).prefix(Self.mostFrames).map { $0 }
  }

  private static func frame(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let first = words.first, first.allSatisfy(\.isNumber),
      let address = words.firstIndex(where: { $0.hasPrefix("0x") }), address < 5
    else { return nil }
    return words[(address + 1)...].joined(separator: " ")
  }

  /// Says what happened.
  ///
  /// - Parameter signal: The signal's name.
  /// - Returns: The signal with the message, then the calls, innermost first.
  func lines(signal: String) -> [String] {
    let what = message ?? kind.map { $0.dropLast($0.last == " " ? 1 : 0) }
    return ["\(signal)\(what.map { ": \($0)" } ?? "")\n"] + frames.map { "  in \($0)\n" }
  }
}

extension RunReader {
  /// The last of what the run printed, where a crash is told of.
  fileprivate var endOfOutput: [UInt8] {
    let limit = 256 << 10
    guard let source = try? FileSource(path: "\(directory)/\(RunLayout.output)"),
      let length = try? source.count()
    else { return [] }
    let count = Swift.min(length, Int64(limit))
    return (try? source.read(at: length - count, count: Int(count))) ?? []
  }
}
