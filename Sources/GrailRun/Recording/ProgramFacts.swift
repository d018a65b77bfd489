import OrderedCollections
import GrailCore
import GrailRecord

/// What is known of this program and its machine.
package enum ProgramFacts {
  /// The program's name, as it was called.
  package static let name: String = {
    let path = CommandLine.arguments.first ?? ""
    return path.split(separator: "/").last.map(String.init) ?? "program"
  }()

  static var workingDirectory: String { StoreFolder.workingDirectory }

  /// The machine, in Sacred's words.
  static let host: Value.Entries = {
    let system = HostFacts.system
    var host: Value.Entries = [
      "hostname": .text(HostFacts.hostname),
      "os": [.text(system.name), .text(system.release)],
      "ENV": [:],
    ]
    if let cpu = HostFacts.cpu { host["cpu"] = .text(cpu) }
    return host
  }()
}
