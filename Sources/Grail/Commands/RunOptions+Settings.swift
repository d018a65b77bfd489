import GrailCore
import GrailRun
import Logging
import OrderedCollections

extension RunOptions {
  /// Returns how the options say that the run is recorded.
  ///
  /// - Parameter updates: The words after `with`, for the record.
  /// - Returns: The settings.
  func runSettings(updates: [String]) -> RunSettings {
    var settings = RunSettings()
    settings.store = fileStorage
    settings.id = id
    settings.name = name
    settings.comment = comment
    settings.isObserved = !unobserved
    settings.logLevel = loglevel?.level ?? (debug ? .debug : nil)
    if let beatInterval { settings.beatInterval = beatInterval.duration }
    func text(_ value: String?) -> Value { value.map(Value.text) ?? .null }
    settings.options = [
      "--beat-interval": beatInterval.map { interval in
        .double(Double((interval.duration ?? .zero).microseconds) / 1_000_000)
      } ?? .null,
      "--comment": text(comment), "--file_storage": text(fileStorage), "--id": text(id),
      "--loglevel": loglevel.map { .int(Int64($0.number)) } ?? .null, "--name": text(name),
      "--unobserved": .bool(unobserved), "UPDATE": .list(updates.map(Value.text)),
      "with": .bool(!updates.isEmpty),
    ]
    return settings
  }
}
