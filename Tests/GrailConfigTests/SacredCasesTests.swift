#if Macros
  import Foundation
  import Grail
  import GrailCore
  import GrailRun
  import Testing

  @Suite struct SacredCasesTests {
    @Test(arguments: SacredCase.all)
    func `a configuration of Sacred's comes out as docs/config-cases.md says`(
      sacred: SacredCase
    ) async throws {
      let counterpart = try #require(Counterpart.all[sacred.name])
      let words = counterpart.words ?? sacred.words
      switch counterpart.outcome {
      case "same":
        #expect(sacred.config != nil && counterpart.differences.isEmpty)
        #expect(try await counterpart.make(words).comparable == sacred.config?.comparable)
      case "differs":
        // Where Sacred has no configuration, its plain one says what is otherwise.
        let base = try #require(sacred.config ?? SacredCase.all.first?.config)
        let expected = counterpart.differences.reduce(base) { config, difference in
          config.setting(difference.value, at: difference.key.pathComponents[...]) ?? config
        }
        #expect(expected.comparable != sacred.config?.comparable)
        #expect(try await counterpart.make(words).comparable == expected.comparable)
      case "refused":
        let error = await #expect(throws: ConfigProblems.self) { try await counterpart.make(words) }
        #expect(Set(error?.problems.map(\.code) ?? []) == counterpart.codes)
      default:
        #expect(counterpart.outcome == "cannot be written")
      }
    }

    @Test func `the table has each of Sacred's cases once, with its outcome`() throws {
      let file = SacredCase.root.appending(path: "docs/config-cases.md")
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      let rows = text.matches(of: #/(?m)^\| `(?<name>\w+)` \| (?<outcome>[a-z ]+?) \| /#)
        .map { [String($0.name), String($0.outcome)] }
      let expected = SacredCase.all.map { [$0.name, Counterpart.all[$0.name]?.outcome ?? ""] }
      #expect(expected.count == 64)
      #expect(rows == expected)
    }
  }
#endif
