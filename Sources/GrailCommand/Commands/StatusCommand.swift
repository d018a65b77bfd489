import ArgumentParser
import GrailCore
import GrailRecord

/// `grail status`: what goes on in a store.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what runs now, and what died.")

  @OptionGroup var stores: StoreOptions
  @Flag(help: "All of it as a JSON object.") var json = false

  func run() async throws {
    let context = CommandContext.current
    let store = try stores.open()
    let status = try StoreStatus(of: store, now: context.now)
    for note in status.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    try context.page { write in
      if json {
        let line = JSONWriter.bytes(status.value(of: store, now: context.now), style: .strict)
        try write(String(decoding: line, as: UTF8.self) + "\n")
      } else {
        for line in status.lines(of: store, for: context.output, now: context.now) {
          try write(line + "\n")
        }
      }
    }
  }
}
