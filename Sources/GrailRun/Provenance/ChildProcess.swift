import CGrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A program that is asked something beside the run: without terminal and input, under a limit.
///
/// One that is given up is ended.
final class ChildProcess {
  private let child: OpaquePointer
  private let file: Int32

  /// Starts a program, without waiting until it is; `nil` if the system has no room for it.
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
    guard let child = grail_child_start(path, &words, &variables, folder, &file) else {
      return nil
    }
    (self.child, self.file) = (child, file)
  }

  deinit {
    close(file)
    var status: Int32 = 0
    // The id of one that has ended may be another's by now.
    if grail_child_poll(child, &status) == 0 { grail_child_kill(child) }
    grail_child_release(child)
  }

  /// Waits for the program's end; call it once.
  ///
  /// - Parameters:
  ///   - limit: With more bytes than this the program is ended.
  ///   - deadline: When it is ended.
  /// - Returns: What it printed and its exit status; `nil` if it did not start, or end by itself.
  func output(atMost limit: Int, until deadline: Deadline) -> (bytes: [UInt8], status: Int32)? {
    let bytes = read(atMost: limit, until: deadline)
    if bytes != nil, let status = status(until: deadline) {
      return status < 256 ? bytes.map { ($0, status) } : nil
    }
    grail_child_kill(child)
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

  private func status(until deadline: Deadline) -> Int32? {
    var status: Int32 = 0
    var pause: UInt32 = 50
    while true {
      let found = grail_child_poll(child, &status)
      if found != 0 { return found > 0 ? status : nil }
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
