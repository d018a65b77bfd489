#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A value that is used but never shown or recorded, such as a password.
///
/// A record, a page of help, a message and an encoder see only `set` or `unset`.
///
/// ```swift
/// var token = Secret<String>(environment: "API_TOKEN")
/// ```
public struct Secret<Wrapped: Codable & Sendable>: Sendable {
  /// The value itself, if there is one.
  public var value: Wrapped?

  /// Creates a secret.
  ///
  /// - Parameter value: The value; `nil` if it is not set.
  public init(_ value: Wrapped? = nil) { self.value = value }
}

extension Secret where Wrapped == String {
  /// Creates a secret that the environment holds.
  ///
  /// - Parameter name: The environment's variable; without it, or where it is empty, the secret is
  ///   not set.
  public init(environment name: String) {
    let text = getenv(name).map { String(cString: $0) } ?? ""
    self.init(text.isEmpty ? nil : text)
  }
}

extension Secret: Codable {
  /// Reads the value itself.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self.init(container.decodeNil() ? nil : try container.decode(Wrapped.self))
  }

  /// Writes only whether the value is set.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if Secrets.areRevealed {
      if let value { try container.encode(value) } else { try container.encodeNil() }
    } else {
      try container.encode(description)
    }
  }
}

extension Secret: Equatable where Wrapped: Equatable {}
extension Secret: Hashable where Wrapped: Hashable {}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Whether the value is set: `set` or `unset`.
  public var description: String { value == nil ? "unset" : "set" }

  /// Whether the value is set: `set` or `unset`.
  public var debugDescription: String { description }

  /// Shows nothing inside.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Whether secrets encode as themselves, so that a configuration can be made again from values.
enum Secrets {
  @TaskLocal static var areRevealed = false

  /// Runs a closure in which secrets encode as themselves; its result never leaves the process.
  static func revealing<R>(_ body: () throws -> R) rethrows -> R {
    try $areRevealed.withValue(true) { try body() }
  }
}
