import GrailCore
import OrderedCollections

/// The file `metrics.json`: for each metric its steps, times and values, as Sacred has them.
///
/// It is made from the journals, block by block, so it takes no more memory for more points.
enum MetricsFile {
  /// Beyond this many points a file holds a part of them.
  static let pointLimit = 1_000_000
  /// The same where the disk has no space for that many.
  static let shortPointLimits = [10_000, 500]

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - journals: The run's journals, in the order of its sessions.
  ///   - path: Where the file goes.
  ///   - pointLimit: Beyond this many points the file holds a part of them.
  /// - Returns: What of each metric the file holds.
  /// - Throws: ``FileError``, or the system's error if a journal cannot be read.
  static func write(
    _ journals: [JournalReader], to path: String, pointLimit: Int = pointLimit
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
          column, of: contents[place], from: journals, bucket: bucket, to: &file)
      }
      try file.write(Array("\n  }".utf8))
    }
    try file.write(Array((contents.isEmpty ? "}" : "\n}").utf8))
    try file.commit()
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
  ///
  /// A live journal grows between two columns: each takes the points that were counted at first,
  /// so that all have the same.
  private static func write(
    _ column: Column, of content: Content, from journals: [JournalReader], bucket: Int,
    to file: inout AtomicFile
  ) throws -> Int {
    try file.write(Array("    \"\(column.rawValue)\": [".utf8))
    var count = 0
    var clock = ClockText()
    func write(_ points: MetricSeries, first length: Int) throws {
      try file.write { buffer in
        for position in 0..<length {
          if count > 0 { buffer += [UInt8(ascii: ","), UInt8(ascii: " ")] }
          count += 1
          switch column {
          case .steps: JSONWriter.append(points.steps[position], to: &buffer)
          case .timestamps: clock.append(points.timestamps[position], to: &buffer)
          case .values: append(points.values, position, to: &buffer)
          }
        }
      }
    }
    var thinner = Thinner(bucket: bucket, descriptor: content.descriptor)
    var left = content.count
    for journal in journals {
      try journal.forEachBlock(of: content.descriptor) { block in
        let length = min(block.count, left)
        left -= length
        guard bucket > 1 else { return try write(block, first: length) }
        let kept = thinner.thinned(block, first: length)
        try write(kept, first: kept.count)
      }
    }
    let rest = thinner.rest()
    try write(rest, first: rest.count)
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

  /// Keeps of each bucket of points the one with the least and the one with the greatest value.
  private struct Thinner {
    let bucket: Int
    let descriptor: MetricDescriptor
    private var seen = 0
    private var least: Point?
    private var greatest: Point?

    private struct Point {
      var place: Int
      var number: Double
      var step: Int64
      var time: Timestamp
      var value: Value
    }

    init(bucket: Int, descriptor: MetricDescriptor) {
      (self.bucket, self.descriptor) = (bucket, descriptor)
    }

    /// Takes in the next points; returns those of the buckets that are full.
    mutating func thinned(_ points: MetricSeries, first length: Int) -> MetricSeries {
      var kept: [Point] = []
      for (position, number) in points.values.doubles.prefix(length).enumerated() {
        let isLeast = least.map { Self.is(number, before: $0.number, by: <) } ?? true
        let isGreatest = greatest.map { Self.is(number, before: $0.number, by: >) } ?? true
        if isLeast || isGreatest {
          let point = Point(
            place: seen, number: number, step: points.steps[position],
            time: points.timestamps[position], value: points.values[position])
          if isLeast { least = point }
          if isGreatest { greatest = point }
        }
        seen += 1
        if seen == bucket { close(into: &kept) }
      }
      return series(kept)
    }

    /// The points of the bucket that is not full.
    mutating func rest() -> MetricSeries {
      var kept: [Point] = []
      close(into: &kept)
      return series(kept)
    }

    private mutating func close(into kept: inout [Point]) {
      if let least, let greatest {
        let ordered = least.place < greatest.place ? [least, greatest] : [greatest, least]
        kept += least.place == greatest.place ? [least] : ordered
      }
      (seen, least, greatest) = (0, nil, nil)
    }

    private func series(_ points: [Point]) -> MetricSeries {
      MetricSeries(
        descriptor: descriptor, steps: points.map(\.step), timestamps: points.map(\.time),
        values: .values(points.map(\.value)))
    }

    /// What is no number is kept only where a bucket holds nothing else.
    private static func `is`(
      _ number: Double, before other: Double, by order: (Double, Double) -> Bool
    ) -> Bool {
      order(number, other) || other.isNaN && !number.isNaN
    }
  }

  /// The metrics of all sessions, each with the widest kind that it has had.
  static func mergedDescriptors(_ journals: [JournalReader]) -> [MetricDescriptor] {
    merged(journals.flatMap(\.metrics))
  }

  /// The metrics that sessions have, each once with the widest kind that it has had.
  static func merged(_ descriptors: some Sequence<MetricDescriptor>) -> [MetricDescriptor] {
    var merged: OrderedDictionary<String, MetricDescriptor> = [:]
    for descriptor in descriptors {
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
