#if YAML
  import GrailRecord
  import OrderedCollections
  import Yams

  /// Reads YAML as a literal.
  ///
  /// The meaning of a plain scalar is left to the type of its entry; only `null`, `~` and nothing
  /// at all are absence from the start. Aliases and merge keys work, as long as the whole does not
  /// become much larger than the file.
  struct YAMLConfig {
    /// The values that are left to make; it falls faster than the file is read only by aliases.
    private var budget: Int

    /// More values than this per file and byte of it come of aliases alone.
    private static let minBudget = 100_000

    /// Reads a text.
    ///
    /// - Returns: The literal; `nil` if the text says nothing.
    /// - Throws: ``ConfigFault`` at the first place that is no YAML.
    static func literal(_ bytes: [UInt8]) throws(ConfigFault) -> ConfigLiteral? {
      try YAMLScan.check(bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      let root: Node?
      do {
        // Without rules, no scalar is taken for anything but text.
        root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
      } catch let error as YamlError {
        throw YAMLMessages(bytes).fault(error)
      } catch {
        throw ConfigFault(place: .start, message: "\(error)")
      }
      guard let root, root.scalar.map(isNothing) != true else { return nil }
      var reading = YAMLConfig(budget: bytes.count + minBudget)
      return try reading.literal(root, depth: 0)
    }

    private static func isNothing(_ scalar: Node.Scalar) -> Bool {
      scalar.style == .plain && scalar.string.isEmpty
    }

    private mutating func literal(_ node: Node, depth: Int) throws(ConfigFault) -> ConfigLiteral {
      let place = node.mark.map { ConfigPlace(line: $0.line, column: $0.column) }
      guard depth <= ConfigFile.maxDepth else { throw .tooDeep(place ?? .start) }
      budget -= 1
      guard budget > 0 else {
        throw ConfigFault(
          place: place ?? .start, message: "found aliases that make the file too large")
      }
      switch node {
      case .scalar(let scalar):
        return ConfigLiteral(form(of: scalar), place: place)
      case .sequence(let sequence):
        var elements: [ConfigLiteral] = []
        for element in sequence { elements.append(try literal(element, depth: depth + 1)) }
        return ConfigLiteral(.list(elements), place: place)
      case .mapping(let mapping):
        return ConfigLiteral(.map(try pairs(mapping, depth: depth + 1)), place: place)
      case .alias:
        // The parser puts in what an alias stands for.
        throw ConfigFault(place: place ?? .start, message: "found an alias of nothing")
      }
    }

    private func form(of scalar: Node.Scalar) -> ConfigLiteral.Form {
      let text = scalar.string
      switch scalar.tag.description {
      case Tag.Name.binary.rawValue:
        let base64 = text.filter { !$0.isWhitespace }
        guard let bytes = Base64.decode(base64) else { return .quoted(text) }
        return .list(bytes.map { ConfigLiteral(.word(String($0)), place: nil) })
      case Tag.Name.str.rawValue: return .quoted(text)
      case Tag.Name.null.rawValue: return .null(text)
      default: break
      }
      guard scalar.style == .plain else { return .quoted(text) }
      return ["", "~", "null", "Null", "NULL"].contains(text) ? .null(text) : .word(text)
    }

    /// The pairs of a map, then those that `<<` merges into it.
    private mutating func pairs(
      _ mapping: Node.Mapping, depth: Int
    ) throws(ConfigFault) -> [(key: ConfigLiteral, value: ConfigLiteral)] {
      var pairs: [(key: ConfigLiteral, value: ConfigLiteral)] = []
      var merged: [(key: ConfigLiteral, value: ConfigLiteral)] = []
      for (key, value) in mapping {
        if let scalar = key.scalar, scalar.string == "<<", scalar.style == .plain {
          merged += try self.merged(value, depth: depth)
        } else {
          pairs.append((try literal(key, depth: depth), try literal(value, depth: depth)))
        }
      }
      guard !merged.isEmpty else { return pairs }
      // What stands in the map itself wins, then what comes first.
      var names = Set(pairs.compactMap(\.key.text))
      for pair in merged where pair.key.text.map({ names.insert($0).inserted }) ?? true {
        pairs.append(pair)
      }
      return pairs
    }

    private mutating func merged(
      _ value: Node, depth: Int
    ) throws(ConfigFault) -> [(key: ConfigLiteral, value: ConfigLiteral)] {
      let place = value.mark.map { ConfigPlace(line: $0.line, column: $0.column) } ?? .start
      let maps: [Node] =
        if case .sequence(let sequence) = value { Array(sequence) } else { [value] }
      guard depth <= ConfigFile.maxDepth else { throw .tooDeep(place) }
      var merged: [(key: ConfigLiteral, value: ConfigLiteral)] = []
      for map in maps {
        budget -= 1
        guard case .mapping(let mapping) = map, budget > 0 else {
          throw ConfigFault(
            place: place, message: "found '<<' without a map, expected an alias of one")
        }
        merged += try pairs(mapping, depth: depth + 1)
      }
      return merged
    }
  }
#else
  /// Stands in for the reader of YAML in a build without it.
  enum YAMLConfig {
    /// Says that there is no reader.
    static func literal(_ bytes: [UInt8]) throws(ConfigFault) -> ConfigLiteral? {
      throw ConfigFault(
        place: .start,
        message: "found YAML, which this program was built without; write JSON or TOML, "
          + "or build it with Grail's trait 'YAML'")
    }
  }
#endif
