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

    /// Classes and protocols of the source's own module, and of another one.
    private static let parents = """
      import Library
      protocol Plain {}
      protocol Bound: AnyObject {}
      protocol Both: Bound, SendableMetatype {}
      protocol Filled { associatedtype Content = Int }
      protocol Primary<Content> { associatedtype Content = Int }
      protocol Alike { func isLike(_ other: Self) -> Bool }
      extension Alike { func isLike(_ other: Self) -> Bool { true } }
      protocol Movable: ~Copyable {}
      protocol Rooted: Base {}
      typealias Several = Plain & SendableMetatype
      typealias Named = Base
      typealias NamedWith = Base & Plain
      class Base {}
      class Second: Base {}
      class Filling { init(size: Int) {} }
      class Box<Content> { var content: Content? }
      enum Outer {
        class Nested {}
        protocol Kind {}
      }
      struct Wrap<Content> { class Nested {} }
      """
    private static let library = """
      open class Shared { public init() {} }
      open class Closed { init(size: Int) {} }
      public protocol Seen: AnyObject {}
      """

    @Test(arguments: [
      "Base", "Second", "Filling", "Box<Int>", "Outer.Nested", "Wrap<Int>.Nested", "Named",
      "NamedWith", "Base & Plain", "Rooted & Base", "Library.Shared", "Closed", "Other", "Late",
    ])
    func `any superclass is refused, and nothing else is said`(parent: String) throws {
      let access = parent.contains("Shared") ? "public " : ""
      let errors = try Compiler.errors(
        """
        \(Self.parents)
        @Config \(access)final class Training: \(parent), CustomStringConvertible {
          \(access)var layers = 7
          \(access)var description: String { "" }
        }
        class Late { init(_ size: Int) {} }
        """, beside: "class Other {}", module: ("Library", Self.library))
      #expect(
        errors == [
          "'superclass' is unavailable: 'Training' has a superclass, and the entries are the "
            + "properties of one class; remove '\(parent)', and hold what is shared in a property"
        ])
    }

    @Test func `any protocol may be conformed to`() throws {
      let parents = [
        "Plain", "Bound", "Both", "Filled", "Primary", "Alike", "Movable", "Several",
        "Plain & Bound", "Outer.Kind", "Seen", "Library.Seen", "Identifiable",
        "Identifiable & Plain",
        "@unchecked Sendable", "@unchecked Swift.Sendable", "SendableMetatype", "Other",
        "Configuration", "Grail.Configuration",
      ]
      let classes = parents.enumerated().map { index, parent in
        """
        @Config final class Training\(index): \(parent) { var layers = 7 }
        @Config public final class Open\(index): \(parent), Equatable {
          public var layers = 7
          public static func == (a: Open\(index), b: Open\(index)) -> Bool { a === b }
        }
        """
      }
      let source = "\(Self.parents)\n\(classes.joined(separator: "\n"))"
      let errors = try Compiler.errors(
        source, beside: "protocol Other: AnyObject {}", module: ("Library", Self.library))
      #expect(errors == [])
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
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - other: Another file of the same module.
    ///   - module: The name and the source of a module that may be imported.
    /// - Returns: The errors and warnings of the source.
    /// - Throws: When the compiler cannot be started.
    static func errors(
      _ source: String, beside other: String = "", module: (name: String, source: String)? = nil
    ) throws -> [String] {
      let folder = FileManager.default.temporaryDirectory.appending(
        path: "grail-compile-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      if let module {
        let file = folder.appending(path: "Module.swift")
        try Data(module.source.utf8).write(to: file)
        let output = try compile(
          [
            "-emit-module", "-module-name", module.name, "-emit-module-path",
            folder.appending(path: "\(module.name).swiftmodule").path, file.path,
          ], in: folder)
        #expect(output.isEmpty, "\(output)")
      }
      let files = ["Source.swift", "Other.swift"].map { folder.appending(path: $0) }
      try Data("import Grail\n\(source)\n".utf8).write(to: files[0])
      try Data("\(other)\n".utf8).write(to: files[1])
      let text = try compile(
        ["-c", "-module-name", "Source"] + files.map(\.path), in: folder)
      return text.split(separator: "\n").compactMap { line in
        line.firstRange(of: #/: (error|warning): /#).map { String(line[$0.upperBound...]) }
      }
    }

    /// Returns what the compiler says.
    private static func compile(_ arguments: [String], in folder: URL) throws -> String {
      let modules = try #require(modules)
      let output = folder.appending(path: "errors.txt")
      try Data().write(to: output)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.currentDirectoryURL = folder
      let packages = modules.deletingLastPathComponent().deletingLastPathComponent()
      process.arguments =
        [
          "timeout", "60", "swiftc", "-swift-version", "6", "-parse-as-library",
          "-enable-upcoming-feature", "ExistentialAny", "-diagnostic-style", "llvm",
          "-I", folder.path, "-I", modules.appending(path: "Modules").path,
          "-I", modules.appending(path: "CGrailRecord.build").path,
          "-I", packages.appending(path: "checkouts/swift-system/Sources/CSystem/include").path,
          "-I", packages.appending(path: "checkouts/Yams/Sources/CYaml/include").path,
          "-load-plugin-executable", "\(modules.path)/GrailMacros-tool#GrailMacros",
        ] + arguments
      process.standardOutput = FileHandle.nullDevice
      process.standardError = try FileHandle(forWritingTo: output)
      try process.run()
      process.waitUntilExit()
      let text = try String(contentsOf: output, encoding: .utf8)
      #expect(process.terminationReason == .exit && process.terminationStatus < 2, "\(text)")
      return text
    }
  }
#endif
