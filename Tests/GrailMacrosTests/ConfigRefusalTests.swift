#if Macros
  import Testing

  /// A mistake, what is said of it, and what each offer makes of it.
  struct Mistake: CustomTestStringConvertible, Sendable {
    /// The source; `▸` stands at each place that is spoken of.
    var source: String
    var message: String
    var fixed: [String: String] = [:]

    var testDescription: String { source }
  }

  @Suite struct ConfigRefusalTests {
    static let declarations = [
      Mistake(
        source: "@Config ▸struct Settings: Codable { var a = 1 }",
        message: """
          'Settings' is a struct, and '@Config' needs a final class; a struct needs no macro if no \
          default depends on another: 'struct Settings: Configurable'
          """,
        fixed: [
          "make it a final class": "@Config final class Settings: Codable { var a = 1 }",
          "conform to 'Configurable' instead":
            "struct Settings: Codable, Configurable { var a = 1 }",
        ]),
      Mistake(
        source: "@Config ▸struct S<T> {}",
        message: """
          'S' is a struct, and '@Config' needs a final class; a struct needs no macro if no \
          default depends on another: 'struct S: Configurable'
          """,
        fixed: [
          "make it a final class": "@Config final class S<T> {}",
          "conform to 'Configurable' instead": "struct S<T>: Configurable {}",
        ]),
      Mistake(
        source: "@Config public ▸actor A { var a = 1 }",
        message: "'A' is an actor, and '@Config' needs a final class",
        fixed: ["make it a final class": "@Config public final class A { var a = 1 }"]),
      Mistake(
        source: "▸@Config protocol P {}",
        message: """
          '@Config' is attached to a protocol of 'P', and needs the declaration of a final class
          """),
      Mistake(
        source: "▸@Config extension Outer.A {}",
        message: """
          '@Config' is attached to an extension of 'A', and needs the declaration of a final class
          """),
      Mistake(
        source: "@Config ▸class A { var a = 1 }",
        message: "'A' can be subclassed, and '@Config' needs a final class; write 'final class A'",
        fixed: ["make it final": "@Config final class A { var a = 1 }"]),
      Mistake(
        source: "@Config open ▸class A { var a = 1 }",
        message: "'A' can be subclassed, and '@Config' needs a final class; write 'final class A'",
        fixed: ["make it final": "@Config public final class A { var a = 1 }"]),
      Mistake(
        source: "@Config final class A: ▸NSObject { var a = 1 }",
        message: """
          'A' has a superclass, and the entries are the properties of one class; remove 'NSObject', \
          and hold what is shared in a property
          """),
      Mistake(
        source: "@Config final class A: B { ▸override init() {} }",
        message: """
          'A' has a superclass, and the entries are the properties of one class; remove 'override', \
          and hold what is shared in a property
          """),
      Mistake(
        source: "@Config final class A: B { init() { ▸super.init(b: 1) } }",
        message: """
          'A' has a superclass, and the entries are the properties of one class; remove 'super', \
          and hold what is shared in a property
          """),
      Mistake(
        source: "func f() { ▸@Config final class A { var a = 1 } }",
        message: "'A' is declared inside a function, where no macro can extend it; move it out"),
      Mistake(
        source: "let x = { ▸@Config enum A { case a(B) } }",
        message: "'A' is declared inside a function, where no macro can extend it; move it out"),
      Mistake(
        source: "enum N { @Config ▸private final class A { var a = 1 } }",
        message: """
          'A' is private to the type around it, where no macro can extend it; make it 'fileprivate'
          """,
        fixed: [
          "make it 'fileprivate'": "enum N { @Config fileprivate final class A { var a = 1 } }"
        ]),
      Mistake(
        source: "▸@MainActor @Config final class A { var a = 1 }",
        message: """
          'A' is bound to '@MainActor', and a configuration is read from anywhere; remove \
          '@MainActor'
          """,
        fixed: ["remove '@MainActor'": "@Config final class A { var a = 1 }"]),
      Mistake(
        source: "@Config final class A { ▸init() throws {} }",
        message: """
          'init()' of a configuration cannot fail, throw or wait, because it makes the defaults; \
          report bad values in 'validate(_:)'
          """),
    ]

    static let properties = [
      Mistake(
        source: "▸let a = 1",
        message: """
          'a' is a constant, and an entry can be set for each run; make it 'var', or 'private let' \
          if it is no entry
          """,
        fixed: ["make it 'var'": "var a = 1", "make it 'private let'": "private let a = 1"]),
      Mistake(
        source: "var ▸path: String",
        message: """
          'path' has no default; give it one, or write 'lazy var path: String = required()' if each \
          run must set it
          """,
        fixed: [
          "write 'lazy var path: String = required()'": "lazy var path: String = required()"
        ]),
      Mistake(
        source: "var ▸a, ▸b: Int",
        message: """
          'a' has no default; give it one, or write 'lazy var a: TYPE = required()' if each run must \
          set it
          'b' has no default; give it one, or write 'lazy var b: Int = required()' if each run must \
          set it
          """),
      Mistake(
        source: "private var ▸a: Int",
        message: """
          'a' has no default, and a configuration is created with defaults alone; give it one
          """),
      Mistake(
        source: "var a = 1; var ▸b = a + 1",
        message: "'b' depends on 'a'; make it 'lazy var'",
        fixed: ["make it 'lazy var'": "var a = 1; lazy var b = a + 1"]),
      Mistake(
        source: "var ▸b = size(3); func size(_ x: Int) -> Int { x }",
        message: "'b' depends on 'size'; make it 'lazy var'",
        fixed: [
          "make it 'lazy var'": "lazy var b = size(3); func size(_ x: Int) -> Int { x }"
        ]),
      Mistake(
        source: "var ▸b: Int = required()",
        message: "'b' is required; make it 'lazy var'",
        fixed: ["make it 'lazy var'": "lazy var b: Int = required()"]),
      Mistake(
        source: "lazy var ▸b = self.required()",
        message: "'b' is required and has no type; write 'lazy var b: TYPE = required()'"),
      Mistake(
        source: "var a: Int { get { 1 } ▸set { print(newValue) } }",
        message: """
          'a' is computed, so it is no entry and nobody can set it; remove its setter, or make it \
          'lazy var a = …'
          """),
      Mistake(
        source: "var a = 1 { ▸didSet { print(a) } }",
        message: """
          'a' has 'didSet', which would change the configuration unrecorded; check values in \
          'validate(_:)', and compute others in a 'lazy var'
          """),
      Mistake(
        source: "▸@Published var a = 1",
        message: "'a' has '@Published', and an entry is a plain property; remove '@Published'",
        fixed: ["remove '@Published'": "var a = 1"]),
      Mistake(
        source: "▸weak var a: B?",
        message: "'a' has 'weak', and an entry is a plain property; remove 'weak'",
        fixed: ["remove 'weak'": "var a: B?"]),
      Mistake(
        source: "▸private(set) var a = 1",
        message: """
          'a' says 'private(set)', but every entry can be set for each run; remove 'private(set)', \
          or make it 'private' if it is no entry
          """,
        fixed: ["remove 'private(set)'": "var a = 1"]),
      Mistake(
        source: "var ▸(a, b) = (1, 2)",
        message: """
          '(a, b)' declares several properties at once; write 'var NAME = …' for each entry
          """),
      Mistake(
        source: "var ▸validate = true",
        message: """
          'validate' is a name that every configuration has for itself; give the entry another one
          """),
      Mistake(
        source: "var ▸`learning rate` = 0.1",
        message: """
          'learning rate' cannot be typed as an entry's name in 'with NAME=VALUE'; use letters, \
          digits and '_' alone
          """),
      Mistake(
        source: "lazy var ▸a: Int = b + 1; lazy var b: Int = a + 1",
        message: """
          'a' is computed from itself: a → b → a; give one of them a default that needs none of the \
          others
          """),
    ]

    static let enums = [
      Mistake(
        source: "▸@Config enum Mode { case slow, fast }",
        message: """
          'Mode' has no case with a configuration, and an enum without configurations needs no \
          '@Config'; make it 'String, CaseIterable, Codable, Sendable'
          """,
        fixed: [
          "make it 'String, CaseIterable, Codable, Sendable'":
            "enum Mode: String, CaseIterable, Codable, Sendable { case slow, fast }"
        ]),
      Mistake(
        source: "▸@Config enum Mode: Int { case slow, fast }",
        message: """
          'Mode' has no case with a configuration, and an enum without configurations needs no \
          '@Config'; make it 'String, CaseIterable, Codable, Sendable'
          """,
        fixed: ["remove '@Config'": "enum Mode: Int { case slow, fast }"]),
      Mistake(
        source: "@Config enum ▸E { case a(A) }",
        message:
          "'E' chooses among configurations, and does not say so; write 'enum E: ConfigChoice'",
        fixed: ["conform to 'ConfigChoice'": "@Config enum E: ConfigChoice { case a(A) }"]),
      Mistake(
        source: "@Config enum E: ConfigChoice { case a(▸settings: A) }",
        message: """
          the case 'a' has the label 'settings', and the branch is named by its case; write \
          'case a(A)'
          """,
        fixed: ["remove the label": "@Config enum E: ConfigChoice { case a(A) }"]),
      Mistake(
        source: "@Config enum E: ConfigChoice { case ▸a(A, B) }",
        message: """
          the case 'a' holds 2 values, and a branch is one '@Config' class; hold a class that has \
          them as entries
          """),
      Mistake(
        source: "@Config enum E: ConfigChoice { case a(▸Int), b(▸[A]), c(▸A?) }",
        message: """
          the case 'a' holds 'Int', and a branch is a '@Config' class; hold a class with it as an entry
          the case 'b' holds '[A]', and a branch is a '@Config' class; hold a class with it as an entry
          the case 'c' holds 'A?', and a branch is a '@Config' class; hold a class with it as an entry
          """),
      Mistake(
        source: "@Config enum E▸<T>: ConfigChoice { case a(T) }",
        message: """
          'E' is generic, and each case of a '@Config' enum holds one known class; remove '<T>'
          """),
      Mistake(
        source: "@Config ▸indirect enum E: ConfigChoice { case a(A) }",
        message: "'E' is indirect, and a configuration does not contain itself; remove 'indirect'",
        fixed: ["remove 'indirect'": "@Config enum E: ConfigChoice { case a(A) }"]),
      Mistake(
        source: """
          @Config enum E: ConfigChoice {
            case a(A)
            ▸#if os(Linux)
            case b(B)
            #endif
          }
          """,
        message: """
          'E' has members inside '#if', where '@Config' cannot tell which cases there are; move them \
          out
          """),
    ]

    private func check(_ mistake: Mistake, prefix: String = "", suffix: String = "") {
      let source = prefix + mistake.source.replacing("▸", with: "") + suffix
      let refusal = MacroRefusal(of: source)
      #expect(refusal.messages == mistake.message)
      #expect(refusal.marked == prefix + mistake.source + suffix)
      let fixed = Dictionary(zip(refusal.offers, refusal.fixed)) { $1 }
      #expect(fixed == mistake.fixed.mapValues { prefix + $0 + suffix })
    }

    @Test(arguments: declarations)
    func `a declaration that is no configuration is refused`(_ mistake: Mistake) {
      check(mistake)
    }

    @Test(arguments: properties)
    func `a property that is no entry is refused`(_ mistake: Mistake) {
      check(mistake, prefix: "@Config final class Training {\n  ", suffix: "\n}")
    }

    @Test(arguments: enums)
    func `an enum that is no choice is refused`(_ mistake: Mistake) { check(mistake) }

    @Test func `a class that inherits its conformance has a superclass`() {
      let refusal = MacroRefusal(of: "@Config final class A: Base { var a = 1 }", conformances: [])
      #expect(
        refusal.messages == """
          'A' has a superclass, and the entries are the properties of one class; remove 'Base', and \
          hold what is shared in a property
          """)
      let stated = MacroRefusal(of: "@Config final class A: Configuration {}", conformances: [])
      #expect(stated.messages.isEmpty)
    }

    @Test(arguments: [
      "var a: Int?; var b: Optional<Int>; var c: Int!",
      "lazy var a = 1, b = 2",
      "var a: Int { 1 }; static var b: Int = 3; class var c: Int { 2 }",
      "private let a = 1; fileprivate var b = a; private(set) static var c = 1",
      "var a = 1; var b = [1].map { a in a + 1 }; var c = { let a = 2; return a }()",
      "var a = 1; var b = Pair(a: 1).a; var c: Kind = .a; var d = [Pair()].map(\\.a)",
      "nonisolated(unsafe) var a = 1; @available(*, deprecated) var b = 2",
      "internal(set) public var a = 1",
      "static func f() -> Int { 1 }; var a = Training.f()",
      "var größe = 1",
      "private var a: Int; init() { a = 1 }",
    ])
    func `what is no mistake is not refused`(_ properties: String) {
      let refusal = MacroRefusal(of: "@Config final class Training {\n  \(properties)\n}")
      #expect(refusal.messages == "")
    }

    @Test func `all problems are reported at once`() {
      let refusal = MacroRefusal(of: "@Config class A { let a = 1; var b: Int; weak var c: A? }")
      #expect(refusal.messages.split(separator: "\n").count == 4)
    }
  }
#endif
