import GrailCore
package import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks over a store, and repairs what can be repaired.
package struct StoreDoctor {
  /// What was found about one run.
  package struct Finding: Hashable, Sendable {
    /// What can be done about it.
    package enum Kind: String, Hashable, Sendable {
      /// It is repaired.
      case repaired
      /// It would be repaired, if the doctor were not only to look.
      case repairable
      /// It cannot be repaired; all else of the run can be read.
      case damaged
    }

    /// The run's id; `nil` for what is no run's.
    package var id: String?
    package var kind: Kind
    /// What was found, in one line.
    package var message: String
  }

  private let store: StoreFolder
  private let onlyLooks: Bool

  /// Creates a doctor for a store.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - onlyLooks: Whether nothing is changed.
  package init(of store: StoreFolder, onlyLooks: Bool = false) {
    (self.store, self.onlyLooks) = (store, onlyLooks)
  }

  /// Looks over one run.
  ///
  /// - Parameter id: The run.
  /// - Returns: What was found.
  package func examine(_ id: String) -> [Finding] {
    let path = "\(store.path)/\(id)"
    let reader: RunReader
    do {
      reader = try RunReader(directory: path)
    } catch {
      return [Self.holdsNothing(path) ? nothing(of: id) : damage(id, error.found)]
    }
    if reader.record.status.rawValue.isEmpty, reader.notes.isEmpty { return [nothing(of: id)] }
    var findings: [Finding] = []
    switch reader.liveness() {
    case .alive, .unknown: break
    case .dead, .probablyDead: findings.append(finish(id, reader))
    case .notExpected:
      if reader.record.status.isFinal, let finding = remake(id, reader) { findings.append(finding) }
    }
    findings += reader.notes.map { Finding(id: id, kind: .damaged, message: $0) }
    findings += missingFiles(of: reader).map { Finding(id: id, kind: .damaged, message: $0) }
    return findings
  }

  private func damage(_ id: String, _ message: String) -> Finding {
    Finding(id: id, kind: .damaged, message: message)
  }

  private func nothing(of id: String) -> Finding {
    damage(id, "it ended before its record began, so that nothing is known of it; grail rm \(id)")
  }

  /// Whether a run's directory is empty, but for a journal in which nothing was written.
  private static func holdsNothing(_ path: String) -> Bool {
    var holdsNothing = true
    let isRead = StoreFolder.forEachName(in: path) { name, _ in
      holdsNothing =
        holdsNothing && name.elementsEqual("journal.1".utf8) && isUnwritten("\(path)/journal.1")
    }
    return isRead && holdsNothing
  }

  /// Whether a journal is no more than the space that is made for its beginning.
  private static func isUnwritten(_ path: String) -> Bool {
    guard let file = FileIdentity(path: path), file.byteCount <= 1 << 20,
      let bytes = try? WholeFile.read(path)
    else { return false }
    return bytes.allSatisfy { $0 == 0 }
  }

  /// Ends the record of a run whose process died.
  private func finish(_ id: String, _ reader: RunReader) -> Finding {
    let what = "its process died without a word"
    if onlyLooks {
      return Finding(id: id, kind: .repairable, message: "\(what); its record can be ended")
    }
    do {
      switch try RunFinisher.finish(directory: reader.directory) {
      case .finished:
        let record = try RunReader(directory: reader.directory).record
        let reason = record.failTrace.first.map { ": \($0.filter { $0 != "\n" })" } ?? ""
        return Finding(
          id: id, kind: .repaired,
          message: "\(what); its record ends now as \(record.status)\(reason)")
      case .hadEnded:
        if RunFiles.journals(in: reader.directory).isEmpty {
          return Finding(
            id: id, kind: .damaged,
            message: "\(what), as far as its heartbeat tells; Sacred's records cannot be ended")
        }
        return Finding(id: id, kind: .repaired, message: "its files were behind its journal")
      case .isAlive:
        return Finding(
          id: id, kind: .damaged,
          message: "its heart has been silent for long, but its process may live on another machine"
        )
      }
    } catch {
      return Finding(
        id: id, kind: .damaged, message: "\(what), and its record cannot be ended: \(error)")
    }
  }

  /// Makes the files beside the journal again where one is missing or damaged.
  private func remake(_ id: String, _ reader: RunReader) -> Finding? {
    guard !RunFiles.journals(in: reader.directory).isEmpty else { return nil }
    let missing = RunFiles.names.filter { access("\(reader.directory)/\($0)", F_OK) != 0 }
    let damaged = RunFiles.names.filter { name in
      reader.notes.contains { $0.hasPrefix("\(name):") }
    }
    guard let first = (missing + damaged).first else { return nil }
    let what = missing.isEmpty ? "\(first) is damaged" : "\(first) is missing"
    if onlyLooks {
      return Finding(id: id, kind: .repairable, message: "\(what); it can be made from the journal")
    }
    guard (try? RunFinisher.finish(directory: reader.directory)) == .hadEnded else {
      return Finding(id: id, kind: .damaged, message: "\(what), and it cannot be written")
    }
    return Finding(id: id, kind: .repaired, message: "\(what); it was made again from the journal")
  }

  /// The files that a record names and that are not there.
  private func missingFiles(of reader: RunReader) -> [String] {
    let record = reader.record
    func isMissing(_ path: String?) -> Bool { path.map { access($0, F_OK) != 0 } ?? false }
    let missing = reader.missingOutput
    let output = missing > 0 ? ["\(missing) bytes of what it printed are gone from cout.txt"] : []
    let artifacts = record.artifacts.filter { isMissing(reader.path(of: $0)) }
      .map { "the artifact '\($0.name)' is gone" }
    let resources = record.resources.filter { !$0.isReference && isMissing(reader.path(of: $0)) }
      .map { "the content of the resource '\($0.path)' is gone" }
    let sources = record.experiment.sources
      .filter { $0.storedPath != nil && isMissing(reader.path(of: $0)) }
      .map { "the content of the source '\($0.path)' is gone" }
    return output + artifacts + resources + sources
  }
}
