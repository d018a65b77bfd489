import GrailCore
import OrderedCollections

extension ConfigSchema {
  /// Reads what a file sets.
  ///
  /// Groups may be written as maps or under dotted names. Sacred's `__doc__` is left out.
  ///
  /// - Parameters:
  ///   - document: The file.
  ///   - group: The dotted name of the group that the file is about; empty for the whole.
  /// - Returns: What it changes, in its order, and everything that is wrong with it.
  package func read(
    _ document: ConfigDocument, at group: String = ""
  ) -> (changes: [ConfigChange], problems: [ConfigError]) {
    var reader = DocumentReader(schema: self, document: document)
    reader.read(document.entries, prefix: group.isEmpty ? "" : group + ".")
    if reader.problems.count >= ConfigProblems.maxCount {
      reader.problems = Array(reader.problems.prefix(ConfigProblems.maxCount))
      reader.problems.append(
        .badFile(
          document.path,
          document.line(
            nil, "there is more to mend; only \(ConfigProblems.maxCount) lines are shown")
        ))
    }
    return (reader.changes, reader.problems)
  }
}

extension ConfigLiteral {
  /// The branch that a map of a variant's entries chooses.
  fileprivate var choice: String? {
    guard case .map(let pairs) = form else { return nil }
    return pairs.first { $0.key.text == ConfigType.choiceName }?.value.text
  }
}

extension ConfigEntry {
  /// The variant of which this entry says the branch, if its name says so.
  fileprivate var variant: String? {
    let suffix = "." + ConfigType.choiceName
    return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : nil
  }
}

/// The one pass over a file's names, which goes on after a problem to find them all.
private struct DocumentReader {
  var schema: ConfigSchema
  let document: ConfigDocument
  var changes: [ConfigChange] = []
  var problems: [ConfigError] = []
  /// Where each name is set.
  private var places: [[String]: ConfigPlace?] = [:]
  /// For each name that has parts, one that is set.
  private var parts: [[String]: String] = [:]

  init(schema: ConfigSchema, document: ConfigDocument) {
    (self.schema, self.document) = (schema, document)
  }

  mutating func read(
    _ pairs: [(key: ConfigLiteral, value: ConfigLiteral)], prefix: String
  ) {
    choose(pairs, prefix: prefix)
    for (key, value) in pairs where problems.count < ConfigProblems.maxCount {
      guard let name = key.text else {
        report(
          ConfigError(
            code: .unknownEntry, path: prefix + key.source,
            message: "found \(quoted(key.source)), expected the name of an entry"), key)
        continue
      }
      do {
        try set(schema.entry(at: prefix + name), key, value)
      } catch {
        // Sacred writes the configuration's documentation among its entries.
        if name != "__doc__" { report(error, key) }
      }
    }
  }

  private mutating func report(_ problem: ConfigError, _ literal: ConfigLiteral) {
    var problem = problem
    problem.message = document.line(literal.place, problem.message)
    problems.append(problem)
  }

  /// Takes in which branches the file chooses, since these say which entries there are.
  private mutating func choose(
    _ pairs: [(key: ConfigLiteral, value: ConfigLiteral)], prefix: String
  ) {
    for (key, value) in pairs {
      guard let name = key.text, let entry = schema.knownEntry(at: prefix + name) else {
        continue
      }
      if entry.type.branches != nil, let choice = value.choice ?? value.text {
        schema = schema.choosing([entry.name: choice])
      } else if let variant = entry.variant, let choice = value.text {
        schema = schema.choosing([variant: choice])
      }
    }
  }

  private mutating func set(_ entry: ConfigEntry, _ key: ConfigLiteral, _ value: ConfigLiteral) {
    var entry = entry
    if entry.type.branches != nil, value.text != nil, var choice = entry.type.groupEntries?.first {
      choice.name = "\(entry.name).\(choice.name)"
      entry = choice
    }
    // An optional group that is absent is set as a whole, since its other entries have no values.
    if entry.members != nil, case .map(let pairs) = value.form {
      return read(pairs, prefix: entry.name + ".")
    }
    let path = entry.name.pathComponents
    if let clash = clash(at: path, entry.name) { report(clash, key) }
    places[path] = .some(key.place)
    for length in 0..<path.count { parts[Array(path[..<length])] = entry.name }
    do {
      let new = try entry.read(value, in: document)
      changes += ConfigSchema.split(
        new, text: value.text ?? value.source, place: document.place(key.place), of: entry)
    } catch {
      problems += error.problems
    }
  }

  /// What is wrong between a name and those before it.
  private func clash(at path: [String], _ name: String) -> ConfigError? {
    if let first = places[path] {
      let line = first.map { ", first in line \($0.line)" } ?? ""
      return ConfigError(
        code: .duplicate, path: name,
        message: "\(quoted(name)) is set twice\(line); write it once")
    }
    let whole = (1..<max(1, path.count)).first { places[Array(path[..<$0])] != nil }
    let pair =
      whole.map { (path[..<$0].joined(separator: "."), name) } ?? parts[path].map { (name, $0) }
    guard let (whole, part) = pair else { return nil }
    return ConfigError(
      code: .conflict, path: name,
      message: "\(quoted(whole)) and its part \(quoted(part)) are both set; set one of them")
  }
}
