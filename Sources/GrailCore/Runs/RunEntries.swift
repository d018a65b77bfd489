public import OrderedCollections

/// Named values of a run, such as its configuration, found by their dotted names.
///
/// ```swift
/// let layers = run.config["layers"]?.intValue
/// let path = run.config["data.path"] ?? "unknown"
/// for (name, value) in run.config { print(name, value) }
/// ```
public struct RunEntries: Hashable, Sendable {
  /// The values by name, in the order in which they were set; groups of entries are maps.
  public var values: OrderedDictionary<String, Value>

  /// Creates entries.
  ///
  /// - Parameter values: The values by name.
  public init(_ values: OrderedDictionary<String, Value>) { self.values = values }

  /// The value of a name; `nil` if there is none.
  ///
  /// In a list a name is an index from 0: `widths.1`. A name that has dots itself counts before the
  /// names between its dots.
  ///
  /// - Parameter name: The name, such as `layers` or `data.path`.
  public subscript(name: String) -> Value? {
    if let value = values[name] { return value }
    let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return Value.map(values).value(at: path)
  }
}

extension RunEntries: Sequence {
  /// Begins to go through the names with their values, in the order in which they were set.
  public func makeIterator() -> OrderedDictionary<String, Value>.Iterator { values.makeIterator() }
}

extension RunEntries: CustomStringConvertible {
  /// The entries as text in one line.
  public var description: String { Value.map(values).description }
}
