import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct PointCodingTests {
  /// Values and moments for which a journal has forms of their own.
  static let doubles: [[Double]] = [
    [0.0, 0.0, -0.0, 0.0], [-0.0, -0.0, 0.0], [.nan, .nan, 1, .nan],
    [Double(nan: 0x1234, signaling: false), -Double.nan, 0],
    [Double(bitPattern: 0x7FF0_0000_0000_0001), Double(Float.nan), 2],
    [Double(Float(nan: 0x12, signaling: false)), 0.5, Double(Float(nan: 0x12, signaling: false))],
    [.infinity, -.infinity, 0, .infinity], [1, 1.5, 1.25, 1e-300, 1.25],
    [Double(Float.leastNonzeroMagnitude), Double(Float.greatestFiniteMagnitude), 1e308, -1e308],
    [.pi, .pi.nextUp, .pi.nextUp.nextUp, .leastNonzeroMagnitude, 0],
    [Double(Float.pi), Double(Float.pi.nextUp), Double(Float.pi), .pi],
  ]

  static let places: [[Int64]] = [
    [0, 1, 2, 3, 4], [.max, .min, .max, 0, -1], [.min, .min, .min + 1, 7, .max],
    [5, 5, 5, 5, 5], [-1, -2, -3, -5, -8], [1 << 32, 1 << 31, 1 << 16, 1 << 15, 1 << 7],
  ]

  /// The times that give each way of writing a time, near and far.
  static let times: [[Int64]] = [
    [0, 0, 0, 0, 0], [0, 7, 6, 20, 20], [0, 8, -9, 127, 255], [0, 1 << 15, 1 << 16, 1 << 31, 0],
    [.max, .min, .max, 0, -1], [.min, .max, 0, 1, 2], [0, 1 << 40, 1 << 41, 3 << 40, 5],
  ]

  @Test(arguments: doubles, times)
  func `keeps every bit of a floating-point number`(values: [Double], times: [Int64]) throws {
    for steps in Self.places {
      let (columns, _) = try roundTrip(
        values, steps: steps, times: times, kind: .double
      ) { state, value, step, time, end in
        state.write(value, step: step, time: time, to: end)
      }
      #expect(columns.doubles.map(\.bitPattern) == values.map(\.bitPattern))
    }
  }

  @Test(
    arguments: [
      [0, 0, 0], [.max, .min, .max, .min, 0], [.min, .min, .max], [5, 10, 15, 20, 20],
      [1, 1 << 8, 1 << 16, 1 << 40, 1 << 62], [-1, 0, 1, 0, -1],
    ] as [[Int64]])
  func `keeps every whole number`(values: [Int64]) throws {
    for (steps, times) in zip(Self.places, Self.times) {
      let (columns, _) = try roundTrip(
        values, steps: steps, times: times, kind: .int
      ) { state, value, step, time, end in
        state.write(value, step: step, time: time, to: end)
      }
      #expect(columns.ints == values)
    }
  }

  @Test func `random points meet all codes and come back`() throws {
    var generator = SeededGenerator(seed: 21)
    var codes: Set<UInt8> = []
    for _ in 0..<300 {
      var value = Double(bitPattern: generator.next())
      var time: Int64 = 0
      var values: [Double] = []
      var steps: [Int64] = []
      var times: [Int64] = []
      for index in 0..<60 {
        let shift = UInt64.random(in: 0...63, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: value = Double(bitPattern: value.bitPattern ^ generator.next() >> shift)
        case 1:
          let change = UInt32(truncatingIfNeeded: generator.next()) >> UInt32(shift / 2)
          value = Double(Float(bitPattern: Float(value).bitPattern ^ change))
        case 2: value = .sample(index, using: &generator)
        default: break
        }
        time &+= Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator)
        values.append(value)
        steps.append(.sampleStep(index, using: &generator))
        times.append(time)
      }
      let (columns, controls) = try roundTrip(
        values, steps: steps, times: times, kind: .double
      ) { state, value, step, time, end in
        state.write(value, step: step, time: time, to: end)
      }
      codes.formUnion(controls)
      #expect(columns.doubles.map(\.bitPattern) == values.map(\.bitPattern))
    }
    let valueCodes = Set(codes.map { $0 & 0x0F })
    let timeCodes = Set(codes.map { $0 >> PointCoding.timeShift })
    #expect(valueCodes.isSuperset(of: Array(0...12) + [PointCoding.Code.floatHigh]))
    #expect(timeCodes == Set(0...5))
  }

  @Test func `random bytes are refused or read, for every kind`() {
    var generator = SeededGenerator(seed: 22)
    for round in 0..<20_000 {
      let bytes = generator.bytes(round % 60)
      var columns = PointColumns()
      bytes.withUnsafeBytes { content in
        let kind = MetricKind.allCases[round % 3]
        var decoder = PointDecoder(content, kind: kind, baseStep: .max, baseTime: .min)
        _ = decoder.appendAll(to: &columns)
      }
      #expect(columns.steps.count == columns.times.count)
      #expect(
        columns.doubles.count + columns.ints.count + columns.values.count == columns.steps.count)
    }
  }

  /// Writes points and reads them back; returns them and their control bytes.
  private func roundTrip<Number>(
    _ values: [Number], steps: [Int64], times: [Int64], kind: MetricKind,
    write: (inout PointState, Number, Int64, Int64, UnsafeMutableRawPointer) -> Int
  ) throws -> (PointColumns, [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: values.count * PointCoding.longestNumber + 8)
    var controls: [UInt8] = []
    let length = bytes.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      var state = PointState(step: steps[0], time: times[0])
      var length = 0
      for (index, value) in values.enumerated() {
        let count = write(&state, value, steps[index], times[index], start + length)
        #expect(count <= PointCoding.longestNumber)
        controls.append(buffer[length])
        length += count
      }
      return length
    }
    var columns = PointColumns()
    let isWellFormed = bytes[..<length].withUnsafeBytes { content in
      var decoder = PointDecoder(content, kind: kind, baseStep: steps[0], baseTime: times[0])
      return decoder.appendAll(to: &columns)
    }
    #expect(isWellFormed)
    #expect(columns.steps == Array(steps.prefix(values.count)))
    #expect(columns.times == Array(times.prefix(values.count)))
    return (columns, controls)
  }
}

@Suite struct ValueCodingTests {
  @Test func `keeps every value`() {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<3000 {
      let value = Value.random(isPlain: false, using: &generator)
      let bytes = ValueCoding.encode(value)
      #expect(ValueCoding.decode(bytes).map(ValueCoding.encode) == bytes)
      for length in 0..<min(bytes.count, 40) {
        #expect(ValueCoding.decode(bytes[..<length]) == nil)
      }
    }
    for time in [Int64.min, .min + 1, -1, 0, 1, .max] {
      let value = Value.time(Timestamp(microseconds: time))
      #expect(ValueCoding.decode(ValueCoding.encode(value)) == value)
    }
  }

  @Test func `random and changed bytes are refused or read`() {
    var generator = SeededGenerator(seed: 32)
    for round in 0..<20_000 {
      var bytes = generator.bytes(round % 40)
      if round % 2 == 0 {
        bytes = ValueCoding.encode(.random(isPlain: false, using: &generator))
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
      guard let value = ValueCoding.decode(bytes) else { continue }
      #expect(ValueCoding.decode(ValueCoding.encode(value)) != nil)
    }
  }

  @Test(
    arguments: [
      [0x81], [0xA1, 0x61, 0x61], [0xD8, 0x1B, 0x82], [0xD9, 0x03, 0xE9, 0xA2, 0x01],
    ] as [[UInt8]])
  func `endless nesting is refused`(opening: [UInt8]) {
    let bytes = (0..<200_000).flatMap { _ in opening }
    #expect(ValueCoding.decode(bytes) == nil)
  }
}

@Suite struct JournalIndexTests {
  @Test func `comes back whole`() throws {
    var generator = SeededGenerator(seed: 41)
    var streams: [UInt32: JournalReader.Stream] = [:]
    for number in [0, 1, 7, UInt32.max] {
      let kind = MetricKind.allCases[Int(number % 3)]
      var stream = JournalReader.Stream(
        number: number,
        descriptor: MetricDescriptor(name: "m\(number)", unit: number == 1 ? "ms" : nil, kind: kind)
      )
      for ordinal in 0..<UInt32(number % 50) {
        stream.blocks.append(
          JournalReader.BlockPlace(
            offset: 64 * Int64.random(in: 4...1 << 40, using: &generator),
            size: 64 * Int.random(in: 2...64, using: &generator), ordinal: ordinal * 2,
            unit: .millisecond, summary: summary(using: &generator)))
      }
      streams[number] = stream
    }
    let index = JournalIndex(streams: streams, eventBlocks: [256, 1 << 41, 512])
    let bytes = index.bytes
    let read = try #require(JournalIndex(bytes[...]))
    #expect(read.eventBlocks == index.eventBlocks)
    #expect(read.streams.keys.sorted() == streams.keys.sorted())
    for (number, stream) in read.streams {
      #expect(stream.descriptor == streams[number]?.descriptor)
      #expect(stream.blocks.map(\.offset) == streams[number]?.blocks.map(\.offset))
      #expect(stream.blocks.map(\.ordinal) == streams[number]?.blocks.map(\.ordinal))
    }
    #expect(read.bytes == bytes)
    for length in 0..<min(bytes.count, 2000) { #expect(JournalIndex(bytes[..<length]) == nil) }
    for _ in 0..<5000 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255)
      _ = JournalIndex(changed[...])
    }
  }

  private func summary(using generator: inout SeededGenerator) -> BlockSummary {
    var summary = BlockSummary()
    (summary.count, summary.numberCount) = (10, Bool.random(using: &generator) ? 8 : 0)
    if summary.numberCount > 0 { (summary.min, summary.max, summary.mean) = (-1, 1e308, 0.5) }
    summary.minStep = Int64(bitPattern: generator.next()) >> 2
    summary.maxStep = summary.minStep + 100
    summary.minTime = Int64(bitPattern: generator.next()) >> 2
    summary.maxTime = summary.minTime + 3
    return summary
  }

  @Test(
    arguments: [
      ([1e308, 1e308, 1e308], 1e308), ([1e308, -1e308, 1e308], 1e308 / 3),
      ([-1e308, -1e308], -1e308),
      ([0.25, 0.75], 0.5),
      ([.greatestFiniteMagnitude, .greatestFiniteMagnitude], .greatestFiniteMagnitude),
    ] as [([Double], Double)])
  func `the mean of great numbers is one of them`(values: [Double], expected: Double) throws {
    let folder = TemporaryFolder()
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    let metric = journal.metric("m", unit: nil, kind: .double)
    for _ in 0..<400 {
      for value in values { metric.append(value, step: nil, time: 0) }
    }
    try journal.close(nil, time: .sample)
    let summary = try JournalReader(path: folder.path("journal.1")).summary("m")
    let mean = try #require(summary?.mean)
    #expect(abs(mean / expected - 1) < 1e-12)
  }
}
