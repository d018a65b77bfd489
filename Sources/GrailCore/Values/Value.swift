public import OrderedCollections

/// A value as a run records it: configuration, info, results, and metrics of any type.
///
/// The cases are what every store can keep. Whatever else a record holds, such as a Python
/// object in a run of Sacred's, is an ``Opaque`` value: shown and copied, never constructed.
public enum Value: Hashable, Sendable {
  /// The absence of a value.
  case null
  /// A truth value.
  case bool(Bool)
  /// A whole number; distinct from ``double(_:)``, so `7` and `7.0` stay what they are.
  case int(Int64)
  /// A floating-point number, NaN and infinities included.
  case double(Double)
  /// A text of Unicode characters.
  case text(String)
  /// Raw bytes.
  case bytes([UInt8])
  /// A moment, in microseconds, UTC.
  case time(Timestamp)
  /// Values in order.
  case list([Value])
  /// Named values in the order in which they were added.
  case map(OrderedDictionary<String, Value>)
  /// A value whose type is known by name alone.
  case opaque(Opaque)
}

extension Value {
  /// A value of a type that Grail does not model, in the form in which its record holds it.
  public struct Opaque: Hashable, Sendable {
    /// The name of the type, as its record names it: `numpy.ndarray`, `tuple`.
    public var typeName: String
    /// The whole recorded form, which a store of the same kind writes back unchanged.
    public var raw: Value {
      get { storage[0] }
      set { storage = [newValue] }
    }

    /// One element; an array because an enum and a struct that hold each other need a box.
    private var storage: [Value]

    /// Creates an opaque value.
    ///
    /// - Parameters:
    ///   - typeName: The name of the type, as its record names it.
    ///   - raw: The whole recorded form.
    public init(typeName: String, raw: Value) {
      self.typeName = typeName
      self.storage = [raw]
    }
  }
}

extension Value {
  /// The named values, if this is a map.
  public var mapValue: OrderedDictionary<String, Value>? {
    if case .map(let entries) = self { entries } else { nil }
  }

  /// The elements, if this is a list.
  public var listValue: [Value]? {
    if case .list(let elements) = self { elements } else { nil }
  }

  /// The text, if this is one.
  public var textValue: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The whole number, if this is one.
  public var intValue: Int64? {
    if case .int(let number) = self { number } else { nil }
  }

  /// The number, whole or not, if this is one; whole numbers beyond 2⁵³ are rounded.
  public var doubleValue: Double? {
    switch self {
    case .double(let number): number
    case .int(let number): Double(number)
    default: nil
    }
  }

  /// The truth value, if this is one.
  public var boolValue: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }

  /// The moment, if this is one.
  public var timeValue: Timestamp? {
    if case .time(let time) = self { time } else { nil }
  }

  /// Whether this is the absence of a value.
  public var isNull: Bool { self == .null }

  /// The entry of a map; `nil` where there is none, or where this is no map.
  public subscript(name: String) -> Value? { mapValue?[name] }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// Creates the absence of a value.
  public init(nilLiteral: ()) { self = .null }
  /// Creates a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Creates a whole number.
  public init(integerLiteral value: Int64) { self = .int(value) }
  /// Creates a floating-point number.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// Creates a text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// Creates a list.
  public init(arrayLiteral elements: Value...) { self = .list(elements) }

  /// Creates a map; the last of several entries with one name wins.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self = .map(OrderedDictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension Value {
  /// The named values of a map, in the order in which they were added.
  public typealias Entries = OrderedDictionary<String, Value>
}
