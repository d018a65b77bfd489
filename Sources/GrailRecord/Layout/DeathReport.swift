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

/// What Swift's runtime prints when a program crashes: plainly, or in color on a terminal.
struct CrashText {
  /// What stood on each line at the end, without colors.
  private let lines: [Substring]
  /// The line that says what kind of crash it was.
  private let announcement: Int?

  /// Takes the end of a run's output.
  init(output: [UInt8]) {
    let text = Self.withoutControls(String(decoding: output, as: UTF8.self))
    lines = text.split(separator: "\n", omittingEmptySubsequences: true).compactMap { line in
      line.split(separator: "\r", omittingEmptySubsequences: true).last
    }
    announcement = lines.lastIndex { $0.contains(Self.announcing) }
  }

  private static let announcing = "Program crashed: "

  /// The text without the sequences that color it and erase lines.
  private static func withoutControls(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    var result = String.UnicodeScalarView()
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "\u{1B}" else {
        result.append(scalar)
        continue
      }
      guard scalars.first == "[" else { continue }
      scalars = scalars.dropFirst().drop { !("@"..."~").contains($0) }.dropFirst()
    }
    return String(result)
  }

  /// What the runtime says of a failed check before it announces the crash; release builds print
  /// none for many.
  private var message: Substring? {
    let kinds = ["Fatal error", "Precondition failed", "Assertion failed"]
    return lines[..<(announcement ?? lines.count)].last { line in
      kinds.contains { line.hasPrefix($0) || line.contains(": \($0)") }
    }
  }

  /// What kind of crash it was, such as `Bad pointer dereference at 0x…`.
  private var kind: Substring? {
    guard let announcement else { return nil }
    let parts = lines[announcement].split(
      separator: Self.announcing, omittingEmptySubsequences: false)
    return parts.last.map { $0.prefix { $0 != "*" } }
  }

  private static let mostFrames = 64

  /// The calls of the thread that crashed, without addresses.
  private var frames: [String] {
    guard
      let start = lines.lastIndex(where: { $0.hasPrefix("Thread ") && $0.hasSuffix("crashed:") })
    else { return [] }
    let rest = lines[lines.index(after: start)...].prefix { line in
      !line.hasPrefix("Thread ") && !line.hasPrefix("Registers:")
        && !line.hasPrefix("Backtrace took")
    }
    return rest.compactMap(Self.frame).prefix(Self.mostFrames).map { $0 }
  }

  private static func frame(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let first = words.first, first.allSatisfy(\.isNumber) else { return nil }
    // On a terminal only what has no line in the sources has an address.
    let address = words.prefix(5).firstIndex { $0.hasPrefix("0x") }
    guard let place = address ?? (words.contains("in") ? 0 : nil), place + 1 < words.count else {
      return nil
    }
    return words[(place + 1)...].joined(separator: " ")
  }

  /// Says what happened.
  ///
  /// - Parameter signal: The signal's name.
  /// - Returns: The signal with the message, then the calls, innermost first.
  func lines(signal: String) -> [String] {
    let what = message ?? kind.map { $0.dropLast($0.last == " " ? 1 : 0) }
    let words = what.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
    return ["\(signal)\(words)\n"] + frames.map { "  in \($0)\n" }
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
