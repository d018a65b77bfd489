import GrailCore
import GrailRecord

/// Reads JSON as a literal.
///
/// The record's parser says what is wrong with a text. One that is right is walked once more,
/// which needs no checks, for the place of each value.
struct JSONConfig {
  private let bytes: [UInt8]
  private var position = 0
  private var counter: ConfigPlaceCounter

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    counter = ConfigPlaceCounter(bytes)
  }

  /// Reads a text.
  ///
  /// - Throws: ``ConfigFault`` at the first place that is no JSON.
  static func literal(_ bytes: [UInt8]) throws(ConfigFault) -> ConfigLiteral {
    do {
      _ = try JSONParser.parse(bytes)
    } catch {
      let endsInText = error.found == "the control character 10"
      let (found, expected) =
        endsInText ? ("the end of the line", "the closing '\"'") : (error.found, error.expected)
      throw ConfigFault(
        place: ConfigPlace(line: error.line, column: error.column),
        message: "found \(found), expected \(expected)\(hint(error))")
    }
    var walk = JSONConfig(bytes)
    return try walk.value(depth: 0)
  }

  /// What people who write JSON by hand get wrong.
  private static func hint(_ error: JSONError) -> String {
    switch (error.found, error.expected) {
    case ("'/'", _), ("'#'", _): "; JSON has no comments"
    case ("'''", _): "; JSON has double quotes alone"
    case ("'T'", _): "; JSON writes true"
    case ("'F'", _): "; JSON writes false"
    case ("'}'", "a key"), ("']'", "a value"): "; JSON has no comma after the last value"
    case (_, "a key"), (_, "a key or '}'"): "; keys are in double quotes"
    default: ""
    }
  }
}

// MARK: - The walk

extension JSONConfig {
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// Takes a mark of the notation and the space before it, if it comes next.
  private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(ConfigFault) -> ConfigLiteral {
    skipSpace()
    let start = position
    let place = counter.place(at: start)
    guard depth <= ConfigFile.maxDepth else { throw .tooDeep(place) }
    switch next {
    case UInt8(ascii: "["):
      position += 1
      var elements: [ConfigLiteral] = []
      while !skip("]"), position < bytes.count {
        elements.append(try value(depth: depth + 1))
        _ = skip(",")
      }
      return ConfigLiteral(.list(elements), place: place)
    case UInt8(ascii: "{"):
      position += 1
      var pairs: [(key: ConfigLiteral, value: ConfigLiteral)] = []
      while !skip("}"), position < bytes.count {
        let key = try value(depth: depth + 1)
        _ = skip(":")
        pairs.append((key, try value(depth: depth + 1)))
        _ = skip(",")
      }
      let map = ConfigLiteral(.map(pairs), place: place)
      return untagged(map, bytes[start..<position])
    case UInt8(ascii: "\""):
      return ConfigLiteral(.quoted(text()), place: place)
    default:
      return word(place)
    }
  }

  /// The word or number that comes next.
  private mutating func word(_ place: ConfigPlace) -> ConfigLiteral {
    let start = position
    let marks: [UInt8] = Array(",:]} \n\r\t".utf8)
    while let byte = next, !marks.contains(byte) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    return ConfigLiteral(word == "null" ? .null(word) : .word(word), place: place)
  }

  /// The text in quotes that comes next.
  private mutating func text() -> String {
    let start = position
    position += 1
    while let byte = next, byte != UInt8(ascii: "\"") {
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position + 1, bytes.count)
    return (try? JSONParser.parse(Array(bytes[start..<position])))?.textValue ?? ""
  }

  /// What a map of jsonpickle's stands for, where it is a list, bytes or a time; else the map.
  private func untagged(_ map: ConfigLiteral, _ source: ArraySlice<UInt8>) -> ConfigLiteral {
    guard case .map(let pairs) = map.form, let key = pairs.first?.key.text, key.hasPrefix("py/")
    else { return map }
    if pairs.count == 1, key == "py/tuple" || key == "py/set", case .list = pairs[0].value.form {
      return ConfigLiteral(pairs[0].value.form, place: map.place)
    }
    switch (try? JSONParser.parse(Array(source))).map(JSONPickle.decode) {
    case .time(let time)?: return ConfigLiteral(.word(time.description), place: map.place)
    case .bytes(let bytes)?:
      let numbers = bytes.map { ConfigLiteral(.word(String($0)), place: map.place) }
      return ConfigLiteral(.list(numbers), place: map.place)
    default: return map
    }
  }
}

extension ConfigFault {
  /// The fault that lists and maps stand in each other too deep.
  static func tooDeep(_ place: ConfigPlace) -> ConfigFault {
    ConfigFault(
      place: place,
      message: "found more than \(ConfigFile.maxDepth) lists and maps inside each other")
  }
}
