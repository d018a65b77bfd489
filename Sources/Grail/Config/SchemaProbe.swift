import GrailCore
import GrailRun
import OrderedCollections

/// Finds out what values a Swift type takes, by decoding a sample and noting what is asked for.
struct SchemaProbe {
  /// The types that are being looked into, which may contain themselves.
  private var ancestors: [ObjectIdentifier] = []

  /// More cases than these are not told one by one.
  private static let maxCases = 100

  /// What values a type takes.
  ///
  /// - Parameters:
  ///   - type: The type.
  ///   - sample: An encoded instance; without one a type that is no enum keeps its secret.
  /// - Returns: The type with everything inside it.
  func type<T>(of type: T.Type, sample: Value?) -> ConfigType {
    // A literal nil would be a null value here.
    let sample = sample?.isNull == true ? Optional.none : sample
    if let known = type as? any ConfigTyped.Type {
      return known.configType(sample: sample, probe: self)
    }
    let name = String(describing: type)
    if let enumeration = type as? any CaseIterable.Type,
      let cases = Self.choices(among: Self.cases(of: enumeration))
    {
      return .choice(name: name, cases)
    }
    guard let decodable = type as? any Decodable.Type, !ancestors.contains(ObjectIdentifier(type))
    else { return .any(name: name) }
    if let sample = sample ?? Self.initialValue(of: type) {
      let found = notes(of: decodable, sample: sample).type(named: name)
      if case .any = found, SecretProbe.hasSecrets(in: decodable) { return .secret(found) }
      return found
    }
    // Where nobody sees what is inside, all of it is as secret as any of it.
    if SecretProbe.hasSecrets(in: decodable) { return .secret(.any(name: name)) }
    if let raw = type as? any RawRepresentable.Type {
      return rawType(of: raw).named(name)
    }
    return .any(name: name)
  }

  /// What a type asks its decoder for.
  private func notes(of type: any Decodable.Type, sample: Value) -> SchemaNotes {
    var probe = self
    probe.ancestors.append(ObjectIdentifier(type))
    let notes = SchemaNotes(sample: sample)
    // A sample that cannot be decoded has been noted up to there, and is reported by the decoding
    // of the whole.
    _ = try? type.init(
      from: RecordingDecoder(
        base: ValueReader(value: sample, codingPath: []), notes: notes, probe: probe))
    return notes
  }

  private func rawType<R: RawRepresentable>(of type: R.Type) -> ConfigType {
    self.type(of: R.RawValue.self, sample: nil)
  }

  /// The defaults of a type that states them itself.
  private static func initialValue(of type: Any.Type) -> Value? {
    guard let type = type as? any Configurable.Type else { return nil }
    return try? ValueEncoder().encode(type.init())
  }

  private static func cases<C: CaseIterable>(of type: C.Type) -> [Any] {
    Array(type.allCases.prefix(maxCases + 1))
  }

  /// The texts of an enum's cases with their encoded values: a raw value, or the case's name.
  private static func choices(among cases: [Any]) -> OrderedDictionary<String, Value>? {
    guard !cases.isEmpty, cases.count <= maxCases else { return nil }
    var choices: OrderedDictionary<String, Value> = [:]
    for instance in cases {
      guard let instance = instance as? any Encodable,
        let value = try? ValueEncoder().encode(instance), let text = value.caseText
      else { return nil }
      choices[text] = value
    }
    return choices
  }
}

extension Value {
  /// The text that stands for a case of an enum without associated values.
  fileprivate var caseText: String? {
    switch self {
    case .text(let text): text
    case .int(let number): String(number)
    case .double(let number): String(number)
    case .map(let entries) where entries.count == 1 && entries.values.first == [:]:
      entries.keys.first
    default: nil
    }
  }

  /// The value of a map's first entry.
  var firstElement: Value? { mapValue?.values.first }
}

/// What a type asked its decoder for.
final class SchemaNotes {
  private enum Note {
    case type(ConfigType)
    case group(SchemaNotes)
  }

  private let sample: Value
  private var entries: OrderedDictionary<String, Note> = [:]
  private var optionalNames: Set<String> = []
  private var singleTypes: [ConfigType] = []
  /// Whether the type asked for named values.
  var isKeyed = false
  /// Whether the type reads its value in a way that entries cannot describe.
  var isOpaque = false

  init(sample: Value) { self.sample = sample }

  func note(_ type: ConfigType, name: String) {
    if case .type(let earlier)? = entries[name], earlier != type {
      entries[name] = .type(.any(name: earlier.name))
    } else {
      entries[name] = .type(type)
    }
  }

  func noteOptional(_ name: String) { optionalNames.insert(name) }

  func noteSingle(_ type: ConfigType) { singleTypes.append(type) }

  /// The notes of a group that a type decodes by hand.
  func group(_ name: String) -> SchemaNotes {
    if case .group(let notes)? = entries[name] { return notes }
    let notes = SchemaNotes(sample: sample[name] ?? .null)
    entries[name] = .group(notes)
    return notes
  }

  func value(_ name: String) -> Value? { sample[name] }

  /// What the notes tell about the type.
  func type(named name: String) -> ConfigType {
    if isOpaque { return .any(name: name) }
    if isKeyed, singleTypes.isEmpty {
      return .group(name: name, entries.map { name, note in entry(name, note) })
    }
    guard !isKeyed, singleTypes.count == 1, let type = singleTypes.first else {
      return .any(name: name)
    }
    return type.named(name)
  }

  private func entry(_ name: String, _ note: Note) -> ConfigEntry {
    var type =
      switch note {
      case .type(let type): type
      case .group(let notes): notes.type(named: name)
      }
    if optionalNames.contains(name), !type.isOptional { type = .optional(type) }
    let value = sample[name] ?? .null
    if !value.isNull, let members = type.unwrapped.groupEntries {
      return ConfigEntry(name, type, default: ConfigSchema(members).defaults)
    }
    return ConfigEntry(name, type, default: value)
  }
}
