import Foundation

@testable import GrailArchive
@testable import GrailCore
@testable import GrailRecord

// Looks for bytes that crash a reader, guided by coverage (libFuzzer). Built and run by
// Scripts/fuzz, which names the target in GRAIL_FUZZ_TARGET: journal, json, value, query or archive.

/// The driver of libFuzzer; the package manager gives programs a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ argumentCount: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// Runs the fuzzer with the program's arguments; the package manager starts a program here.
@_cdecl("Fuzzer_main")
public func start(
  _ argumentCount: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  var (count, words) = (argumentCount, arguments)
  return runDriver(&count, &words, testOneInput)
}

private let target = ProcessInfo.processInfo.environment["GRAIL_FUZZ_TARGET"] ?? "journal"
private let journals = SeedJournal.all
private let archives = SeedArchive.all

/// Gives one input to the reader that is being tested.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  switch target {
  case "json":
    _ = JSONParser.parsePrefix(input)
    if let value = try? JSONParser.parse(input) {
      let text = JSONWriter.bytes(value, style: .sacred)
      precondition((try? JSONParser.parse(text)) != nil, "what was written cannot be read")
    }
  case "value":
    if let value = ValueCoding.decode(input) {
      let bytes = ValueCoding.encode(value)
      precondition(ValueCoding.decode(bytes) != nil, "what was written cannot be read")
    }
  case "query":
    if let query = try? Query(parsing: String(decoding: input, as: UTF8.self)) {
      precondition((try? Query(parsing: query.description)) == query, "it reads back as another")
    }
  case "archive":
    guard let first = input.first else { return 0 }
    readAll(ofArchive: input)
    readAll(ofArchive: archives[Int(first) % archives.count].edited(input.dropFirst()))
  default:
    guard let first = input.first else { return 0 }
    readAll(input)
    readAll(journals[Int(first) % journals.count].edited(input.dropFirst()))
  }
  return 0
}

/// Reads all that a journal has.
private func readAll(_ bytes: [UInt8]) {
  guard var reader = try? JournalReader(MemorySource(bytes), path: "fuzz") else { return }
  try? reader.refresh()
  for metric in reader.metrics {
    var damages: [JournalDamage] = []
    let series = try? reader.series(metric.name, damages: &damages)
    _ = try? reader.summary(metric.name)
    let times = reader.startTime...Timestamp(microseconds: .max)
    for window in [.all, .steps(-9...99), .times(times)] as [MetricWindow] {
      _ = try? reader.view(metric.name, window: window, buckets: 7)
    }
    if let series {
      precondition(
        series.count == series.values.count && series.count == series.timestamps.count,
        "columns of different length")
    }
  }
  var follower = JournalFollower(reader)
  for _ in 0..<3 { _ = try? follower.poll() }
}

/// Reads all that an archive has.
private func readAll(ofArchive bytes: [UInt8]) {
  // What a few bytes expand to would take the time of many inputs.
  let limit = SizeLimit(ofArchive: Int64(bytes.count), asked: 1 << 20)
  guard var archive = try? ArchiveFormat.open(MemorySource(bytes), limit: limit) else { return }
  while let member = try? archive.next() {
    var byteCount: Int64 = 0
    while let part = try? archive.read(), !part.isEmpty { byteCount += Int64(part.count) }
    precondition(byteCount <= max(member.byteCount, 1 << 21), "more than it may unpack to")
  }
}
