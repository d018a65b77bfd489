/// A run that knows the type of its configuration.
///
/// Whatever takes a ``Run`` takes this too.
public final class ConfiguredRun<Config: Sendable>: Run, @unchecked Sendable {
  // Sendable although unchecked, as its superclass: what it adds is constant and Sendable.

  /// The configuration, which does not change while the run goes on.
  public let config: Config

  package init(recorder: Recorder, inputs: RunInputs, config: Config, path: String = "") {
    self.config = config
    super.init(recorder: recorder, inputs: inputs, path: path)
  }
}
