import CGrailRecord
package import GrailCore

/// What a journal's header says of the end of its process: hints, without a checksum.
package struct JournalNote: Hashable, Sendable {
  /// The signal that came last, and was not ignored.
  package var signal: Int32?
  /// When it came.
  package var time: Timestamp?
  /// What the run did at the moment, as a part of a sentence.
  package var activity: String?

  private static let longestActivity =
    JournalFormat.headerLength - JournalFormat.activityOffset - 1

  /// Reads the header of a journal.
  init(header bytes: [UInt8]) {
    guard bytes.count >= JournalFormat.headerLength else { return }
    var reader = ByteReader(bytes[JournalFormat.signalOffset...])
    if let number = reader.littleEndian(UInt32.self), (1..<128).contains(number),
      reader.littleEndian(UInt32.self) != nil, let time = reader.littleEndian(Int64.self)
    {
      (signal, self.time) = (Int32(number), Timestamp(microseconds: time))
    }
    let count = Int(bytes[JournalFormat.activityOffset])
    guard count > 0, count <= Self.longestActivity else { return }
    let start = JournalFormat.activityOffset + 1
    activity = String(decoding: bytes[start..<start + count], as: UTF8.self)
  }

  /// The bytes that say what is done; a text that is too long is cut.
  static func activityBytes(_ text: String?) -> [UInt8] {
    var text = (text ?? "")[...]
    while text.utf8.count > longestActivity { text = text.dropLast() }
    return [UInt8(text.utf8.count)] + text.utf8
  }

  /// The signal's name, such as `SIGTERM`.
  package var signalName: String? {
    signal.map { number in
      grail_signal_name(number).map { String(cString: $0) } ?? "signal \(number)"
    }
  }
}
