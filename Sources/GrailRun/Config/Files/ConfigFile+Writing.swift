package import GrailCore
import GrailRecord
import OrderedCollections

extension ConfigFile {
  /// The text of a file that sets a configuration.
  ///
  /// The entries keep their order, but that TOML has the tables of each level after the rest. In
  /// TOML an entry that is without a value by default, and has none, is left out.
  ///
  /// - Parameters:
  ///   - value: The configuration, a map.
  ///   - format: How the file is to be written.
  ///   - schema: The entries' types; without it each value is written by its own looks.
  /// - Returns: Text that ``ConfigSchema/read(_:)`` reads as the same values.
  package static func text(of value: Value, format: Format, schema: ConfigSchema?) -> String {
    let entries = schema?.entries ?? []
    let pairs = pairs(of: value, entries: entries, maker: ConfigLiteralMaker(format))
    return switch format {
    case .json: JSONText.text(of: pairs)
    case .yaml: YAMLText.text(of: pairs)
    case .toml: TOMLText.text(of: pairs)
    }
  }

  /// Writes a file that sets a configuration, in the format that its name says.
  ///
  /// - Parameters:
  ///   - value: The configuration, a map.
  ///   - path: The file's path, as the user wrote it.
  ///   - schema: The entries' types.
  /// - Throws: ``ConfigProblems`` if the name has no known extension or the system refuses.
  package static func write(
    _ value: Value, to path: String, schema: ConfigSchema?
  ) throws(ConfigProblems) {
    let format = try Format(path: path)
    do {
      try AtomicFile.write(Array(text(of: value, format: format, schema: schema).utf8), to: path)
    } catch {
      throw ConfigProblems([.badFile(path, "\(error)")])
    }
  }

  private static func pairs(
    of value: Value, entries: [ConfigEntry], maker: ConfigLiteralMaker
  ) -> [(key: ConfigLiteral, value: ConfigLiteral)] {
    (value.mapValue ?? [:]).compactMap { name, value in
      let entry = entries.first { $0.name == name }
      let key = ConfigLiteral(.quoted(name), place: nil)
      if value.isNull, maker.lacksNull, entry?.defaultValue.isNull ?? false { return nil }
      if let members = entry?.members, case .map = value {
        let form = ConfigLiteral.Form.map(pairs(of: value, entries: members, maker: maker))
        return (key, ConfigLiteral(form, place: nil))
      }
      return (key, maker.literal(of: value, as: entry?.type ?? .any(name: "")))
    }
  }
}

extension ConfigFile.Format {
  /// A value on one line, as messages show what to write.
  func inlineText(_ value: Value, as type: ConfigType = .optional(.any(name: ""))) -> String {
    let literal = ConfigLiteralMaker(self).literal(of: value, as: type)
    return switch self {
    case .json: JSONText.inline(literal)
    case .yaml: YAMLText.inline(literal)
    case .toml: TOMLText.inline(literal)
    }
  }
}

extension String {
  /// The text in double quotes, with escapes that JSON, YAML and TOML have in common.
  var doubleQuoted: String {
    var content = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": content += "\\\""
      case "\\": content += "\\\\"
      case "\n": content += "\\n"
      case "\r": content += "\\r"
      case "\t": content += "\\t"
      // What is not shown, ends a line for some reader, or is no character for YAML.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}",
        "\u{FFFE}", "\u{FFFF}":
        let digits = String(scalar.value, radix: 16, uppercase: true)
        content += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: content.unicodeScalars.append(scalar)
      }
    }
    return content + "\""
  }
}
