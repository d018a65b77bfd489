public import GrailCore
public import Logging
import OrderedCollections

/// How one run is recorded.
public struct RunSettings: Sendable {
  /// The folder that holds the runs, relative to the working directory or absolute.
  ///
  /// Without one: that of the run in which this one begins, if it begins in one; else that of the
  /// environment's `GRAIL_STORE`, else the `runs` folder of the nearest
  /// folder upward that has one with runs of Grail's, else `./runs`.
  public var store: String?
  /// The run's id; without one, the store's next number.
  public var id: String?
  /// The experiment's name for this run, if not its own.
  public var name: String?
  /// A comment on the run.
  public var comment: String?
  /// The group of runs that it belongs to, such as a sweep.
  public var group: String?
  /// The run that it comes from, by its key or its id.
  public var parent: String?
  /// How urgent it is among queued runs; the greater, the sooner.
  public var priority: Double?
  /// What else is noted about how the run was called, by name.
  public var meta: [String: any Encodable & Sendable] = [:]
  /// What is found out about the program and its machine.
  public var provenance = ProvenanceSettings()
  /// What of the output is recorded, and how it is read.
  public var output = OutputSettings()
  /// How long the run may take; then it is asked to end, and ends as `TIMEOUT`.
  public var timeout: Duration?
  /// Whether the run is kept; if not, its directory is a temporary one and removed at the end.
  public var isObserved = true
  /// The time between two beats of the heart; `nil`, or what is not positive, for none while the
  /// run goes on.
  ///
  /// Nothing depends on it but how old the files beside the journal may be, and how soon others
  /// see that a run died: what is logged is in the journal at once.
  public var beatInterval: Duration? = .seconds(10)
  /// Who is told what happens in the run, by names of your own that are the same in every run;
  /// those of the experiment come in addition.
  public var observers: [String: any RunObserver] = [:]
  /// How long the end of the run waits for its observers at most; what they did not receive then is
  /// delivered by `PROGRAM sync`.
  public var observerTimeout: Duration = .seconds(10)
  /// The limits of the delivery to observers.
  package var delivery = DeliverySettings()
  /// How exact the times of metrics are.
  public var metricClock = MetricClock.coarse
  /// From which level on the run's own messages are shown, if not the logger's own.
  public var logLevel: Logger.Level?
  /// The words of the command line that are recorded, the program's name first, if not those that
  /// the process was started with; what looks like a secret is left out of either.
  package var arguments: [String]?
  /// The options of the command line, as the record has them.
  package var options: Value.Entries = [:]

  /// The interval that is kept: long enough to do something else, and short enough to count.
  var keptBeatInterval: Duration? {
    guard let beatInterval, beatInterval > .zero else { return nil }
    return min(max(beatInterval, .milliseconds(1)), .seconds(1_000_000_000))
  }

  /// Creates the settings that an experiment has without options.
  public init() {}
}

/// The clock that the points of metrics are timed by.
public enum MetricClock: Hashable, Sendable {
  /// Behind by a few milliseconds at most; costs least.
  case coarse
  /// To the microsecond.
  case precise
}

/// A run that cannot be started.
public struct RunStartError: Error, Hashable, CustomStringConvertible {
  /// A kind of failure.
  ///
  /// New kinds may be added in a minor release, so a `switch` needs a `default`.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
      case invalidID, invalidObserver, invalidRedaction, unknownCommand, cannotCreate
    }
    private var kind: Kind
    /// The id that was asked for cannot be one.
    public static let invalidID = Code(kind: .invalidID)
    /// The name of an observer cannot be one, or is there twice.
    public static let invalidObserver = Code(kind: .invalidObserver)
    /// A redaction of the output is no regular expression.
    public static let invalidRedaction = Code(kind: .invalidRedaction)
    /// The experiment has no command of that name.
    public static let unknownCommand = Code(kind: .unknownCommand)
    /// The record cannot be created.
    public static let cannotCreate = Code(kind: .cannotCreate)
  }

  /// The kind of failure.
  public var code: Code
  /// What was found and what to do, in one line.
  public var message: String

  /// The error in one line.
  public var description: String { message }

  package init(code: Code, message: String) { (self.code, self.message) = (code, message) }
}
