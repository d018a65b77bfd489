import CGrailRecord
package import GrailCore
package import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProcessEvidence {
  /// Returns what identifies this process.
  ///
  /// - Parameters:
  ///   - beatInterval: The time between two beats of the heart, in microseconds; 0 for none.
  ///   - holdsLock: Whether this process holds the lock of its journal.
  /// - Returns: The evidence that it lives.
  package static func ofThisProcess(beatInterval: Int64, holdsLock: Bool) -> ProcessEvidence {
    let process = Int64(getpid())
    let start = grail_process_start(process)
    return ProcessEvidence(
      hostname: HostFacts.hostname, bootID: HostFacts.bootID, processID: process,
      processStart: start == 0 ? nil : start, processNamespace: HostFacts.processNamespace,
      beatInterval: beatInterval, holdsLock: holdsLock)
  }

  /// Whether this process's machine, in its present boot, is that of the evidence.
  package var isOfThisBoot: Bool { bootID != nil && bootID == HostFacts.bootID }

  /// Whether the process runs; `nil` if that cannot be told from here.
  package var isRunning: Bool? {
    guard isOfThisBoot, processNamespace == HostFacts.processNamespace, let processStart else {
      return nil
    }
    return grail_process_start(processID) == processStart
  }

  /// Sends a signal to the process, if it runs and can be told from others from here.
  ///
  /// - Parameter number: The signal.
  /// - Returns: Why it was not sent; `nil` if it was. `noSuchProcess` says that the process is gone.
  package func send(signal number: Int32) -> Errno? {
    guard isRunning == true, let processStart else { return .noSuchProcess }
    let result = grail_process_signal(processID, processStart, number)
    return result == 0 ? nil : Errno(rawValue: result)
  }

  /// Whether the process, which runs here, ignores a signal.
  ///
  /// Shells have what they start in the background of a script ignore SIGINT.
  package func ignores(signal number: Int32) -> Bool {
    grail_process_ignores(processID, number)
  }

  /// Returns what tells a process of this machine from a later one of its id.
  ///
  /// - Parameter processID: The process id.
  /// - Returns: When it started, in the system's own count; `nil` if there is none.
  package static func start(ofProcess processID: Int64) -> UInt64? {
    let start = grail_process_start(processID)
    return start == 0 ? nil : start
  }
}

/// What is known of this machine.
package enum HostFacts {
  /// The machine's name.
  package static let hostname: String =
    text { buffer, capacity in
      guard gethostname(buffer, capacity) == 0 else { return 0 }
      return strnlen(buffer, capacity)
    } ?? "unknown"

  /// The id of the present boot.
  package static let bootID: String? = text { grail_boot_id($0, $1) }

  /// The processor's name.
  package static let cpu: String? = text { grail_cpu_name($0, $1) }

  static let processNamespace: String? = text { grail_process_namespace($0, $1) }

  /// The system's name and its release with the machine's kind, as Sacred's `os` has them.
  package static let system: (name: String, release: String) = (
    names.system, "\(names.system)-\(names.release)-\(names.machine)"
  )

  /// The release of the system's kernel.
  package static var kernel: String { names.release }

  private static let names: (system: String, release: String, machine: String) = {
    var names = utsname()
    guard uname(&names) == 0 else { return ("unknown", "", "") }
    func field<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return (field(names.sysname), field(names.release), field(names.machine))
  }()

  private static func text(_ fill: (UnsafeMutablePointer<CChar>, Int) -> Int) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let length = fill(start, 511)
      guard length > 0 else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
  }
}
