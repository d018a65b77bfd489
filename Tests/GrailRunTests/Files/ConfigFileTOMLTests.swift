import GrailCore
import GrailRun
import OrderedCollections
import Testing

/// The corners of TOML 1.0, as entries of unknown type read them.
@Suite struct ConfigFileTOMLTests {
  private static let schema = ConfigSchema(
    ["a", "b", "c", ""].map { ConfigEntry($0, .any(name: "Value"), default: nil) })

  @Test(
    arguments: [
      ("a = 1_000", 1000), ("a = +0", 0), ("a = -0b1", nil), ("a = 0xdead_BEEF", 0xDEAD_BEEF),
      ("a = 0o755", 0o755), ("a = 0b1101", 13), ("a = 6.626e-34", 6.626e-34), ("a = 5e+2", 500.0),
      ("a = -inf", .double(-.infinity)), ("a = 1.", nil), ("a = .5", nil), ("a = 1.e2", nil),
      ("a = 1_", nil), ("a = 0x_1", nil), ("a = +0x1", nil), ("a = 00", nil), ("a = 1.2.3", nil),
      ("a = true", true), ("a = tru", nil), ("a = ''", ""), ("a = '\\n'", "\\n"),
      ("a = \"\\t\\\"\\\\\\u00e9\\U0001F600\"", "\t\"\\é😀"), ("a = \"\\x41\"", nil),
      ("a = \"\\uD800\"", nil), ("a = \"\\U00110000\"", nil), ("a = \"\\u12\"", nil),
      ("a = \"\"\"\n\na\n\"\"\"", "\na\n"), ("a = \"\"\"a \\\n\n   b\"\"\"", "a b"),
      ("a = \"\"\"a\"\"\"\"\"", "a\"\""), ("a = \"\"\"a\"\"\"\"\"\"", nil), ("a = ''''a'''", "'a"),
      ("a = '''a\\'''", "a\\"), ("a = \"\"\"\\a\"\"\"", nil),
      ("a = 1979-05-27T07:32:00.5-07:00", "1979-05-27T07:32:00.5-07:00"),
      ("a = 1979-05-27 07:32:00z", "1979-05-27 07:32:00Z"), ("a = 07:32:00", "07:32:00"),
      ("a = 1979-05-27 # x", "1979-05-27"), ("a = 1979-05-27T", nil), ("a = 07:32", nil),
      ("a = 25:00:00", nil), ("a = 1979-13-01", nil), ("a = 1979-05-27T07:32:00+25:00", nil),
      ("a = []", []), ("a = [ # x\n 1, # y\n [ 'b' ] ,\n]", [1, ["b"]]), ("a = [,]", nil),
      ("a = [1,,2]", nil), ("a = [1 2]", nil), ("a = {}", [:]), ("a = { }", [:]),
      ("a = {b = 1, c.d = {e = 2}}", ["b": 1, "c": ["d": ["e": 2]]]), ("a = {b = 1, b = 2}", nil),
      ("a = {b = 1, b.c = 2}", nil), ("a = {b.c = 1, b.d = 2}", ["b": ["c": 1, "d": 2]]),
      ("a = {,}", nil), ("a . b = 1\na.c = 2", ["b": 1, "c": 2]), ("a.b.c = 1\na.b = 2", nil),
      ("a.1.'2.3' = 4", ["1": ["2.3": 4]]), ("a = 1\n'a' = 2", nil),
      ("a.b = 1\n[a.c]", ["b": 1, "c": [:]]),
      ("[a.b.c]\nx = 1\n[a]\ny = 2", ["b": ["c": ["x": 1]], "y": 2]), ("[a]\n[a]", nil),
      ("[a.b]\n[a]\nb.c = 1", nil), ("[a]\nb.c = 1\n[a.b]", nil),
      ("[a]\nb.c = 1\n[a.b.d]", ["b": ["c": 1, "d": [:]]]),
      ("[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[[a.c]]\n", [["x": 1, "b": ["y": 2]], ["c": [[:]]]]),
      ("a = []\n[[a]]", nil), ("[[a]]\n[a]", nil), ("[a]\n[[a]]", nil),
      ("a = {b = 1}\na.c = 2", nil),
      ("[[a]]\n[[b]]\n[a.x]\n[a.x]", nil), ("[a . 'b']", ["b": [:]]), ("[]", nil), ("[a.]", nil),
      ("[a] b = 1", nil), ("[ [a]]", nil), ("a = 1 b = 2", nil), ("a =\n1", nil), ("a", nil),
      ("a.b = 1\n[b]\nx = 1\n[a]", nil),
    ] as [(String, Value?)])
  func `reads what TOML is, and nothing else`(text: String, value: Value?) {
    let (values, lines) = reading(text, .toml, schema: Self.schema)
    #expect((values["a"] ?? .null) == (value ?? .null))
    #expect(lines.isEmpty == (value != nil), "\(lines)")
  }
}
