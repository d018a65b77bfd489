import GrailCore
import GrailRun
import Testing

@Suite struct ConfigReadingTests {
  @Test(
    arguments: [
      ("layers", "3", 3), ("layers", "-3", -3), ("layers", "+3", 3), ("layers", "1_000", 1000),
      ("layers", "0x1F", 31), ("layers", "-0b11", -3), ("layers", "0o17", 15),
      ("layers", "9223372036854775807", .int(.max)), ("layers", "-9223372036854775808", .int(.min)),
      ("small", "-128", -128),
      (
        "seed", "18446744073709551615",
        .opaque(.init(typeName: "json.number", raw: "18446744073709551615"))
      ),
      ("rate", "1e-3", 0.001), ("rate", "3", 3.0), ("rate", "inf", .double(.infinity)),
      ("rate", "-Infinity", .double(-.infinity)), ("rate", "1_000.5", 1000.5), ("rate", ".5", 0.5),
      ("single", "0.1", .double(Double(Float(0.1)))),
      ("fast", "true", true), ("fast", "True", true), ("fast", "false", false),
      ("fast", "False", false),
      ("optimizer", "adam", "adam"),
      ("name", "a = b", "a = b"), ("name", "", ""), ("name", "'a'", "a"),
      ("name", "\"it's\"", "it's"),
      ("name", "'a", "'a"), ("name", "'", "'"), ("name", "none", "none"),
      ("name", "[1, 2]", "[1, 2]"),
      ("note", "none", nil), ("note", "null", nil), ("note", "None", nil),
      ("note", "'none'", "none"),
      ("note", "text", "text"), ("limit", "None", nil), ("limit", "4", 4),
      ("start", "2026-03-01T09:30:00Z", .time(Timestamp(microseconds: 1_772_357_400_000_000))),
      ("widths", "[32, 64]", [32, 64]), ("widths", "[1,]", [1]), ("widths", "(1, 2)", [1, 2]),
      ("widths", "[]", []), ("widths", "[ ]", []),
      ("names", "[a b, 'c,d', 1, \"e\\n\\u00e9\\ud83d\\ude00\"]", ["a b", "c,d", "1", "e\né😀"]),
      ("modes", "[sgd, None, 'adam']", ["sgd", nil, "adam"]),
      ("bounds", "{'a': 1, b: inf,}", ["a": 1.0, "b": .double(.infinity)]),
      ("counts", "{1: [2], 0x10: []}", ["1": [2], "16": []]),
      ("raw", "[0, 255]", .bytes([0, 255])),
      (
        "free", "{'a': [1, 2.5, True, None, x], 'b': '3'}",
        ["a": [1, 2.5, true, nil, "x"], "b": "3"]
      ),
      ("free", "http://example.org", "http://example.org"), ("free", "3", 3), ("free", "'3'", "3"),
      ("data", "{path: x.csv, split: {test: 0.5}}", ["path": "x.csv", "split": ["test": 0.5]]),
      ("extra", "none", nil), ("extra", "{size: 3}", ["size": 3]),
    ] as [(String, String, Value)])
  func `reads a text by the entry's type`(name: String, text: String, value: Value) throws {
    #expect(try ConfigSchema.sample.entry(at: name).read(text) == value)
  }

  @Test func `reads what is not a number`() throws {
    let value = try ConfigSchema.sample.entry(at: "rate").read("nan")
    #expect(value.doubleValue?.isNaN == true)
  }

  @Test(arguments: [
    ("layers=many", "'layers' is Int, and 'many' is none; write a whole number such as layers=7"),
    ("layers=", "'layers' is Int, and has no value; write a whole number such as layers=7"),
    ("layers=none", "'layers' is Int, and cannot be none; write a whole number such as layers=7"),
    ("layers=1.5", "'layers' is Int, and '1.5' is none; write a whole number such as layers=7"),
    ("layers=1__0", "'layers' is Int, and '1__0' is none; write a whole number such as layers=7"),
    ("layers=0x", "'layers' is Int, and '0x' is none; write a whole number such as layers=7"),
    ("layers=--1", "'layers' is Int, and '--1' is none; write a whole number such as layers=7"),
    ("layers=a\nb", "'layers' is Int, and 'a\\nb' is none; write a whole number such as layers=7"),
    (
      "small=300",
      "'small' is Int8, and '300' is out of its range, -128 to 127; "
        + "write a whole number such as small=1"
    ),
    (
      "seed=-1",
      "'seed' is UInt64, and '-1' is out of its range, 0 to 18446744073709551615; "
        + "write a whole number such as seed=0"
    ),
    ("rate=fast", "'rate' is Double, and 'fast' is none; write a number such as rate=0.1"),
    (
      "rate=1e999",
      "'rate' is Double, and '1e999' is out of its range, "
        + "-1.7976931348623157e+308 to 1.7976931348623157e+308; write a number such as rate=0.1"
    ),
    (
      "single=-1e39",
      "'single' is Float, and '-1e39' is out of its range, -3.4028235e+38 to 3.4028235e+38; "
        + "write a number such as single=0.5"
    ),
    ("fast=yes", "'fast' is Bool, and 'yes' is none; write fast=true or fast=false"),
    (
      "optimizer=adm",
      "'optimizer' is Optimizer, and 'adm' is none of sgd, adam; did you mean 'adam'?"
    ),
    ("optimizer=zzz", "'optimizer' is Optimizer, and 'zzz' is none of sgd, adam"),
    (
      "limit=x",
      "'limit' is Int, and 'x' is none; write a whole number such as limit=1, or limit=none"
    ),
    (
      "start=noon",
      "'start' is Date, and 'noon' is none; write a time such as start=1970-01-01T00:00:00Z"
    ),
    ("widths=32", "'widths' is [Int], and '32' is none; write a list such as 'widths=[32, 32]'"),
    (
      "widths=[1",
      "'widths' is [Int], and '[1' has no closing ']'; write a list such as 'widths=[32, 32]'"
    ),
    (
      "widths=[1] 2",
      "'widths' is [Int], and '[1] 2' goes on after its end with '2'; "
        + "write a list such as 'widths=[32, 32]'"
    ),
    (
      "widths=[1,,2]",
      "'widths' is [Int], and '[1,,2]' lacks a value before ','; "
        + "write a list such as 'widths=[32, 32]'"
    ),
    (
      "widths=[1, x, 2.5]",
      "'widths[1]' is Int, and 'x' is none; write a list such as 'widths=[32, 32]'\n"
        + "'widths[2]' is Int, and '2.5' is none; write a list such as 'widths=[32, 32]'"
    ),
    (
      "widths=['1']",
      "'widths[0]' is Int, and ''1'' is none; write a list such as 'widths=[32, 32]'"
    ),
    (
      "modes=[adm]",
      "'modes[0]' is Optimizer, and 'adm' is none of sgd, adam; did you mean 'adam'?"
    ),
    (
      "bounds={a: x}",
      "'bounds.a' is Double, and 'x' is none; write a map such as 'bounds={a: 1.0}'"
    ),
    (
      "bounds={a}",
      "'bounds' is [String: Double], and '{a}' has no ':' after 'a'; "
        + "write a map such as 'bounds={a: 1.0}'"
    ),
    ("bounds={a: 1, a: 2}", "'bounds.a' is set twice in one map; write it once"),
    ("bounds.b=x", "'bounds.b' is Double, and 'x' is none; write a number such as bounds.b=0.5"),
    (
      "counts={x: []}",
      "the keys of 'counts' are Int, and 'x' is none; write a map such as 'counts={1: [1, 1]}'"
    ),
    ("counts.x=[]", "there is no entry 'counts.x'; the keys of 'counts' are Int"),
    (
      "raw=[256]",
      "'raw[0]' is UInt8, and '256' is out of its range, 0 to 255; write a list such as 'raw=[1, 2]'"
    ),
    (
      "data=3",
      "'data' is Data, and '3' is none; its entries are data.path, data.size, data.split"
    ),
    ("data={pth: x}", "there is no entry 'data.pth'; did you mean 'data.path'?"),
    (
      "data={size: x}",
      "'data.size' is Int, and 'x' is none; its entries are data.path, data.size, data.split"
    ),
    ("layrs=1", "there is no entry 'layrs'; did you mean 'layers'?"),
    ("path=x", "there is no entry 'path'; did you mean 'data.path'?"),
    ("data.pth=x", "there is no entry 'data.pth'; did you mean 'data.path'?"),
    (
      "data.colour=x",
      "there is no entry 'data.colour'; "
        + "the entries of 'data' are data.path, data.size, data.split"
    ),
    ("something_else=x", "there is no entry 'something_else'"),
    ("layers.x=1", "there is no entry 'layers.x'; 'layers' is Int and has no entries"),
    ("big", "'big' is no update; write NAME=VALUE"),
    ("=3", "'=3' names no entry before its '='; write NAME=VALUE"),
  ])
  func `says what is wrong in one line`(word: String, message: String) {
    let error = #expect(throws: ConfigProblems.self) { try ConfigSchema.sample.resolve([word]) }
    #expect(error?.description == message)
  }

  @Test func `lists the entries where they are few`() {
    let schema = ConfigSchema([
      ConfigEntry("layers", .int, default: 7), ConfigEntry("rate", .double, default: 1.0),
    ])
    let error = #expect(throws: ConfigProblems.self) { try schema.resolve(["colour=1"]) }
    #expect(error?.description == "there is no entry 'colour'; the entries are layers, rate")
    let empty = #expect(throws: ConfigProblems.self) { try ConfigSchema([]).resolve(["a=1"]) }
    #expect(empty?.description == "there is no entry 'a'; the configuration has none")
  }

  @Test(
    arguments: [
      ("layers", 3), ("rate", 1e-5), ("rate", .double(-.infinity)),
      ("single", .double(Double(Float(0.1)))),
      ("name", ""), ("name", "'a'"), ("name", " x "), ("name", "\""), ("note", "none"),
      ("note", nil),
      ("names", ["a'b\\", "\n", "c,]"]), ("modes", [nil, "adam"]),
      ("bounds", ["a b": 1.0, "": 2.0]), ("raw", .bytes([1])), ("free", "3"), ("free", "[x"),
      ("free", ["a": [1, 2.0, "none", nil]]), ("data", ["path": "a b"]),
      ("start", .time(Timestamp(microseconds: 1))),
    ] as [(String, Value)])
  func `a value's text is read as the value`(name: String, value: Value) throws {
    let entry = try ConfigSchema.sample.entry(at: name)
    #expect(try entry.read(entry.type.text(of: value)) == value)
  }
}
