import GrailCore
import OrderedCollections

/// The file `metrics.json`: for each metric its steps, times and values, as Sacred has them.
///
/// It is made from the journals, block by block, so it takes no more memory for more points.
enum MetricsFile {
  /// Beyond this many points a file holds a part of them.
  static let pointLimit = 1_000_000

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - journals: The run's journals, in the order of its sessions.
  ///   - path: Where the file goes.
  ///   - isDurable: Whether to wait until the disk has it.
  ///   - pointLimit: Beyond this many points the file holds a part of them.
  /// - Returns: What of each metric the file holds.
  /// - Throws: ``FileError``, or the system's error if a journal cannot be read.
  static func write(
    _ journals: [JournalReader], to path: String, isDurable: Bool, pointLimit: Int = pointLimit
  ) throws -> [Content] {
    let descriptors = mergedDescriptors(journals).sorted { $0.name < $1.name }
    var contents: [Content] = []
    for descriptor in descriptors {
      var count = 0
      for journal in journals { count += try journal.summary(descriptor.name)?.count ?? 0 }
      if count > 0 { contents.append(Content(descriptor: descriptor, count: count, kept: 0)) }
    }
    let total = contents.reduce(0) { $0 + $1.count }
    // Of each bucket the least and the greatest value are kept.
    let bucket = total > pointLimit ? 2 * ((total + pointLimit - 1) / pointLimit) : 1
    var file = try AtomicFile(path: path)
    try file.write(Array("{".utf8))
    for place in contents.indices {
      let descriptor = contents[place].descriptor
      try file.write { buffer in
        buffer += Array((place == 0 ? "\n  " : ",\n  ").utf8)
        JSONWriter.append(descriptor.name, style: .sacred, to: &buffer)
        buffer += Array(": {\n".utf8)
      }
      for column in Column.allCases {
        contents[place].kept = try write(
          column, of: descriptor, from: journals, bucket: bucket, to: &file)
      }
      try file.write(Array("\n  }".utf8))
    }
    try file.write(Array((contents.isEmpty ? "}" : "\n}").utf8))
    try file.commit(isDurable: isDurable)
    return contents
  }

  /// What a file holds of a metric.
  struct Content {
    var descriptor: MetricDescriptor
    /// The number of points that were logged.
    var count: Int
    /// The number of points in the file.
    var kept: Int
  }

  private enum Column: String, CaseIterable {
    case steps, timestamps, values
  }

  /// Writes one column of a metric; returns the number of points.
  private static func write(
    _ column: Column, of descriptor: MetricDescriptor, from journals: [JournalReader], bucket: Int,
    to file: inout AtomicFile
  ) throws -> Int {
    try file.write(Array("    \"\(column.rawValue)\": [".utf8))
    var count = 0
    var clock = ClockText()
    for journal in journals {
      try journal.forEachBlock(of: descriptor) { block in
        let kept = keptPositions(of: block, bucket: bucket)
        try file.write { buffer in
          for position in kept {
            if count > 0 { buffer += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            count += 1
            switch column {
            case .steps: JSONWriter.append(block.steps[position], to: &buffer)
            case .timestamps: clock.append(block.timestamps[position], to: &buffer)
            case .values: append(block.values, position, to: &buffer)
            }
          }
        }
      }
    }
    try file.write(Array((column == .values ? "]" : "],\n").utf8))
    return count
  }

  private static func append(
    _ values: MetricValues, _ position: Int, to buffer: inout [UInt8]
  ) {
    switch values {
    case .ints(let column): JSONWriter.append(column[position], to: &buffer)
    case .doubles(let column): JSONWriter.append(column[position], style: .sacred, to: &buffer)
    case .values(let column):
      JSONWriter.append(
        JSONPickle.encode(column[position]), style: .sacred, depth: 3, to: &buffer)
    }
  }

  /// The positions of a block's points that the file holds.
  private static func keptPositions(of block: MetricSeries, bucket: Int) -> [Int] {
    guard bucket > 1 else { return Array(0..<block.count) }
    let numbers = block.values.doubles
    var kept: [Int] = []
    for start in stride(from: 0, to: numbers.count, by: bucket) {
      // What is no number stands for a bucket only where there are no numbers.
      var (least, greatest) = (start, start)
      for position in start..<min(start + bucket, numbers.count) {
        let number = numbers[position]
        if number < numbers[least] || numbers[least].isNaN { least = position }
        if number > numbers[greatest] || numbers[greatest].isNaN { greatest = position }
      }
      kept.append(min(least, greatest))
      if least != greatest { kept.append(max(least, greatest)) }
    }
    return kept
  }

  /// The metrics of all sessions, each with the widest kind that it has had.
  static func mergedDescriptors(_ journals: [JournalReader]) -> [MetricDescriptor] {
    var merged: OrderedDictionary<String, MetricDescriptor> = [:]
    for descriptor in journals.flatMap(\.metrics) {
      guard let known = merged[descriptor.name] else {
        merged[descriptor.name] = descriptor
        continue
      }
      merged[descriptor.name]?.kind = known.kind.widened(by: descriptor.kind)
      merged[descriptor.name]?.unit = known.unit ?? descriptor.unit
    }
    return Array(merged.values)
  }

  /// Writes times, of which one second's share all but the fraction.
  private struct ClockText {
    private var second: Int64 = .min
    private var text: [UInt8] = []

    mutating func append(_ time: Timestamp, to buffer: inout [UInt8]) {
      let fraction = time.microseconds % 1_000_000
      guard fraction > 0 else {
        buffer += Array("\"\(time.isoText)\"".utf8)
        return
      }
      if second != time.microseconds - fraction {
        second = time.microseconds - fraction
        text = Array("\"\(Timestamp(microseconds: second).isoText).".utf8)
      }
      buffer += text
      var divisor: Int64 = 100_000
      while divisor > 0 {
        buffer.append(UInt8(48 + fraction / divisor % 10))
        divisor /= 10
      }
      buffer.append(UInt8(ascii: "\""))
    }
  }
}

extension JournalReader {
  /// Reads the points of a metric block by block, in the order of logging.
  ///
  /// - Parameters:
  ///   - descriptor: The metric, with the kind that the values are given in.
  ///   - body: Is given the points of each block.
  /// - Throws: What `body` throws, or the system's error.
  func forEachBlock(
    of descriptor: MetricDescriptor, _ body: (MetricSeries) throws -> Void
  ) throws {
    var damages: [JournalDamage] = []
    for stream in streams(of: descriptor.name) {
      for block in stream.blocks {
        var part = MetricSeries(descriptor: descriptor)
        part.append(try readBlock(block, of: stream, damages: &damages), unit: block.unit)
        if part.count > 0 { try body(part) }
      }
    }
  }
}
