#if Macros
  @testable import GrailMacros
  import SwiftParser
  import SwiftSyntax
  import Testing

  @Suite struct ConfigMembersTests {
    private func members(_ source: String) throws -> ConfigMembers {
      let file = Parser.parse(source: "class A {\n\(source)\n}")
      let declaration = try #require(file.statements.first?.item.as(ClassDeclSyntax.self))
      return ConfigMembers(of: declaration.memberBlock.members)
    }

    @Test(arguments: [
      ("lazy var z = a + b", ["a", "b"]),
      ("lazy var z = self.a", ["a"]),
      ("lazy var z = \"\\(a)\"", ["a"]),
      ("lazy var z = [a: b][c]", ["a", "b", "c"]),
      ("lazy var z = `a`", ["a"]),
      ("lazy var z = { [weak self] in self?.a ?? self!.b }()", ["a", "b"]),
      ("lazy var z = { [a] in a + 1 }()", ["a"]),
      ("lazy var z = d.size; var d = Data()", ["d"]),
      ("lazy var z = y; lazy var y = x; lazy var x = a", ["a", "y", "x"]),
      ("lazy var z = twice; var twice: Int { a * 2 }", ["a"]),
      ("lazy var z = twice(3); func twice(_ x: Int) -> Int { x * a }", ["a"]),
      ("lazy var z = twice { 3 }; func twice(_ f: () -> Int) -> Int { f() * a }", ["a"]),
      ("lazy var z = [1].map(add); func add(_ x: Int) -> Int { x + a }", ["a"]),
      ("lazy var z = first; private lazy var first = a", ["a"]),
      ("lazy var z = f(); func f() -> Int { g() }; func g() -> Int { b }", ["b"]),
      ("lazy var z = f(x: 1); func f(x: Int) -> Int { a }; func f(y: Int) -> Int { b }", ["a"]),
      ("lazy var z = if a > 1 { b } else { c }", ["a", "b", "c"]),
      ("lazy var z = a > 1 ? b : c", ["a", "b", "c"]),
      ("lazy var z = Outer.make(self)", ["a", "b", "c"]),
      // Names that are something else there.
      ("lazy var z = [1].map { a in a + 1 }", []),
      ("lazy var z = [1].map { (a: Int) -> Int in a }", []),
      ("lazy var z = [1].reduce(0) { a, b in a + b }", []),
      ("lazy var z = { let a = 1; return a }()", []),
      ("lazy var z = { let a = a; return a }()", ["a"]),
      ("lazy var z = { let (a, b) = (1, 2); return a + b }()", []),
      ("lazy var z = { if let a = c { return a }; return b }()", ["b", "c"]),
      ("lazy var z = { if let c { return c }; return 1 }()", ["c"]),
      ("lazy var z = { guard let a = c else { return 0 }; return a }()", ["c"]),
      ("lazy var z = { for a in 0..<3 where a > 1 { print(a) }; return 1 }()", []),
      ("lazy var z = { switch x { case .some(let a): a; case let .other(b): b } }()", []),
      ("lazy var z = { func a() -> Int { 1 }; return a() }()", []),
      ("lazy var z = { do { try f() } catch let a { print(a) } }()", []),
      ("lazy var z = f(1); func f(_ a: Int) -> Int { a }", []),
      ("lazy var z = f(1); func f(x a: Int) -> Int { a }", []),
      ("lazy var z = make(a: 1, b: other.c)", []),
      ("lazy var z: Kind = .a", []),
      ("lazy var z = Self.a + A.b", []),
      ("lazy var z = \\Pair.a", []),
      ("lazy var z = { struct S { var b = 1; func f() { print(a) } }; return 1 }()", []),
      ("var z = 3", []),
    ])
    func `a default depends on what it uses`(source: String, names: [String]) throws {
      let members = try members("var a = 1; var b = 2; var c: Int?; \(source)")
      let entries = ["a", "b", "c", "d", "z", "y", "x"].filter(members.contains)
      let dependencies = members.dependencies(among: entries)
      #expect(dependencies["z"] ?? [] == names)
    }

    @Test(arguments: [
      ("lazy var a: Int = a", [["a", "a"]]),
      ("lazy var a: Int = b + 1; lazy var b: Int = a + 1", [["a", "b", "a"]]),
      (
        "lazy var a: Int = f(); func f() -> Int { b }; lazy var b: Int = a", [["a", "f", "b", "a"]]
      ),
      ("lazy var a: Int = c; var c: Int { self.a }", [["a", "c", "a"]]),
      ("lazy var a: Int = f(2); func f(_ x: Int) -> Int { x * a }", [["a", "f", "a"]]),
      ("private lazy var a: Int = b; lazy var b: Int = a", [["a", "b", "a"]]),
      ("lazy var a = x ? b : 1; lazy var b = x ? 1 : a; var x = true", [["a", "b", "a"]]),
      (
        "lazy var a: Int = b; lazy var b: Int = a; lazy var c: Int = d; lazy var d: Int = c",
        [["a", "b", "a"], ["c", "d", "c"]]
      ),
      ("#if X\nlazy var a: Int = b\n#endif\nlazy var b: Int = a", [["a", "b", "a"]]),
      // None of these goes round for sure.
      ("lazy var a = b; lazy var b = c; lazy var c = 1", []),
      ("lazy var a = [1].map { a in a }; lazy var b = a", []),
      ("func f(_ n: Int) -> Int { n < 1 ? 1 : f(n - 1) }; lazy var a = f(3)", []),
      ("lazy var a = f(x: 1); func f(x: Int) -> Int { x }; func f(y: Int) -> Int { a }", []),
      ("lazy var a = f(1); func f(_ x: Int) -> Int { x }; func f(_ x: String) -> Int { a }", []),
      (
        "lazy var a = f(.b); func f(_ k: Kind) -> Int { switch k { case .a: a; case .b: 1 } }", []
      ),
      ("lazy var a = f(1); func f(_ x: Int) -> Int { if x > 0 { return 1 }; return a }", []),
      ("lazy var a = f(1); func f(_ x: Int?) -> Int { x ?? a }", []),
      ("lazy var a = other.a", []),
      ("var a = b; var b = a", []),
    ])
    func `lazy properties in a circle are found`(source: String, circles: [[String]]) throws {
      #expect(try members(source).circles() == circles)
    }

    @Test func `no two entries depend on each other`() throws {
      let members = try members(
        """
        lazy var a = f(1); lazy var b = f(2); lazy var c = g(self); lazy var d = g(self) + c
        lazy var e = d
        func f(_ x: Int) -> Int { x == 1 ? 1 : a + b }
        """)
      let dependencies = members.dependencies(among: ["a", "b", "c", "d", "e"])
      #expect(
        dependencies == [
          "b": ["a"], "c": ["a", "b"], "d": ["a", "b", "c"], "e": ["a", "b", "c", "d"],
        ])
    }
  }
#endif
