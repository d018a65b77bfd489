/// A part of a journal that could not be read.
package struct JournalDamage: Hashable, Sendable, CustomStringConvertible {
  /// Where the damage begins in the file.
  package var offset: Int64
  /// How many bytes are concerned at most.
  package var length: Int64
  /// What was there.
  package var detail: Detail

  /// What a damaged part held.
  package enum Detail: Hashable, Sendable {
    /// A block whose header cannot be read.
    case block
    /// Events, of which those behind the damage are lost.
    case events
    /// Blocks of events that are nowhere.
    case missingEvents(blocks: Int)
    /// Points of a metric; how many, where that is known.
    case points(metric: String, count: Int?)
    /// Blocks of a metric that are nowhere.
    case missing(metric: String, blocks: Int)
  }

  /// The damage in one line.
  package var description: String {
    switch detail {
    case .block: "\(length) damaged bytes at \(offset)"
    case .events: "damaged events in the block at \(offset)"
    case .points(let metric, let count?):
      "\(count) points of '\(metric)' lost in the damaged block at \(offset)"
    case .points(let metric, nil):
      "points of '\(metric)' lost in the damaged block at \(offset)"
    case .missingEvents(let blocks): "\(blocks) blocks of events are missing"
    case .missing(let metric, let blocks): "\(blocks) blocks of '\(metric)' are missing"
    }
  }
}
