import GrailCore
import GrailRun
import Logging
import OrderedCollections

extension RunOptions {
  /// Returns how the options say that the run is recorded.
  ///
  /// - Parameters:
  ///   - updates: The words after `with`, without secrets, for the record.
  ///   - arguments: The whole command line, without secrets, for the record.
  /// - Returns: The settings.
  func runSettings(updates: [String], arguments: [String]) -> RunSettings {
    var settings = RunSettings()
    settings.store = fileStorage
    settings.id = id
    settings.name = name
    settings.comment = comment
    (settings.group, settings.parent, settings.priority) = (group, parent, priority)
    for fact in meta {
      let parts = fact.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      settings.meta[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    settings.arguments = arguments
    settings.provenance.keepsExecutable = keepExecutable
    settings.isObserved = !unobserved
    settings.output.capture = pty ? .pty : capture?.capture ?? .fd
    settings.timeout = timeout?.duration
    settings.logLevel = loglevel?.level ?? (debug ? .debug : nil)
    if let beatInterval { settings.beatInterval = beatInterval.duration }
    if let observerTimeout { settings.observerTimeout = observerTimeout.duration ?? .zero }
    func text(_ value: String?) -> Value { value.map(Value.text) ?? .null }
    settings.options = [
      "--capture": .text(settings.output.capture == .no ? "no" : "fd"),
      "--beat-interval": beatInterval.map { interval in
        .double(Double((interval.duration ?? .zero).microseconds) / 1_000_000)
      } ?? .null,
      "--comment": text(comment), "--debug": .bool(debug), "--enforce_clean": .bool(enforceClean),
      "--file_storage": text(fileStorage), "--id": text(id),
      "--loglevel": loglevel.map { .int(Int64($0.number)) } ?? .null, "--name": text(name),
      "--print-config": .bool(printConfig), "--priority": priority.map(Value.double) ?? .null,
      "--queue": .bool(queue),
      "--timeout": timeout.map { .text(DurationText.text(of: $0.duration)) } ?? .null,
      "--unobserved": .bool(unobserved), "UPDATE": .list(updates.map(Value.text)),
      "with": .bool(!updates.isEmpty),
    ]
    return settings
  }
}
