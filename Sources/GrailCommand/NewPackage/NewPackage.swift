/// A package with a first experiment and its test, as `grail new` makes it.
struct NewPackage {
  let name: PackageName
  let grail: GrailDependency

  /// The files, by their paths in the package's folder.
  var files: [(path: String, text: String)] {
    [
      ("Package.swift", manifest), (".gitignore", ".build/\n/runs/\n"), ("README.md", readme),
      ("Sources/\(name.text)/Descent.swift", experiment),
      ("Sources/\(name.text)/main.swift", "await experiment.main()\n"),
      ("Tests/\(name.text)Tests/DescentTests.swift", tests),
    ]
  }

  private var manifest: String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    let package = Package(
      name: "\(name.text)",
      platforms: [.macOS(.v15)],
      dependencies: [
        \(grail.declaration)
      ],
      targets: [
        .executableTarget(
          name: "\(name.text)", dependencies: [.product(name: "Grail", package: "\(grail.identity)")]),
        .testTarget(
          name: "\(name.text)Tests",
          dependencies: [
            "\(name.text)", .product(name: "Grail", package: "\(grail.identity)"),
          ]),
      ]
    )

    """
  }

  private var experiment: String {
    """
    import Grail

    /// Gradient descent on a parabola.
    @Config final class Descent {
      /// How many steps are taken.
      var steps = 100
      /// How far one step goes.
      var rate = 0.1
      /// Where it begins.
      var start = 3.0
    }

    let experiment = Experiment("\(name.text)", config: Descent.self) { run in
      var x = run.config.start
      for step in run.progress(0..<run.config.steps) {
        x -= run.config.rate * 2 * x
        run.log("loss", x * x, step: step)
      }
      return x
    }

    """
  }

  private var tests: String {
    """
    import Foundation
    import Grail
    import Testing

    @testable import \(name.module)

    @Suite struct DescentTests {
      @Test func `comes nearer to the minimum with every step`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = RunSettings()
        settings.store = folder.path
        let record = try await experiment.run(settings: settings) { $0.steps = 10 }
        #expect(record.status == .completed)
        let loss = try RunReader(directory: "\\(folder.path)/\\(record.id)").series("loss")
        let values = loss?.values.doubles ?? []
        #expect(values.count == 10)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
      }
    }

    """
  }

  private var readme: String {
    """
    # \(name.text)

    ```sh
    swift run \(name.text) with rate=0.3 steps=20
    grail ls
    grail diff last~1 last
    ```

    The first is a run, and with `--help` in place of `with` says what can be set. The others list the runs, and
    show what differs between the last two.

    The experiment is in `Sources/\(name.text)/Descent.swift`, its runs go to `runs/`, and `swift test` runs its
    test. `Package.swift` says where Grail is.

    """
  }
}
