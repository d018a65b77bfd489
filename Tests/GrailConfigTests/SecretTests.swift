#if Macros
  import Foundation
  import GrailCore
  import GrailRun
  import Logging
  import OrderedCollections
  import Testing

  @testable import Grail

  @Suite struct SecretTests {
    /// A text that is nowhere else, not even in this source, which the record of a run keeps.
    private static let needle = String(repeating: "hunter2", count: 2)

    private static let words = [
      "token=\(needle)", "login={user: u, password: \(needle)}", "tokens=[\(needle), 'x']",
      "keys={a: \(needle)}", "logins=[{user: u, password: \(needle)}]",
      "maybeLogin={user: u, password: \(needle)}", "port=4711",
    ]

    @Test func `the closure sees secrets, and no file of the store has them`() async throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: "grail-\(UUID())")
      defer { try? FileManager.default.removeItem(at: folder) }
      var settings = RunSettings()
      settings.store = folder.path
      settings.logLevel = .critical
      let experiment = Experiment("secret", config: Every.self) { run in
        let config = run.config
        #expect(config.token.value == Self.needle && config.login.password.value == Self.needle)
        #expect(config.tokens.first?.value == Self.needle && config.port.value == 4711)
        #expect(config.keys["a"]?.value == Self.needle)
        #expect(config.logins.first?.password.value == Self.needle)
        #expect(config.maybeLogin?.password.value == Self.needle)
        run.info["token"] = config.token
        run.info["logins"] = config.logins
        return config.login
      }
      let record = try await experiment.run(with: Self.words, settings: settings)
      #expect(record.config["token"] == "set" && record.config["port"] == "set")
      #expect(record.config["login"] == ["user": "u", "password": "set"])
      #expect(record.config["tokens"] == ["set", "set"] && record.config["keys"] == ["a": "set"])
      #expect(!"\(record)".contains(Self.needle))
      let files = try #require(FileManager.default.enumerator(atPath: folder.path))
      var count = 0
      for case let name as String in files {
        guard let data = try? Data(contentsOf: folder.appending(path: name)) else { continue }
        count += 1
        #expect(data.range(of: Data(Self.needle.utf8)) == nil, "\(name)")
      }
      #expect(count > 3)
    }

    @Test func `nothing that is printed or completed has secrets`() throws {
      let experiment = Experiment("secret", config: Every.self) { _ in }
      experiment.config { $0.tokens = [Secret(Self.needle)] }
      let assembly = try experiment.assembly()
      let resolved = try assembly.resolver.resolve(Self.words.filter { !$0.hasPrefix("tokens") })
      let report = ConfigReport(resolved, schema: assembly.resolver.schema)
      let lines = report.lines(style: TextStyle(width: 100, isColored: true))
      #expect(!lines.joined().contains(Self.needle) && !report.json.contains(Self.needle))
      #expect(!"\(report.savedConfig)".contains(Self.needle))
      #expect(!assembly.resolver.schema.redacting(Self.words).joined().contains(Self.needle))
      #expect(lines.contains { $0.contains("token") && $0.contains("set") })
    }

    @Test(arguments: [
      ["token=\(needle)", "token=\(needle)x"], ["tokens=\(needle)"], ["tokens=[\(needle)"],
      ["keys=\(needle)"], ["keys={a \(needle)}"], ["login=\(needle)"],
      ["login={password: \(needle)"],
      ["login={password: \(needle), user: [}"], ["port=\(needle)"], ["port.x=\(needle)"],
      ["logins=\(needle)"], ["logins=[{user: [], password: \(needle)}]"],
      ["logins=[{password: \(needle)}]", "logins=[{password: \(needle)}]"],
      ["maybeLogin={password: \(needle)}"], ["maybeLogin=\(needle)"], ["tokens.0=\(needle)"],
      ["login={password: \(needle)}", "login.password=\(needle)"],
      ["keys.a=\(needle)", "keys.a=\(needle)"],
    ])
    func `no message shows a secret`(words: [String]) {
      let lines = problems(Every.self, words)
      #expect(!lines.isEmpty && !lines.joined().contains(Self.needle), "\(lines)")
    }

    @Test func `a validation's message shows a secret as set`() {
      #expect(
        problems(Guarded.self, ["key=\(Self.needle)"]) == ["'key' cannot be 'set': it is known"])
    }

    @Test func `a secret of a branch that is not the default stays secret`() throws {
      let experiment = Experiment("secret", config: Fit.self) { _ in }
      let resolver = try experiment.assembly().resolver
      let words = ["optimizer=adam", "optimizer.key=\(Self.needle)"]
      #expect(resolver.schema.redacting(words) == ["optimizer=adam", "optimizer.key=…"])
      let resolved = try resolver.resolve(words)
      #expect(!"\(resolved.value) \(resolved.changes) \(resolved.updates)".contains(Self.needle))
      #expect(
        resolver.schema.redacting(["optimizer={choice: adam, key: \(Self.needle)}"])
          == ["optimizer=…"])
    }

    @Test func `a secret is described as set`() {
      #expect("\(Secret(Self.needle)) \(String(reflecting: Secret(Self.needle)))" == "set set")
    }
  }

  @Config final class Guarded {
    var key = Secret<String>()

    func validate(_ problems: inout ConfigProblems) {
      if key.value != nil { problems.add("key", "it is known") }
    }
  }
#endif
