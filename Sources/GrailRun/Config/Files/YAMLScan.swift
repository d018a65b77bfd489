#if YAML
  /// Refuses texts on which the parser of YAML would not fail but work without end.
  ///
  /// Looks at marks alone, so it also sees those that stand in texts; it only refuses what no
  /// configuration needs.
  enum YAMLScan {
    /// How many values a key may come to that is a list or map.
    ///
    /// The parser compares the keys of a map, and each alias in a key can double it.
    private static let maxKeySize = 1 << 24

    /// Checks a text in UTF-8.
    ///
    /// - Throws: ``ConfigFault`` at the place that is refused.
    static func check(_ bytes: [UInt8]) throws(ConfigFault) {
      var offset = 0
      var previous = UInt8(ascii: "\n")
      var (aliasCount, lastAlias, compoundKey) = (0, 0, false)
      while offset < bytes.count {
        let byte = bytes[offset]
        let next = offset + 1 < bytes.count ? bytes[offset + 1] : UInt8(ascii: "\n")
        switch byte {
        case 0x09, 0x0A: break
        // To YAML 1.1, these end a line, though hardly an editor counts them.
        case 0x0D where next != 0x0A:
          throw fault(bytes, offset, "found a carriage return without a line feed")
        case 0x0D: break
        case 0xE2
        where [[0xE2, 0x80, 0xA8], [0xE2, 0x80, 0xA9]].contains(bytes[offset...].prefix(3)):
          throw fault(bytes, offset, "found a separator of lines; write it as an escape in quotes")
        case ..<0x20, 0x7F:
          throw fault(bytes, offset, "found the control character \(byte), expected text")
        case 0xC2 where next < 0xA0:
          throw fault(bytes, offset, "found the control character \(next), expected text")
        case 0xEF where bytes[offset...].starts(with: [0xEF, 0xBB, 0xBF]):
          throw fault(bytes, offset, "found a byte order mark inside the text")
        case 0xEF
        where bytes[offset...].starts(with: [0xEF, 0xBF]) && offset + 2 < bytes.count
          && bytes[offset + 2] >= 0xBE:
          throw fault(bytes, offset, "found what is no character")
        case UInt8(ascii: "*") where isMark(after: previous) && !isSpace(next):
          (aliasCount, lastAlias) = (aliasCount + 1, offset)
          compoundKey = compoundKey || isKey(bytes, after: endOfName(bytes, from: offset + 1))
        case UInt8(ascii: "?") where isMark(after: previous) && isSpace(next): compoundKey = true
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
          compoundKey = compoundKey || isKey(bytes, after: offset + 1)
        default: break
        }
        previous = byte
        offset += 1
      }
      if compoundKey, aliasCount > 1, bytes.count > maxKeySize >> min(aliasCount, 32) {
        throw fault(
          bytes, lastAlias,
          "found too many aliases in a file with keys that are lists or maps")
      }
    }

    private static func fault(_ bytes: [UInt8], _ offset: Int, _ message: String) -> ConfigFault {
      var counter = ConfigPlaceCounter(bytes)
      return ConfigFault(place: counter.place(at: offset), message: message)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    /// Whether a mark may follow a byte: in a word it would be a letter of it.
    private static func isMark(after byte: UInt8) -> Bool {
      isSpace(byte) || "[]{},:\"'".utf8.contains(byte)
    }

    private static func endOfName(_ bytes: [UInt8], from start: Int) -> Int {
      var end = start
      while end < bytes.count, !isSpace(bytes[end]), !"[]{},:".utf8.contains(bytes[end]) {
        end += 1
      }
      return end
    }

    private static func isKey(_ bytes: [UInt8], after end: Int) -> Bool {
      var end = end
      while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
      return end < bytes.count && bytes[end] == UInt8(ascii: ":")
    }
  }
#endif
