import GrailRun
import OrderedCollections

// Settings, named configurations and configuration hooks, once for classes, which are changed by
// an editor, and once for other configurations, which are changed in place.

extension Ingredient {
  /// Sets entries in code, below named configurations and updates.
  ///
  /// - Parameter edit: Sets the entries.
  public final func config<C>(_ edit: @escaping @Sendable (ConfigEditor<C>) throws -> Void)
  where Config == ConfigView<C> {
    declare { declarations in
      declarations.settings.append { .object(.author, path: $0) { editor, _ in try edit(editor) } }
    }
  }

  /// Adds a named configuration: `with big` gives the entries their values from it.
  ///
  /// - Parameters:
  ///   - name: What to write after `with`.
  ///   - help: What it is for, for `--help`.
  ///   - edit: Sets the entries; what is read sees earlier named configurations and the updates.
  public final func namedConfig<C>(
    _ name: String, help: String = "",
    edit: @escaping @Sendable (ConfigEditor<C>) throws -> Void
  ) where Config == ConfigView<C> {
    declare { declarations in
      declarations.named[name] = Declarations.Named(help: help) { path in
        .object(.named(qualified(name, in: path)), path: path) { editor, _ in try edit(editor) }
      }
    }
  }

  /// Adds what sets entries last, below the updates alone, when it is known what will run.
  ///
  /// - Parameter hook: Sets entries; it gets the name of the command that is going to run.
  public final func configHook<C>(
    _ hook: @escaping @Sendable (ConfigEditor<C>, _ command: String) throws -> Void
  ) where Config == ConfigView<C> {
    declare { $0.configHooks.append { .object(.hook, path: $0, edit: hook) } }
  }
}

extension Ingredient where Config: Codable {
  /// Sets entries in code, below named configurations and updates.
  ///
  /// - Parameter edit: Sets the entries.
  public final func config(_ edit: @escaping @Sendable (inout Config) throws -> Void) {
    declare { $0.settings.append { _ in .value(.author) { config, _ in try edit(&config) } } }
  }

  /// Adds a named configuration: `with big` gives the entries their values from it.
  ///
  /// - Parameters:
  ///   - name: What to write after `with`.
  ///   - help: What it is for, for `--help`.
  ///   - edit: Sets the entries; what is read sees earlier named configurations and the updates.
  public final func namedConfig(
    _ name: String, help: String = "", edit: @escaping @Sendable (inout Config) throws -> Void
  ) {
    declare { declarations in
      declarations.named[name] = Declarations.Named(help: help) { _ in
        .value(.named(name)) { config, _ in try edit(&config) }
      }
    }
  }

  /// Adds what sets entries last, below the updates alone, when it is known what will run.
  ///
  /// - Parameter hook: Sets entries; it gets the name of the command that is going to run.
  public final func configHook(
    _ hook: @escaping @Sendable (inout Config, _ command: String) throws -> Void
  ) {
    declare { $0.configHooks.append { _ in .value(.hook, edit: hook) } }
  }
}
