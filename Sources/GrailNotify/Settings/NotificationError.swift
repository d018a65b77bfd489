/// Why an observer that tells somebody cannot be made.
///
/// It is found before a run starts. What goes wrong while something is sent is a `DeliveryError`.
public struct NotificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public var code: Code
  /// What was found, what was expected and what to do, in one line without secrets.
  public var message: String

  init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

  /// The message.
  public var description: String { message }
}

extension NotificationError {
  /// A kind of failure.
  ///
  /// New kinds may be added in a minor release, so a `switch` needs a `default`.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable {
      case text, field, address, proxy, header, file, permissions, content, missing
    }
    private var kind: Kind

    /// A text is no format string.
    public static let malformedText: Code = Code(kind: .text)
    /// A text names a field that there is not.
    public static let unknownField: Code = Code(kind: .field)
    /// An address is no URL that can be sent to.
    public static let badAddress: Code = Code(kind: .address)
    /// A proxy is not written as it must be, or of a kind that cannot be used.
    public static let badProxy: Code = Code(kind: .proxy)
    /// A header's name or value has characters that none may have.
    public static let badHeader: Code = Code(kind: .header)
    /// A file cannot be read.
    public static let unreadableFile: Code = Code(kind: .file)
    /// A file with secrets can be read by others.
    public static let openToOthers: Code = Code(kind: .permissions)
    /// A file is not written as it must be.
    public static let malformedFile: Code = Code(kind: .content)
    /// Something that is needed is not set.
    public static let missing: Code = Code(kind: .missing)
  }
}
