import CGrailRecord
package import GrailCore
import Synchronization
package import SystemPackage

/// The two files that hold what a run printed, open to be written.
///
/// Whoever writes is one: a process that captures, or the run's own `print` through ``append(_:)``.
package final class OutputFiles: Sendable {
  /// The file of the text.
  package let text: FileDescriptor
  /// The file of the index, which begins with its header.
  package let index: FileDescriptor
  private let state = Mutex(State())

  private struct State {
    var length: Int64 = 0
    var records = 0
    var lost: Int64 = 0
    var lossReason: String?
    var isClosed = false
  }

  /// Makes the files of a run, or opens those of one that another process goes on with.
  ///
  /// - Parameters:
  ///   - directory: The run's directory.
  ///   - key: The run's key.
  /// - Throws: The system's error if a file cannot be made.
  package init(directory: String, key: RunKey) throws {
    text = try Self.open("\(directory)/\(RunLayout.output)")
    do {
      index = try Self.open("\(directory)/\(RunLayout.outputIndex)")
      try index.writeAll(toAbsoluteOffset: 0, OutputFormat.header(key: key))
      let (length, size) = (Int64(try Stat(text).size), Int(try Stat(index).size))
      state.withLock { state in
        state.length = length
        state.records = (size - OutputFormat.headerLength) / OutputFormat.recordLength
      }
    } catch {
      try? text.close()
      throw error
    }
  }

  private static func open(_ path: String) throws -> FileDescriptor {
    try FileDescriptor.open(
      FilePath(path), .readWrite, options: [.create, .closeOnExec],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
  }

  /// Appends what a run printed by itself.
  ///
  /// - Parameter bytes: The text, as it was printed on standard output.
  package func append(_ bytes: [UInt8]) {
    state.withLock { state in
      guard !state.isClosed else { return }
      do {
        try text.writeAll(toAbsoluteOffset: state.length, bytes)
        write(count: bytes.count, kind: OutputFormat.Kind.text, state: &state)
        state.length += Int64(bytes.count)
      } catch {
        state.lost += Int64(bytes.count)
        state.lossReason = "\(error)"
        write(count: bytes.count, kind: OutputFormat.Kind.lost, state: &state)
      }
    }
  }

  private func write(count: Int, kind: UInt8, state: inout State) {
    var record = [UInt8](repeating: 0, count: OutputFormat.recordLength)
    grail_output_record(
      &record, state.length, SystemClock.now().microseconds, UInt32(clamping: count),
      StandardStream.output.rawValue, kind)
    let place = Int64(OutputFormat.headerLength + state.records * OutputFormat.recordLength)
    // An index that cannot be written costs only the time of a piece.
    guard (try? index.writeAll(toAbsoluteOffset: place, record)) != nil else { return }
    state.records += 1
  }

  /// Ends what the run printed by itself.
  ///
  /// - Returns: The number of bytes that could not be written, and why, in a few words.
  package func end() -> (lostCount: Int64, lossReason: String?) {
    state.withLock { state in
      if !state.isClosed { write(count: 0, kind: OutputFormat.Kind.end, state: &state) }
      state.isClosed = true
      return (state.lost, state.lossReason)
    }
  }

  /// Closes the files.
  package func close() {
    state.withLock { state in
      state.isClosed = true
      try? text.close()
      try? index.close()
    }
  }
}
