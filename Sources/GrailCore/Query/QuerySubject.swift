import OrderedCollections

/// A run as a query sees it.
package protocol QuerySubject {
  /// What the run has there.
  ///
  /// - Parameter reading: One thing that a name may mean.
  /// - Returns: The value; `nil` if the run does not have it, which is not the same as null.
  func value(of reading: QueryField.Reading) -> Value?
}

extension QuerySubject {
  /// What the run has under a name: the first of its readings that there is.
  package func value(of field: QueryField) -> Value? {
    for reading in field.readings {
      if let value = value(of: reading) { return value.queryForm }
    }
    return nil
  }
}

extension Value {
  /// The id of a run as queries know it: a number if the text is one in its one form.
  package static func id(_ text: String) -> Value {
    guard let number = Int64(text), String(number).utf8.elementsEqual(text.utf8) else {
      return .text(text)
    }
    return .int(number)
  }

  /// The value as queries know it.
  ///
  /// Python's tuples and sets are lists, NumPy's numbers are numbers and its short arrays lists, and
  /// whole numbers beyond 64 bits are rounded. A NUL in a text, which databases take for its end, is
  /// U+FFFD.
  package var queryForm: Value {
    if case .text(let text) = self, text.utf8.contains(0) {
      return .text(String(text.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
    guard case .opaque(let opaque) = self else { return self }
    let raw = opaque.raw
    if let elements = raw["py/tuple"]?.listValue ?? raw["py/set"]?.listValue {
      return .list(elements)
    }
    if opaque.typeName == "json.number", let number = raw.textValue.flatMap(Double.init) {
      return .double(number)
    }
    guard raw["dtype"] != nil, let content = raw["value"] ?? raw["values"] else { return self }
    switch content {
    case .int, .double, .bool, .list: return content
    default: return self
    }
  }

  /// The value with what Python makes of lists and numbers as lists and numbers, however deep.
  package var plainForm: Value {
    switch self {
    case .list(let elements): return .list(elements.map(\.plainForm))
    case .map(let entries): return .map(entries.mapValues(\.plainForm))
    case .opaque:
      let plain = queryForm
      if case .opaque = plain { return plain }
      return plain.plainForm
    default: return self
    }
  }

  /// The value at the end of a path of names; in a list a name is an index from 0.
  ///
  /// - Parameter path: The names, which are equal to those here only character for character.
  /// - Returns: The value; `nil` if the path leads nowhere.
  package func value(at path: some Sequence<String>) -> Value? {
    var value = self.queryForm
    for name in path {
      switch value {
      case .map(let entries):
        guard let index = entries.index(forKey: name),
          entries.keys[index].utf8.elementsEqual(name.utf8)
        else { return nil }
        value = entries.values[index].queryForm
      case .list(let elements):
        guard case .int(let index) = Value.id(name), elements.indices.contains(Int(clamping: index))
        else { return nil }
        value = elements[Int(clamping: index)].queryForm
      default: return nil
      }
    }
    return value
  }
}
