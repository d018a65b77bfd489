import CGrailRecord
import GrailCore

/// The fixed parts of the index of a run's output; `docs/output.md` describes them.
enum OutputFormat {
  static let magic: [UInt8] = Array("GRAILOUT".utf8)
  static let major: UInt16 = 1
  static let minor: UInt16 = 0
  static let headerLength = 32
  static let recordLength = Int(GRAIL_OUTPUT_RECORD)

  enum Kind {
    static let text = UInt8(GRAIL_OUTPUT_TEXT)
    static let lost = UInt8(GRAIL_OUTPUT_LOST)
    static let end = UInt8(GRAIL_OUTPUT_END)
  }

  static func header(key: RunKey) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes = magic
    writer.append(littleEndian: major)
    writer.append(littleEndian: minor)
    writer.append(littleEndian: UInt32(headerLength))
    writer.bytes.append(contentsOf: key.bytes)
    return writer.bytes
  }
}
