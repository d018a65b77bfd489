public import GrailRun

/// A class whose properties are the entries of a configuration.
///
/// The macro `@Config` writes the conformance; nobody needs to write it by hand:
///
/// ```swift
/// /// How the network is trained.
/// @Config final class Training {
///   /// Number of hidden layers.
///   var layers = 7
///   /// Weight decay; 1/√layers unless set.
///   lazy var alpha = 1 / Double(layers).squareRoot()
///   /// Where the images lie.
///   lazy var path: String = required()
///   var data = Dataset()
/// }
/// ```
///
/// A `lazy var` is a default that depends on other entries: it is computed when everything that
/// was set from outside is set. Objects of the class are not shared: each run has one of its
/// own, which nobody changes once the run has begun and which its closure sees through a
/// read-only ``ConfigView``.
public protocol Configuration: AnyObject, SendableMetatype {
  /// Creates the configuration with all its defaults.
  init()

  /// The entries, in the order of their declaration.
  static var configFields: [ConfigField<Self>] { get }

  /// What the class's documentation comment says.
  static var configHelp: String { get }

  /// Notes what is wrong with the values, before anything runs.
  ///
  /// Called when all entries have their final values. The names are those of this class's own
  /// properties; the messages complete a sentence:
  ///
  /// ```swift
  /// func validate(_ problems: inout ConfigProblems) {
  ///   if layers < 1 { problems.add("layers", "it must be at least 1") }
  /// }
  /// ```
  ///
  /// - Parameter problems: Takes the problems.
  func validate(_ problems: inout ConfigProblems)
}

extension Configuration {
  /// Finds nothing wrong.
  public func validate(_ problems: inout ConfigProblems) {}

  /// Stands in place of the default of an entry that must be set for each run.
  ///
  /// Write `lazy var path: String = required()`. A run without a value for it does not start.
  /// Only reading the entry from an object that nobody prepared for a run gets here, and stops
  /// the program, because there is no value to go on with.
  ///
  /// - Returns: Nothing, ever.
  public func required<V>() -> V {
    RequiredEntries.stop(lacking: missingNames.joined(separator: "' or '"), of: "\(Self.self)")
  }
}

/// What happens when code reads a required entry that has no value.
enum RequiredEntries {
  /// The program whose command line is being read, if one is: then the mistake is its user's.
  @TaskLocal static var program: String?

  /// Ends the program, since there is no value to go on with.
  ///
  /// - Parameters:
  ///   - name: The entry's dotted name.
  ///   - owner: The class, where the name is that within it.
  static func stop(lacking name: String, of owner: String? = nil) -> Never {
    let place = owner.map { " of '\($0)'" } ?? ""
    if let program {
      let exit = CommandExit(
        problems: ["'\(name)'\(place) must be set; write NAME=VALUE after 'with'"],
        program: program)
      exit.endProgram()
    }
    fatalError(
      "'\(name)'\(place) is required and was read before it was set: give it a value, or read it "
        + "only in a run")
  }
}
