/// What a run is known by in every store: a UUID of version 7, made when the run starts.
///
/// A run's id differs from store to store; its key does not. Keys sort by the time at which
/// they were made.
///
/// - SeeAlso: RFC 9562, section 5.7.
public struct RunKey: Hashable, Sendable {
  /// The 16 bytes of the UUID, most significant first, in two halves.
  private var high: UInt64
  private var low: UInt64

  /// Makes a new key.
  ///
  /// - Parameters:
  ///   - time: The present moment.
  ///   - generator: The source of the key's 74 random bits.
  public init(time: Timestamp, using generator: inout some RandomNumberGenerator) {
    let milliseconds = UInt64(bitPattern: time.microseconds / 1000)
    high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
    low = 0x8000_0000_0000_0000 | generator.next() >> 2
  }

  /// Creates a key from its bytes.
  ///
  /// - Parameter bytes: The 16 bytes of the UUID, most significant first.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Creates a key from its text, in upper or lower case.
  ///
  /// - Parameter text: Text such as `01890a5d-ac96-774b-bcce-b302099a8057`.
  public init?(_ text: String) {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
      groups.allSatisfy({ $0.allSatisfy(\.isHexDigit) }),
      let high = UInt64(groups[0...2].joined(), radix: 16),
      let low = UInt64(groups[3...4].joined(), radix: 16)
    else { return nil }
    (self.high, self.low) = (high, low)
  }

  /// The 16 bytes of the UUID, most significant first.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) }
    }
  }
}

extension RunKey: CustomStringConvertible {
  /// The key as text in lower case, such as `01890a5d-ac96-774b-bcce-b302099a8057`.
  public var description: String {
    let digits = [high, low].map { half in
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.utf8.count) + text
    }.joined()
    var groups: [Substring] = []
    var rest = Substring(digits)
    for length in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return groups.joined(separator: "-")
  }
}

extension RunKey: Comparable {
  /// Whether one key was made before another, or sorts before it.
  public static func < (left: RunKey, right: RunKey) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
