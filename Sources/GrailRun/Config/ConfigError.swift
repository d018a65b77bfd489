/// One thing that is wrong with a configuration or an update of it.
public struct ConfigError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public var code: Code
  /// The entry, such as `data.path`; the word itself where it names no entry.
  public var path: String
  /// What was found, what was expected and what to do, in one line.
  public var message: String

  /// Creates a problem.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - path: The entry, or the word that names none.
  ///   - message: What was found, what was expected and what to do, in one line.
  public init(code: Code, path: String, message: String) {
    (self.code, self.path, self.message) = (code, path, message)
  }

  /// The message.
  public var description: String { message }
}

extension ConfigError {
  /// A kind of failure.
  ///
  /// New kinds may be added in a minor release, so a `switch` needs a `default`.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable {
      case notAnUpdate, unknownEntry, otherBranch, unknownName, wrongType, notACase, duplicate
      case conflict, required, refused, badFile, unusable
    }
    private var kind: Kind

    /// A word is not written `NAME=VALUE`.
    public static let notAnUpdate: Code = Code(kind: .notAnUpdate)
    /// An entry is set but the configuration has none of that name.
    public static let unknownEntry: Code = Code(kind: .unknownEntry)
    /// An entry is set that belongs to a branch which is not chosen.
    public static let otherBranch: Code = Code(kind: .otherBranch)
    /// There is no named configuration and no file of a name.
    public static let unknownName: Code = Code(kind: .unknownName)
    /// An entry has no default and was not set.
    public static let required: Code = Code(kind: .required)
    /// A text is not of the entry's type, or out of its range.
    public static let wrongType: Code = Code(kind: .wrongType)
    /// A text is none of the values that the entry may have.
    public static let notACase: Code = Code(kind: .notACase)
    /// An entry is set twice.
    public static let duplicate: Code = Code(kind: .duplicate)
    /// An entry and a part of it are both set.
    public static let conflict: Code = Code(kind: .conflict)
    /// The configuration's own type refused a value.
    public static let refused: Code = Code(kind: .refused)
    /// The defaults cannot be written down and read back.
    public static let unusableDefaults: Code = Code(kind: .unusable)
    /// A file is not there, or is not written as its format wants it.
    public static let badFile: Code = Code(kind: .badFile)
  }
}

/// All that is wrong with a configuration or its updates.
public struct ConfigProblems: Error, Hashable, CustomStringConvertible {
  /// The problems, in the order of the words that caused them.
  public var problems: [ConfigError]

  /// More problems than these are not looked for in a file.
  static let maxCount = 100

  /// Creates a report.
  public init(_ problems: [ConfigError]) { self.problems = problems }

  /// Notes that the value of an entry will not do.
  ///
  /// - Parameters:
  ///   - entry: The entry's name.
  ///   - reason: What is expected, such as `it must be at least 1`.
  public mutating func add(_ entry: String, _ reason: String) {
    problems.append(ConfigError(code: .refused, path: entry, message: reason))
  }

  /// The problems, one a line.
  public var description: String { problems.map(\.message).joined(separator: "\n") }
}

/// A text in single quotes, shortened and on one line, as messages show what was found.
package func quoted(_ text: some StringProtocol) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(80) {
    switch scalar {
    case "\n": shown += "\\n"
    case "\r": shown += "\\r"
    case "\t": shown += "\\t"
    case _ where scalar.properties.generalCategory == .control,
      _ where scalar.properties.generalCategory == .lineSeparator,
      _ where scalar.properties.generalCategory == .paragraphSeparator:
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return "'\(shown)\(text.unicodeScalars.count > 80 ? "…" : "")'"
}
