#if Macros
  import Foundation
  import Grail
  import GrailCore
  import GrailRecord
  import GrailRun
  import OrderedCollections
  import Testing

  /// One of the configurations that Sacred was asked for, from `config_cases.json`.
  struct SacredCase: CustomTestStringConvertible, Sendable {
    let name: String
    /// The named configurations and updates as the words of a command line.
    let words: [String]
    /// What Sacred computed; `nil` if it ended with an error.
    let config: Value?

    var testDescription: String { name }

    static let all: [SacredCase] = {
      let file = Self.root.appending(path: "Tests/Fixtures/sacred/semantics/config_cases.json")
      guard let data = try? Data(contentsOf: file), let cases = try? JSONParser.parse(Array(data))
      else { return [] }
      return (cases.listValue ?? []).map { SacredCase($0) }
    }()

    /// The folder of the package.
    static let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private init(_ fixture: Value) {
      name = fixture["name"]?.textValue ?? ""
      let named = (fixture["named"]?.listValue ?? []).compactMap(\.textValue)
      words = named + Self.words(fixture["updates"] ?? [:], path: "")
      // Where Sacred's printing failed there is a configuration all the same.
      config = fixture["config"]
    }

    private static func words(_ updates: Value, path: String) -> [String] {
      guard let entries = updates.mapValue, !(entries.isEmpty && !path.isEmpty) else {
        return ["\(path)=\(updates.textValue ?? "\(updates)")"]
      }
      return entries.flatMap { words($0.value, path: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
  }

  extension Value {
    /// The value in a form that compares: keys in order, numbers by value, and neither what is
    /// `null` nor Sacred's entry for a docstring.
    var comparable: Value {
      switch self {
      case .int(let number): return .double(Double(number))
      case .list(let elements): return .list(elements.map(\.comparable))
      case .map(let entries):
        if let tuple = entries["py/tuple"] { return tuple.comparable }
        var sorted: Value.Entries = [:]
        for key in entries.keys.sorted() where key != "__doc__" {
          if let value = entries[key], !value.isNull { sorted[key] = value.comparable }
        }
        return .map(sorted)
      default: return self
      }
    }
  }

  /// What becomes of one of Sacred's configurations here.
  struct Counterpart: Sendable {
    /// The kind of outcome, in the words of `docs/config-cases.md`.
    let outcome: String
    /// What is asked for, if not in Sacred's words.
    var words: [String]?
    /// What is otherwise than in Sacred's configuration, by dotted name.
    var differences: [String: Value] = [:]
    /// The kinds of problems by which the configuration is refused.
    var codes: Set<ConfigError.Code> = []
    /// Makes the configuration from the words of a command line.
    let make: @Sendable ([String]) async throws -> Value

    /// The configuration is the same.
    static func same(_ make: @escaping @Sendable ([String]) async throws -> Value) -> Counterpart {
      Counterpart(outcome: "same", make: make)
    }

    /// The configuration is another one on purpose.
    static func differs(
      _ differences: [String: Value], _ make: @escaping @Sendable ([String]) async throws -> Value
    ) -> Counterpart {
      Counterpart(outcome: "differs", differences: differences, make: make)
    }

    /// The run does not start.
    static func refused(
      _ code: ConfigError.Code, words: [String]? = nil,
      _ make: @escaping @Sendable ([String]) async throws -> Value
    ) -> Counterpart {
      Counterpart(outcome: "refused", words: words, codes: [code], make: make)
    }

    /// The name of an entry cannot be written in Swift.
    static let cannotBeWritten = Counterpart(outcome: "cannot be written") { _ in [:] }
  }
#endif
