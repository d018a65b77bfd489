package import GrailCore

/// A value that a source gives an entry.
package struct ConfigChange: Hashable, Sendable {
  /// The dotted name of the entry, or of an element of a list or map.
  package var path: String
  /// The value that is set, which may equal the default.
  package var value: Value
  /// The value as somebody wrote it, for messages.
  package var text: String?
  /// Where in a file somebody wrote it, as path, line and column.
  package var place: String?
  /// Who sets it.
  package var origin: ConfigOrigin

  /// Creates a change.
  ///
  /// - Parameters:
  ///   - path: The dotted name of the entry.
  ///   - value: The value that is set.
  ///   - text: The value as somebody wrote it.
  ///   - place: Where in a file somebody wrote it.
  ///   - origin: Who sets it.
  package init(
    path: String, value: Value, text: String? = nil, place: String? = nil,
    origin: ConfigOrigin = .update
  ) {
    (self.path, self.value, self.text) = (path, value, text)
    (self.place, self.origin) = (place, origin)
  }

  /// A message about the change, led by the place where somebody wrote it.
  package func placed(_ message: String) -> String { place.map { "\($0): \(message)" } ?? message }

  /// Whether the change is about an entry or a part of it.
  package func isWithin(_ whole: String) -> Bool { path == whole || path.hasPrefix(whole + ".") }
}

/// Who set a value of a configuration.
package enum ConfigOrigin: Hashable, Sendable {
  /// The experiment's author, in code.
  case author
  /// The experiment's author, by a file.
  case authorFile(String)
  /// A named configuration.
  case named(String)
  /// A file that the run was given.
  case file(String)
  /// A configuration hook.
  case hook
  /// An update of this run: a word after `with`, or the code that started it.
  case update

  /// The origin in a word or two, as the record and people have it.
  package var text: String {
    switch self {
    case .author: "author"
    case .authorFile(let path): "author \(path)"
    case .named(let name): "named \(name)"
    case .file(let path): "file \(path)"
    case .hook: "hook"
    case .update: "with"
    }
  }
}

/// What is decided about a configuration: the changes that count, lowest source first.
package struct ConfigDecisions: Sendable {
  /// The changes, none of which overrides another as a whole.
  package private(set) var changes: [ConfigChange] = []
  private let defaultChoices: [String: String]
  private let variants: Set<String>

  /// Creates decisions of which there are none yet.
  ///
  /// - Parameter schema: The entries, with the branches that variants have by default.
  package init(about schema: ConfigSchema) {
    (defaultChoices, variants) = (schema.choices, schema.variantNames)
  }

  /// Adds a change, which overrides what was decided about its entry.
  ///
  /// - Parameter change: The change.
  package mutating func add(_ change: ConfigChange) {
    if let variant = chosenVariant(change), choices[variant] != change.value.textValue {
      // The entries of the branch that was chosen before do not exist any more.
      changes.removeAll { $0.isWithin(variant) && $0.origin != change.origin }
    }
    changes.removeAll { $0.isWithin(change.path) }
    changes.append(change)
  }

  /// Forgets what was decided about an entry and its parts.
  ///
  /// - Parameter path: The dotted name.
  package mutating func forget(_ path: String) { changes.removeAll { $0.isWithin(path) } }

  /// The variant of which a change chooses a branch; an entry of another group may be called so.
  ///
  /// - Parameter change: The change.
  /// - Returns: The variant's dotted name; `nil` if the change chooses nothing.
  package func chosenVariant(_ change: ConfigChange) -> String? {
    let suffix = "." + ConfigType.choiceName
    guard change.path.hasSuffix(suffix) else { return nil }
    let variant = String(change.path.dropLast(suffix.count))
    return variants.contains(variant) ? variant : nil
  }

  /// The branches that are chosen, by the dotted name of the variant.
  package var choices: [String: String] {
    var choices = defaultChoices
    for change in changes {
      if let variant = chosenVariant(change) { choices[variant] = change.value.textValue }
    }
    return choices
  }
}
