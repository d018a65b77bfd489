public import ArgumentParser
public import GrailRun
import Synchronization

/// The options that an experiment adds to its command line.
struct OwnOptions: Sendable {
  /// How they are parsed.
  let type: any (ParsableArguments & Sendable).Type
  /// Lets them change how the run is recorded.
  let apply: @Sendable (any Sendable, inout RunSettings) throws -> Void

  /// Creates options that change nothing.
  init(_ type: any (ParsableArguments & Sendable).Type) {
    self.type = type
    apply = { _, _ in }
  }

  /// Creates options that may change how the run is recorded.
  init<Options: ParsableArguments & Sendable>(
    _ type: Options.Type, apply: @escaping @Sendable (Options, inout RunSettings) throws -> Void
  ) {
    self.type = type
    self.apply = { options, settings in
      if let options = options as? Options { try apply(options, &settings) }
    }
  }
}

/// No options.
struct NoOptions: ParsableArguments, Sendable {}

extension Experiment {
  /// Adds options of the author's own to the command line, with their help.
  ///
  /// ```swift
  /// struct Extra: ParsableArguments {
  ///   @Flag(help: "Train on a tenth of the images.") var quick = false
  /// }
  /// experiment.options(Extra.self)
  /// ```
  ///
  /// The run has their values: `run.options(Extra.self).quick`. Another call replaces them.
  ///
  /// - Parameters:
  ///   - type: The options, in the terms of swift-argument-parser.
  ///   - apply: May change how the run is recorded, before it begins.
  public func options<Options: ParsableArguments & Sendable>(
    _ type: Options.Type,
    apply: @escaping @Sendable (Options, inout RunSettings) throws -> Void = { _, _ in }
  ) {
    ownOptions.withLock { $0 = OwnOptions(type, apply: apply) }
  }
}

extension Run {
  /// The values of the experiment's own options.
  ///
  /// Where code began the run, or another command line than the experiment's, they are those of no
  /// options; if that lacks something which is required, the program stops with a message.
  ///
  /// - Parameter type: The options.
  /// - Returns: The values.
  public final func options<Options: ParsableArguments & Sendable>(_ type: Options.Type) -> Options
  {
    if let options = inputs.options as? Options { return options }
    do {
      return try Options.parse([])
    } catch {
      fatalError("options(\(type).self): \(Options.message(for: error))")
    }
  }
}
