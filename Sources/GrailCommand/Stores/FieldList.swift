import GrailCore

/// Names of fields as they are typed for a table: `status,layers,-loss.min`.
struct FieldList {
  private let words: [String]

  /// Creates a list from the values of an option; each may hold several names.
  init(_ words: [String]) { self.words = words.flatMap(Self.split) }

  /// The fields; `nil` if none was named.
  var fields: [QueryField]? {
    get throws { words.isEmpty ? nil : try words.map { try QueryField(parsing: $0) } }
  }

  /// What to sort by; a name behind `-` has the greatest first.
  var order: [RunOrder] {
    get throws {
      try words.map { word in
        let isDescending = word.hasPrefix("-")
        return RunOrder(
          try QueryField(parsing: isDescending ? String(word.dropFirst()) : word),
          isDescending: isDescending)
      }
    }
  }

  /// What was named that no run has, each with the nearest name that there is.
  ///
  /// - Parameter names: The names that there are.
  /// - Returns: A line each.
  func absences(among names: QueryNames) -> [String] {
    words.flatMap { word -> [String] in
      let name = word.hasPrefix("-") ? word.dropFirst() : word[...]
      guard let query = try? Query(parsing: "has \(name)") else { return [] }
      return query.unknownFields(among: names).map(\.message)
    }
  }

  /// Splits at commas that do not stand in quotes.
  static func split(_ text: String) -> [String] {
    var parts = [""]
    var quote: Character?
    for character in text {
      if character == quote {
        quote = nil
      } else if quote == nil, "\"'`".contains(character) {
        quote = character
      } else if quote == nil, character == "," {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { $0.trimmed }.filter { !$0.isEmpty }
  }
}

extension String {
  /// The text without spaces at its ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
