import GrailCore
import OrderedCollections

/// A record of a block of events: an event of the run, or the definition of a metric.
enum JournalRecord: Equatable {
  case event(RunEvent)
  case metric(stream: UInt32, MetricDescriptor)

  /// The numbers of the kinds of records; a reader passes over those that it does not know.
  private enum Kind: UInt64 {
    case started = 1
    case metric = 2
    case info = 3
    case result = 4
    case artifact = 5
    case resource = 6
    case warning = 7
    case progress = 8
    case losses = 9
    case ended = 10
    case queued = 11
    case provenance = 12
  }

  /// The length and the checksum before each record.
  static let prefixLength = 8

  /// Returns the record's bytes: length, checksum, kind, the time in microseconds and content.
  func bytes(time: Int64) -> [UInt8] {
    guard let (kind, content) = form else { return [] }
    var body = ByteWriter()
    body.append(varint: kind.rawValue)
    body.append(zigzag: time)
    body.bytes.append(contentsOf: ValueCoding.encode(content))
    var writer = ByteWriter()
    writer.append(littleEndian: UInt32(body.bytes.count))
    writer.append(littleEndian: JournalFormat.crc32c(0, body.bytes))
    writer.bytes.append(contentsOf: body.bytes)
    return writer.bytes
  }

  private var form: (Kind, Value)? {
    switch self {
    case .metric(let stream, let descriptor):
      var content: Value.Entries = [
        "stream": .int(Int64(stream)), "name": .text(descriptor.name),
        "kind": .text(descriptor.kind.rawValue),
      ]
      if let unit = descriptor.unit { content["unit"] = .text(unit) }
      return (.metric, .map(content))
    case .event(.started(let record)): return (.started, RecordCoding.wholeValue(of: record))
    case .event(.queued(let record)): return (.queued, RecordCoding.wholeValue(of: record))
    case .event(.info(let name, let value)):
      var content: Value.Entries = ["name": .text(name)]
      if let value { content["value"] = value }
      return (.info, .map(content))
    case .event(.result(let value)): return (.result, value)
    case .event(.artifact(let artifact)): return (.artifact, RecordCoding.value(of: artifact))
    case .event(.resource(let resource)): return (.resource, RecordCoding.value(of: resource))
    case .event(.warning(let warning)): return (.warning, RecordCoding.value(of: warning))
    case .event(.progress(let report)): return (.progress, RecordCoding.value(of: report))
    case .event(.provenance(let found)): return (.provenance, RecordCoding.value(of: found))
    case .event(.losses(let losses)): return (.losses, RecordCoding.value(of: losses))
    case .event(.ended(let ending)): return (.ended, RecordCoding.value(of: ending))
    // Points have blocks of their own, output has a file, and the last beat stands in the header.
    case .event(.points), .event(.output), .event(.heartbeat): return nil
    }
  }

  /// Reads the body of a record; `nil` if its kind or form is unknown to this reader.
  init?(body: ArraySlice<UInt8>) {
    var reader = ByteReader(body)
    guard let kind = reader.varint().flatMap(Kind.init), reader.zigzag() != nil,
      let rest = reader.slice(count: reader.remaining),
      let content = ValueCoding.decode(rest)
    else { return nil }
    switch kind {
    case .metric:
      guard let stream = content["stream"]?.intValue.flatMap(UInt32.init(exactly:)),
        let name = content["name"]?.textValue,
        let kind = content["kind"]?.textValue.flatMap(MetricKind.init)
      else { return nil }
      self = .metric(
        stream: stream,
        MetricDescriptor(name: name, unit: content["unit"]?.textValue, kind: kind))
    case .started: self = .event(.started(RecordCoding.wholeRecord(from: content)))
    case .queued: self = .event(.queued(RecordCoding.wholeRecord(from: content)))
    case .info:
      guard let name = content["name"]?.textValue else { return nil }
      self = .event(.info(name: name, value: content["value"]))
    case .result: self = .event(.result(content))
    case .artifact:
      guard let artifact = RecordCoding.artifact(from: content) else { return nil }
      self = .event(.artifact(artifact))
    case .resource:
      guard let resource = RecordCoding.resource(from: content) else { return nil }
      self = .event(.resource(resource))
    case .warning:
      guard let warning = RecordCoding.warning(from: content) else { return nil }
      self = .event(.warning(warning))
    case .progress:
      guard let report = RecordCoding.progress(from: content) else { return nil }
      self = .event(.progress(report))
    case .provenance: self = .event(.provenance(RecordCoding.provenance(from: content)))
    case .losses: self = .event(.losses(RecordCoding.losses(from: content)))
    case .ended: self = .event(.ended(RecordCoding.ending(from: content)))
    }
  }
}
