import GrailRecord

/// The numbers and fields that a zip archive consists of.
///
/// - SeeAlso: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 (records), 4.4 (fields), 4.5.3 (zip64).
enum Zip {
  /// What a record begins with.
  enum Signature: UInt32 {
    case member = 0x0403_4B50
    case descriptor = 0x0807_4B50
    case directoryEntry = 0x0201_4B50
    case end = 0x0605_4B50
    case end64 = 0x0606_4B50
    case end64Locator = 0x0706_4B50
  }

  /// How a content is compressed.
  enum Method: UInt16 {
    case stored = 0
    case deflated = 8
  }

  /// A bit of the general purpose flags.
  enum Flag {
    static let encrypted: UInt16 = 1
    /// Checksum and sizes stand behind the content.
    static let hasDescriptor: UInt16 = 1 << 3
    static let nameIsUTF8: UInt16 = 1 << 11
  }

  /// What says that a number stands in the field of zip64.
  static let elsewhere32: UInt32 = .max
  static let elsewhere16: UInt16 = .max
  /// The version that knows zip64.
  static let version64: UInt16 = 45
  static let version: UInt16 = 20
  /// The system on which file modes are those of Unix.
  static let unix: UInt16 = 3
  static let zip64Field: UInt16 = 1
  /// Info-ZIP's field for a name in UTF-8 beside one that is not.
  static let unicodeNameField: UInt16 = 0x7075

  /// The fields behind a name, by their numbers.
  static func extraFields(_ bytes: ArraySlice<UInt8>) -> [UInt16: ArraySlice<UInt8>] {
    var fields: [UInt16: ArraySlice<UInt8>] = [:]
    var reader = ByteReader(bytes)
    while let number = reader.littleEndian(UInt16.self),
      let count = reader.littleEndian(UInt16.self),
      let content = reader.slice(count: Int(count))
    {
      fields[number] = content
    }
    return fields
  }
}

extension ByteWriter {
  mutating func append(_ signature: Zip.Signature) { append(littleEndian: signature.rawValue) }
}
