import GrailCore
import GrailRun
import OrderedCollections

/// What an author declares about a configuration: settings, named configurations, commands, hooks.
///
/// An ingredient does not know where its configuration is in that of an experiment, so its sources
/// are made when the place is known.
struct Declarations: Sendable {
  /// The author's settings, in the order in which they were made.
  var settings: [PlacedLayer] = []
  /// The named configurations.
  var named: OrderedDictionary<String, Named> = [:]
  /// The configuration hooks.
  var configHooks: [PlacedLayer] = []
  /// The commands.
  var commands: OrderedDictionary<String, Command> = [:]
  /// What runs before a command.
  var preRunHooks: [Hook] = []
  /// What runs after a command that succeeded.
  var postRunHooks: [Hook] = []
  /// The properties that were named as places of nested ingredients.
  var places: [ObjectIdentifier: [any AnyKeyPath & Sendable]] = [:]

  /// What runs when something ends a command before it is done.
  var interruptHooks: [InterruptHook] = []

  /// Makes a source of values for a place in the experiment's configuration.
  typealias PlacedLayer = @Sendable (_ path: String) -> ConfigLayer

  /// Code that runs in a run and sees a part of its configuration.
  typealias Hook = @Sendable (Run, _ view: any Sendable) async throws -> Void

  /// Code that cleans up, on a thread of its own, while the command may still go on.
  struct InterruptHook: Sendable {
    /// How long it may take.
    var limit: Duration
    var body: @Sendable (Run, _ view: any Sendable) throws -> Void
  }

  /// A named configuration.
  struct Named: Sendable {
    var help: String
    var layer: PlacedLayer
  }

  /// A command.
  struct Command: Sendable {
    var help: String
    var isObserved: Bool
    var body: @Sendable (Run, _ view: any Sendable) async throws -> Value?
  }
}
