#if Macros
  /// Makes a class a configuration, or an enum a choice among configurations.
  ///
  /// Each property of the class is an entry, and its documentation comment is the entry's help:
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
  /// A `lazy var` is a default that depends on other entries, and `required()` stands for one that
  /// each run must set. Private, static and computed properties are no entries. What a default
  /// uses of an extension of the class is not seen.
  ///
  /// The cases of an enum hold a `@Config` class each, or nothing; such an enum says itself that it
  /// is a ``ConfigChoice``.
  ///
  /// Whatever the macro writes can be written by hand: see ``Configuration``.
  @attached(
    member, conformances: Configuration,
    names: named(init), named(configFields), named(configHelp), named(View), named(configView),
    named(configBranches)
  )
  @attached(
    extension, conformances: Configuration,
    names: named(View), named(configView), named(configBranches), named(configHelp)
  )
  public macro Config() = #externalMacro(module: "GrailMacros", type: "ConfigMacro")
#endif
