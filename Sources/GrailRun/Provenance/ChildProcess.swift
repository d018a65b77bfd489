import CGrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that is asked something beside the run: without terminal and input, under a limit.
///
/// Whoever starts one also asks for its output, which ends it at the latest when the time is over.
final class ChildProcess {
  private let id: Int64
  private let file: Int32

  /// Starts a program; `nil` if it cannot be started.
  ///
  /// - Parameters:
  ///   - path: The program's file.
  ///   - arguments: The words after the program's name.
  ///   - environment: The variables, each as `NAME=VALUE`.
  ///   - folder: Where it runs.
  init?(_ path: String, _ arguments: [String], environment: [String], folder: String) {
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var file: Int32 = -1
    let id = grail_child_start(path, &words, &variables, folder, &file)
    guard id > 0 else { return nil }
    (self.id, self.file) = (id, file)
  }

  /// Waits for the program's end.
  ///
  /// - Parameters:
  ///   - limit: With more bytes than this the program is ended.
  ///   - deadline: When it is ended.
  /// - Returns: What it printed and its exit status; `nil` if it did not end by itself.
  func output(atMost limit: Int, until deadline: Deadline) -> (bytes: [UInt8], status: Int32)? {
    defer { close(file) }
    let bytes = read(atMost: limit, until: deadline)
    if bytes != nil, let status = status(until: deadline) {
      return status < 256 ? bytes.map { ($0, status) } : nil
    }
    grail_child_kill(id)
    // Killed, it ends at once; if the system keeps it, it is left to the system.
    _ = status(until: Deadline(after: .milliseconds(100)))
    return nil
  }

  private func read(atMost limit: Int, until deadline: Deadline) -> [UInt8]? {
    var bytes: [UInt8] = []
    return withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      while bytes.count <= limit {
        let count = unistd_read(file, buffer.baseAddress, buffer.count)
        if count > 0 {
          bytes += buffer[..<count]
        } else if count == 0 {
          return bytes
        } else if errno == EAGAIN || errno == EINTR {
          guard !deadline.isOver else { return nil }
          // Short, because the deadline may come nearer meanwhile.
          var wait = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
          _ = poll(&wait, 1, 20)
        } else {
          return nil
        }
      }
      return nil
    }
  }

  /// The exit status, 0 where another part of the program took it.
  private func status(until deadline: Deadline) -> Int32? {
    var status: Int32 = 0
    var pause: UInt32 = 50
    while true {
      let found = grail_child_poll(id, &status)
      if found != 0 { return found > 0 ? status : 0 }
      guard !deadline.isOver else { return nil }
      // What has closed its output ends soon.
      usleep(pause)
      pause = min(pause * 2, 5000)
    }
  }
}

private func unistd_read(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, buffer, count)
}
