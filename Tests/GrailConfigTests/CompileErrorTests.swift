#if Macros && os(Linux)
  import Foundation
  import Testing

  /// What the compiler itself says where the macro cannot know: the types of properties.
  @Suite(.enabled(if: Compiler.modules != nil, "there is no build folder beside the tests"))
  struct CompileErrorTests {
    @Test(arguments: [
      (
        "var odd = Odd()",
        "an entry's type must be Codable and Sendable, a @Config class, or a @Config enum of such"
      ),
      (
        "var part: Part?",
        """
        a nested configuration is always there and cannot be optional; write a @Config enum with a \
        case for none
        """
      ),
      (
        "var parts = [Part()]",
        """
        nested configurations cannot be in a list; write a property for each, or make the elements \
        a Codable, Sendable struct
        """
      ),
      (
        "var parts = [\"a\": Part()]",
        """
        nested configurations cannot be in a dictionary; write a property for each, or make the \
        elements a Codable, Sendable struct
        """
      ),
      (
        "lazy var part: Part = required()",
        "a nested configuration cannot be required; require its own entries"
      ),
      (
        "var kind: Kind?",
        """
        a choice among configurations cannot be optional; give the enum a case that holds nothing
        """
      ),
      (
        "lazy var kind: Kind = required()",
        "a choice among configurations cannot be required; give it a default"
      ),
    ])
    func `a type that cannot be an entry's is refused`(property: String, message: String) throws {
      let errors = try Compiler.errors(
        """
        struct Odd {}
        @Config final class Part { var size = 1 }
        @Config enum Kind: ConfigChoice { case part(Part), none }
        @Config final class Training {
          var layers = 7
          \(property)
        }
        """)
      #expect(errors.count == 1)
      #expect(errors.first?.hasSuffix("is unavailable: \(message)") == true, "\(errors)")
    }

    @Test(arguments: ["layers = 3", "part = Part()", "part.size = 3", "part.inner.depth += 1"])
    func `a view is read-only at every depth`(assignment: String) throws {
      let errors = try Compiler.errors(
        """
        @Config final class Inner { var depth = 1 }
        @Config final class Part { var size = 1; var inner = Inner() }
        @Config final class Training { var layers = 7; var part = Part() }
        func change(_ view: ConfigView<Training>) { view.\(assignment) }
        """)
      #expect(errors.count == 1)
      #expect(
        errors.first?.contains("the configuration of a run is read-only") == true, "\(errors)")
    }

    @Test func `a branch that is no configuration names the protocol`() throws {
      let errors = try Compiler.errors(
        """
        struct Odd {}
        @Config enum Kind: ConfigChoice { case odd(Odd) }
        """)
      #expect(errors.first == "type 'Odd' does not conform to protocol 'Configuration'")
    }

    @Test(arguments: ["", "final "])
    func `inheriting from a configuration does not stop the compiler`(modifier: String) throws {
      let errors = try Compiler.errors(
        """
        @Config \(modifier)class Base { var a = 1 }
        @Config final class Training: Base { var layers = 7 }
        """)
      #expect(errors.contains { $0.hasPrefix("'Training' has a superclass") }, "\(errors)")
    }

    @Test func `a class that is not final is said to need it first`() throws {
      let errors = try Compiler.errors("@Config class Training { var layers = 7 }")
      #expect(errors.first?.hasPrefix("'Training' can be subclassed") == true, "\(errors)")
    }
  }

  /// The compiler, which sees what the tests were built from.
  private enum Compiler {
    /// The folder of the built modules.
    static let modules: URL? = {
      let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()
      let folders =
        [own, Bundle.main.bundleURL]
        + Bundle.allBundles.map {
          $0.bundleURL.deletingLastPathComponent()
        }
      let wanted = ["GrailMacros-tool", "CGrailRecord.build/module.modulemap"]
      return folders.first { folder in
        wanted.allSatisfy {
          FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
        }
      }
    }()

    /// Returns the errors of a source that imports Grail, without their places.
    static func errors(_ source: String) throws -> [String] {
      let modules = try #require(modules)
      let folder = FileManager.default.temporaryDirectory.appending(
        path: "grail-compile-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appending(path: "Source.swift")
      try Data("import Grail\n\(source)\n".utf8).write(to: file)
      let output = folder.appending(path: "errors.txt")
      try Data().write(to: output)

      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      let packages = modules.deletingLastPathComponent().deletingLastPathComponent()
      process.arguments = [
        "timeout", "60", "swiftc", "-c", "-swift-version", "6", "-parse-as-library",
        "-diagnostic-style", "llvm", "-o", folder.appending(path: "Source.o").path,
        "-module-name", "Source", "-I", modules.appending(path: "Modules").path,
        "-I", modules.appending(path: "CGrailRecord.build").path,
        "-I", packages.appending(path: "checkouts/swift-system/Sources/CSystem/include").path,
        "-I", packages.appending(path: "checkouts/Yams/Sources/CYaml/include").path,
        "-load-plugin-executable", "\(modules.path)/GrailMacros-tool#GrailMacros", file.path,
      ]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: output)
      try process.run()
      process.waitUntilExit()
      let text = try String(contentsOf: output, encoding: .utf8)
      #expect(process.terminationReason == .exit && process.terminationStatus == 1, "\(text)")
      return text.split(separator: "\n").compactMap { line in
        line.range(of: ": error: ").map { String(line[$0.upperBound...]) }
      }
    }
  }
#endif
