import CGrailRecord
import GrailCore
import GrailRecord
import OrderedCollections

/// The machine, in Sacred's words where Sacred has them.
enum HostDescription {
  /// What is known at once: `hostname` and `os`, without which no record of Sacred's is.
  static let start: Value.Entries = [
    "hostname": .text(HostFacts.hostname),
    "os": [.text(HostFacts.system.name), .text(HostFacts.system.release)],
    "ENV": [:],
  ]

  /// What takes a look into the system's files.
  static let further: Value.Entries = {
    var host: Value.Entries = [:]
    if let cpu = HostFacts.cpu { host["cpu"] = .text(cpu) }
    let processors = grail_processor_count()
    if processors > 0 { host["cpu_count"] = .int(processors) }
    if let memory = Int64(exactly: grail_memory_size()), memory > 0 {
      host["memory"] = .int(memory)
    }
    if let distribution { host["distribution"] = .text(distribution) }
    host["kernel"] = .text(HostFacts.kernel)
    return host
  }()

  /// The version of the compiler, or of the library that is linked where that is not known.
  static func swiftVersion(build: BuildFolder?) -> Value {
    .text(build?.compilerVersion ?? "\(_SwiftStdlibVersion.current)")
  }

  /// The system's name and version as its makers write it: `Debian GNU/Linux 12 (bookworm)`.
  private static var distribution: String? {
    guard let bytes = try? WholeFile.read("/etc/os-release") else { return nil }
    let name = "PRETTY_NAME="
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix(name) }
      .map { String($0.dropFirst(name.count).filter { $0 != "\"" && $0 != "'" }) }
  }
}
