package import GrailCore
import OrderedCollections
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is kept of the delivery of a run to one observer: `delivery/NAME.json`.
///
/// - SeeAlso: docs/delivery.md
package struct DeliveryFile: Hashable, Sendable {
  /// What people read of it, the offset included.
  package var record: DeliveryRecord
  /// The run.
  package var key: RunKey
  /// The experiment whose observer it is.
  package var experiment: String
  /// The number of events of the batch that may have arrived and is not acknowledged; 0 for none.
  package var pending: Int64 = 0
  /// The offset of the first event that was refused for good; `nil` for none.
  package var refusedFrom: Int64?
  /// The session up to whose end everything is delivered; 0 as long as there is more to come.
  package var completeSession = 0

  private static let version: Int64 = 1
  private static let suffix = ".json"

  /// Begins the delivery to an observer.
  package init(observer: String, experiment: String, key: RunKey) {
    (record, self.experiment) = (DeliveryRecord(observer: observer), experiment)
    self.key = key
  }

  /// Goes back to the first event that was refused for good, so that it is delivered again with all
  /// that came behind it.
  package mutating func returnToRefused() {
    guard record.givenUp > 0 else { return }
    (record.offset, pending, completeSession) = (refusedFrom ?? 0, 0, 0)
    (record.givenUp, refusedFrom, record.error) = (0, nil, nil)
  }

  /// What became of reading.
  package enum Reading: Sendable {
    case file(DeliveryFile)
    case missing
    /// It cannot be understood, for this reason.
    case damaged(String)
    /// It is of a version that this one does not know.
    case newer
  }

  // MARK: - On disk

  /// Says why a name cannot be that of an observer; `nil` if it can.
  package static func problem(withName name: String) -> String? {
    if name.isEmpty { return "a name cannot be empty" }
    let isPlain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
    if !isPlain { return "it names a file: write letters, digits, '-', '_' and '.'" }
    if name.hasPrefix(".") { return "it names a file, and cannot begin with '.'" }
    return name.utf8.count > 100 ? "a name has at most 100 characters" : nil
  }

  /// The folder of a run's delivery.
  package static func folder(ofRun directory: String) -> String {
    "\(directory)/\(RunLayout.delivery)"
  }

  /// All that can be read of a run's delivery, by the observers' names.
  package static func all(in directory: String) -> [DeliveryFile] {
    StoreFolder.names(in: folder(ofRun: directory)).compactMap { name in
      guard name.hasSuffix(suffix), !name.hasPrefix("."),
        case .file(let file) = read(observer: String(name.dropLast(suffix.count)), in: directory)
      else { return nil }
      return file
    }
  }

  /// Reads the file of an observer.
  ///
  /// - Parameters:
  ///   - observer: The observer's name.
  ///   - directory: The run's directory.
  /// - Returns: The file, or why there is none.
  package static func read(observer: String, in directory: String) -> Reading {
    let path = "\(folder(ofRun: directory))/\(observer)\(suffix)"
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(path)
    } catch {
      return error as? Errno == .noSuchFileOrDirectory ? .missing : .damaged("\(error)")
    }
    guard let value = try? JSONParser.parse(bytes) else { return .damaged("it is no JSON") }
    if let version = value["version"]?.intValue, version > Self.version { return .newer }
    guard let key = value["key"]?.textValue.flatMap({ RunKey($0) }),
      var record = RecordCoding.delivery(from: value), value["offset"]?.intValue ?? -1 >= 0
    else { return .damaged("it does not say how far the delivery is") }
    record.observer = observer
    var file = DeliveryFile(
      observer: observer, experiment: value["experiment"]?.textValue ?? "", key: key)
    file.record = record
    file.pending = max(0, value["pending"]?.intValue ?? 0)
    file.refusedFrom = value["given_up_from"]?.intValue.map { max(0, $0) }
    file.completeSession = Int(clamping: value["complete"]?.intValue ?? 0)
    return .file(file)
  }

  /// Writes the file; whoever reads meets this version of it or the one before.
  ///
  /// - Parameter directory: The run's directory.
  /// - Throws: ``FileError`` if it cannot be written.
  package func write(in directory: String) throws(FileError) {
    var entries: Value.Entries = [
      "version": .int(Self.version), "key": .text(key.description),
      "experiment": .text(experiment),
    ]
    for (name, value) in RecordCoding.value(of: record).mapValue ?? [:] { entries[name] = value }
    entries["pending"] = .int(pending)
    if let refusedFrom { entries["given_up_from"] = .int(refusedFrom) }
    entries["complete"] = .int(Int64(completeSession))
    let folder = Self.folder(ofRun: directory)
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw FileError(path: folder, verb: "created", cause: Errno(rawValue: errno))
    }
    try AtomicFile.write(
      JSONWriter.bytes(.map(entries), style: .sacred) + [UInt8(ascii: "\n")],
      to: "\(folder)/\(record.observer)\(Self.suffix)")
  }
}
