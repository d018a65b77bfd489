import GrailCore
import GrailRun
import Testing

@Suite struct ConfigFileProblemsTests {
  @Test(arguments: [
    ("", "1:1: found the end of the text, expected a value"),
    (
      "{\n  \"layers\": 7,\n}",
      "3:1: found '}', expected a key; JSON has no comma after the last value"
    ),
    ("{\"layers\": 7 // many\n}", "1:14: found '/', expected ',' or '}'; JSON has no comments"),
    ("{'layers': 7}", "1:2: found ''', expected a key or '}'; JSON has double quotes alone"),
    ("{layers: 7}", "1:2: found 'l', expected a key or '}'; keys are in double quotes"),
    ("{\"fast\": True}", "1:10: found 'T', expected a value; JSON writes true"),
    ("{\"name\": \"x\n}", "1:12: found the end of the line, expected the closing '\"'"),
    ("{\"name\": \"x", "1:12: found the end of the text, expected '\"'"),
    ("{\"layers\": 07}", "1:12: found '0', expected a number without leading zeros"),
    ("{\"layers\": 7} {", "1:15: found '{', expected the end of the text"),
    ("[1, 2]", "1:1: found a list, expected named values such as '{\"layers\": 7}'"),
    ("7", "1:1: found '7', expected named values such as '{\"layers\": 7}'"),
    (
      "{\"layers\": 1, \"layers\": 2}",
      "1:15: 'layers' is set twice, first in line 1; write it once"
    ),
    (
      "{\"data\": {\"size\": 1},\n\"data.size\": 2}",
      "2:1: 'data.size' is set twice, first in line 1; write it once"
    ),
    (
      "{\"extra\": {\"size\": 1},\n\"extra.size\": 2}",
      "2:1: 'extra' and its part 'extra.size' are both set; set one of them"
    ),
    (
      "{\"extra.size\": 2,\n \"extra\": {\"size\": 1}}",
      "2:2: 'extra' and its part 'extra.size' are both set; set one of them"
    ),
    (
      "{\"bounds\": {\"a\": 1,\n \"a\": 2}}",
      "2:2: 'bounds.a' is set twice in one map; write it once"
    ),
    (
      "{\"layers\": null}",
      "1:12: 'layers' is Int, and cannot be none; write a whole number such as 7"
    ),
    ("{\"name\": null}", "1:10: 'name' is String, and cannot be none; write a text such as \"x\""),
    (
      "{\"layers\": \"7\"}",
      "1:12: 'layers' is Int, and '\"7\"' is none; write a whole number such as 7"
    ),
    (
      "{\"layers\": 7.0}",
      "1:12: 'layers' is Int, and '7.0' is none; write a whole number such as 7"
    ),
    (
      "{\"small\": 128}",
      "1:11: 'small' is Int8, and '128' is out of its range, -128 to 127; write a whole number such as 1"
    ),
    (
      "{\"limit\": []}",
      "1:11: 'limit' is Int, and '[]' is none; write a whole number such as 1, or null"
    ),
    ("{\"fast\": 1}", "1:10: 'fast' is Bool, and '1' is none; write true or false"),
    (
      "{\"optimizer\": \"adm\"}",
      "1:15: 'optimizer' is Optimizer, and 'adm' is none of sgd, adam; did you mean 'adam'?"
    ),
    ("{\"widths\": 3}", "1:12: 'widths' is [Int], and '3' is none; write a list such as [32, 32]"),
    (
      "{\"widths\": [1,\n \"a\", 2.5]}",
      "2:2: 'widths[1]' is Int, and '\"a\"' is none; write a list such as [32, 32]\n2:7: 'widths[2]' is Int, and '2.5' is none; write a list such as [32, 32]"
    ),
    (
      "{\"raw\": [256]}",
      "1:10: 'raw[0]' is UInt8, and '256' is out of its range, 0 to 255; write a list such as [1, 2]"
    ),
    (
      "{\"bounds\": {\"a\": true}}",
      "1:18: 'bounds.a' is Double, and 'true' is none; write a map such as {\"a\": 1.0}"
    ),
    (
      "{\"counts\": {\"one\": []}}",
      "1:13: the keys of 'counts' are Int, and '\"one\"' is none; write a map such as {\"1\": [1, 1]}"
    ),
    (
      "{\"data\": 3}",
      "1:10: 'data' is Data, and '3' is none; its entries are data.path, data.size, data.split"
    ),
    (
      "{\"data\": {\"paht\": \"x\"}}",
      "1:11: there is no entry 'data.paht'; did you mean 'data.path'?"
    ),
    (
      "{\"start\": \"today\"}",
      "1:11: 'start' is Date, and 'today' is none; write a time such as \"1970-01-01T00:00:00Z\""
    ),
    (
      "{\"layrs\": 1,\n \"name\": [],\n \"\": 1}",
      "1:2: there is no entry 'layrs'; did you mean 'layers'?\n2:10: 'name' is String, and '[]' is none; write a text such as \"x\"\n3:2: there is no entry ''"
    ),
    (
      "{\"extra\": {\"sise\": 1}}",
      "1:12: there is no entry 'extra.sise'; did you mean 'extra.size'?"
    ),
    (
      "{\"widths\": {\"py/object\": \"numpy.ndarray\"}}",
      "1:12: 'widths' is [Int], and '{py/object: \"numpy.ndarray\"}' is none; write a list such as [32, 32]"
    ),
  ])
  func `tells what is wrong with JSON, and where`(text: String, lines: String) {
    expect(text, .json, lines)
  }

  @Test(arguments: [
    (
      "layers: 7\n  rate: 1\n",
      "2:7: found ':' where no name can stand; check the indent of this line, and that the one before has its ':'"
    ),
    (
      "data:\n  path: x\n size: 1\n",
      "3:2: found 's', expected a name; check the indent of this line against line 1"
    ),
    ("data:\n\tpath: x\n", "2:1: found a tab, expected spaces; YAML is indented with spaces alone"),
    ("name: \"x\nlayers: 7\n", "1:7: found a quote without its closing quote"),
    ("name: 'x\n", "1:7: found a quote without its closing quote"),
    (
      "widths: [1, 2\nlayers: 7\n",
      "2:7: found ':', expected ',' or ']' of the list that opens in line 1"
    ),
    (
      "bounds: {a: 1\nlayers: 7\n",
      "2:7: found ':', expected ',' or '}' of the map that opens in line 1"
    ),
    (
      "layers 7\nrate: 1\n",
      "2:5: found ':' where no name can stand; check the indent of this line, and that the one before has its ':'"
    ),
    ("layers: 7\nrate\n", "2:1: found a line without ':', expected 'name: value'"),
    ("name: @x\n", "1:7: found '@', which no value begins with; put the text in quotes"),
    (
      "name: a: b\n",
      "1:8: found ':' where no name can stand; put a text that contains ': ' in quotes"
    ),
    (
      "name: \"a\\qb\"\n",
      "1:9: found an unknown escape; write '\\\\' for a backslash in double quotes"
    ),
    (
      "name: *x\n",
      "1:7: found an alias without its anchor; put a text that begins with '*' in quotes"
    ),
    ("names:\n- a\nb\n", "3:1: found a line without ':', expected 'name: value'"),
    ("name: - a\n", "1:7: found '-' where no list can begin; begin it on a line of its own"),
    ("- 1\n- 2\n", "1:1: found a list, expected named values such as 'layers: 7'"),
    ("text\n", "1:1: found 'text', expected named values such as 'layers: 7'"),
    ("layers: 7\n---\nlayers: 8\n", "2:1: found a second document, expected one"),
    (
      "layers: 7\nrate: 1\nlayers: 8\n",
      "3:1: 'layers' is set twice in one map, first in line 1; write it once"
    ),
    (
      "data:\n  size: 7\n  'path': x\n  path: 8\n",
      "4:3: 'path' is set twice in one map, first in line 3; write it once"
    ),
    (
      "data: {size: 7}\ndata.size: 8\n",
      "2:1: 'data.size' is set twice, first in line 1; write it once"
    ),
    ("layers:\n", "1:8: 'layers' is Int, and has no value; write a whole number such as 7"),
    ("name: ~\n", "1:7: 'name' is String, and cannot be none; write a text such as x"),
    ("name: null\n", "1:7: 'name' is String, and cannot be none; write a text such as x"),
    (
      "data:\n",
      "1:6: 'data' is Data, and has no value; its entries are data.path, data.size, data.split"
    ),
    ("layers: '7'\n", "1:9: 'layers' is Int, and '\"7\"' is none; write a whole number such as 7"),
    (
      "layers: many\nrate: x\n",
      "1:9: 'layers' is Int, and 'many' is none; write a whole number such as 7\n2:7: 'rate' is Double, and 'x' is none; write a number such as 0.1"
    ),
    ("[a, b]: 1\n", "1:1: found '[\"a\", \"b\"]', expected the name of an entry"),
    ("fast: yes\n", "1:7: 'fast' is Bool, and 'yes' is none; write true or false"),
    ("a\u{1}: 1", "1:2: found the control character 1, expected text"),
    ("name: \"\u{FFFE}\"", "1:8: found what is no character"),
    ("bounds: {<<: 3}", "1:14: found '<<' without a map, expected an alias of one"),
    ("%YAML 3.0\n---\nlayers: 1", "1:1: found incompatible YAML document"),
    ("&a &b c: 1", "1:4: found '&', expected a name; check the indent of this line against line 1"),
    ("!<x", "1:4: did not find the expected '>' while scanning a tag"),
    (
      "layers: !!int\nnote: ok\n",
      "1:9: 'layers' is Int, and has no value; write a whole number such as 7"
    ),
  ])
  func `tells what is wrong with YAML, and where`(text: String, lines: String) {
    expect(text, .yaml, lines)
  }

  @Test(arguments: [
    ("layers = \n", "1:10: found the end of the line, expected a value"),
    ("layers: 7\n", "1:7: found ':', expected '=' after a name"),
    ("layers\n", "1:7: found the end of the line, expected '=' after a name"),
    ("= 7\n", "1:1: found '=', expected a name"),
    ("name = x\n", "1:8: found 'x', expected a value; put a text in quotes"),
    ("note = none\n", "1:8: found 'none', expected a value; write \"none\""),
    ("fast = True\n", "1:8: found 'True', expected a value; write true"),
    ("layers = 07\n", "1:10: found '07', expected a value; numbers have no zeros before them"),
    ("layers = 1__0\n", "1:10: found '1__0', expected a value"),
    ("name = \"x\nlayers = 7\n", "1:8: found a quote without its closing quote"),
    ("name = 'x", "1:8: found a quote without its closing quote"),
    ("name = \"\"\"x\n\n", "1:8: found a quote without its closing quote"),
    (
      "name = \"C:\\data\"\n",
      "1:12: found 'd', expected an escape such as '\\n'; single quotes take '\\' as it stands"
    ),
    ("name = \"\\ud800\"\n", "1:10: found 'u', expected an escape that stands for a character"),
    (
      "widths = [1, 2\nlayers = 7\n",
      "2:1: found 'l', expected ',' or ']' of the list that opens in line 1"
    ),
    (
      "bounds = {a = 1,}\n",
      "1:17: found '}', expected a name; a table in braces has no comma after the last value"
    ),
    (
      "bounds = {a = 1,\n b = 2}\n",
      "1:17: found the end of the line, expected a name; a table in braces stands on one line"
    ),
    ("layers = 7 rate = 1\n", "1:12: found 'r', expected the end of the line"),
    (
      "layers = 7\nrate = 1\nlayers = 8\n",
      "3:1: 'layers' is set twice, first in line 1; write it once"
    ),
    (
      "[data]\nsize = 1\n[data]\npath = 'x'\n",
      "3:2: 'data' is set twice, first in line 1; write it once"
    ),
    (
      "data.size = 1\n[data]\npath = 'x'\n",
      "2:2: 'data' is set twice, first in line 1; write it once"
    ),
    (
      "data = {size = 1}\n[data.split]\ntest = 1\n",
      "2:2: 'data' has a value already, and cannot be a table"
    ),
    ("layers = 7\n[layers.x]\n", "2:2: 'layers' has a value already, and cannot be a table"),
    ("layers = 7\nlayers.x = 1\n", "2:1: 'layers' has a value already, and cannot be a table"),
    ("[data\nsize = 1\n", "1:6: found the end of the line, expected ']'"),
    ("[[data]\nsize = 1\n", "1:8: found the end of the line, expected ']]'"),
    ("[data] size = 1\n", "1:8: found 's', expected the end of the line"),
    (
      "[[data]]\nsize = 1\n",
      "1:3: 'data' is Data, and '[{size: 1}]' is none; its entries are data.path, data.size, data.split"
    ),
    ("start = 2026-02-30\n", "1:9: found '2026-02-30', expected a value"),
    (
      "start = 10:30:00\n",
      "1:9: 'start' is Date, and '10:30:00' is none; write a time such as 1970-01-01T00:00:00Z"
    ),
    (
      "layers = \"7\"\n",
      "1:10: 'layers' is Int, and '\"7\"' is none; write a whole number such as 7"
    ),
    (
      "layers = \"none\"\n",
      "1:10: 'layers' is Int, and '\"none\"' is none; write a whole number such as 7"
    ),
    ("\u{1} = 1", "1:1: found the control character 1, expected a name"),
    ("# \u{7}", "1:3: found the control character 7, expected text in a comment"),
    (
      "layrs = 7\nrate = 'x'\nlimit = 1.5\nwidths = 1",
      "1:1: there is no entry 'layrs'; did you mean 'layers'?\n2:8: 'rate' is Double, and '\"x\"' is none; write a number such as 0.1\n3:9: 'limit' is Int, and '1.5' is none; write a whole number such as 1, or \"none\"\n4:10: 'widths' is [Int], and '1' is none; write a list such as [32, 32]"
    ),
    ("layers = 7\rrate = 1", "1:11: found the control character 13, expected the end of the line"),
  ])
  func `tells what is wrong with TOML, and where`(text: String, lines: String) {
    expect(text, .toml, lines)
  }

  private func expect(_ text: String, _ format: ConfigFile.Format, _ lines: String) {
    let expected = lines.split(separator: "\n").map { "config.\(format):\($0)" }
    #expect(reading(text, format).lines == expected)
  }
}
