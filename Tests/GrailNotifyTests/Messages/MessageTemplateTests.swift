import GrailCore
import OrderedCollections
import TestSupport
import Testing

@testable import GrailNotify

@Suite struct MessageTemplateTests {
  private static let anything: OrderedDictionary<String, MessageField.Kind> = ["t": .time]

  private func template(
    _ text: String, _ fields: OrderedDictionary<String, MessageField.Kind> = MessageField.ofEnd
  ) throws(NotificationError) -> MessageTemplate {
    try MessageTemplate(parsing: text, called: "text", fields: fields)
  }

  @Test func `makes of a value what Python makes of it`() throws {
    let fixture = try Fixture.json("messages/format.json")
    let values = try #require(fixture["values"]?.mapValue)
    let cases = try #require(fixture["cases"]?.listValue)
    #expect(cases.count == 254)
    let fields = values.mapValues { _ in MessageField.Kind.any }
    for row in cases {
      let (format, text) = (row.listValue?.first?.textValue ?? "", row.listValue?.last?.textValue)
      #expect(try template(format, fields).text(values, limit: 1000) == text, "\(format)")
    }
  }

  @Test func `makes of a moment what Python makes of it`() throws {
    let rows = try #require(try Fixture.json("messages/format.json")["times"]?.listValue)
    #expect(rows.count == 20)
    for row in rows {
      let texts = try #require(row.listValue).compactMap(\.textValue)
      let time = try #require(Timestamp(isoText: texts[0]))
      #expect(
        try template(texts[1], Self.anything).text(["t": .time(time)], limit: 1000) == texts[2])
    }
  }

  @Test(arguments: [
    ("{", "character 1: a '{' without '}'; write '{{' for the character"),
    ("a {result", "character 3: a '{' without '}'; write '{{' for the character"),
    ("a } b", "character 3: a '}' without '{'; write '}}' for the character"),
    ("{}", "character 1: a field needs a name, such as {result}; write '{{' for the character"),
    ("{config[a}", "character 8: a '[' without ']'"),
    ("{config[]}", "character 8: a name stands between '[' and ']'"),
    ("{config.rate}", "character 8: an entry is written with brackets: {config[name]}"),
    ("{result!x}", "character 1: '!x' is not known; there are '!r' and '!s'"),
    ("{result:{width}}", "character 9: '{' cannot stand here inside a field"),
    ("{config[a]b}", "character 11: 'b' cannot stand here inside a field"),
    ("{result:.3q}", "{result:.3q}: 'q' is no type"),
    ("{result:.f}", "{result:.f}: a number follows the '.'"),
    ("{result:1000000}", "{result:1000000}: '1000000' is more than 100"),
    ("{result:.2d}", "{result:.2d}: a whole number has no digits after the point"),
    ("{elapsed_time:.1f}", "{elapsed_time:.1f}: ':.1f' is for numbers, and this is a text"),
    ("{start_time:%Q}", "{start_time:%Q}: there is no '%Q'"),
    ("{start_time:%}", "{start_time:%}: a letter follows '%'"),
  ])
  func `says what is wrong with a text`(text: String, message: String) {
    let error = #expect(throws: NotificationError.self) { try template(text) }
    #expect(error?.message == "text: " + message)
    #expect(error?.code == .malformedText)
  }

  @Test(arguments: [
    ("{elapsed}", "there is no field 'elapsed'. The fields are"),
    (
      "{elapsed_tim}",
      "there is no field 'elapsed_tim'; did you mean 'elapsed_time'? The fields are"
    ),
    ("{experiment[nam]}", "'experiment' has no entry 'nam'. Its entries are name, base_dir,"),
    ("{command[0]}", "'command' has no entries: {command[0]}"),
  ])
  func `says which fields there are`(text: String, message: String) {
    let error = #expect(throws: NotificationError.self) { try template(text) }
    #expect(error?.message.hasPrefix("text: " + message) == true)
    #expect(error?.code == .unknownField)
  }

  @Test func `a start has no result`() {
    #expect(throws: NotificationError.self) { try template("{result}", MessageField.ofStart) }
  }

  @Test(arguments: [
    ("{config[rate]} {config[lr]:.2f} {config[data][0]}", "0.5 {config[lr]:.2f} {config[data][0]}"),
    ("{config[name]:.3f}", "big"),
    ("{config:>3}", "{'rate': 0.5, 'name': 'big', 'data': [], 'none': None}"),
    ("{config[none]:5}", "None"),
  ])
  func `what a run does not have is shown as it is written`(text: String, expected: String) throws {
    let values: Value.Entries = [
      "config": ["rate": 0.5, "name": "big", "data": [], "none": nil]
    ]
    #expect(try template(text).text(values, limit: 1000) == expected)
  }

  @Test func `a long value is cut, and the rest of the message is whole`() throws {
    let values: Value.Entries = [
      "error": "short", "backtrace": .text(String(repeating: "🐪\n", count: 100_000)),
    ]
    let text = try template("{error}: ```{backtrace}``` end").text(values, limit: 4096)
    #expect(text.hasPrefix("short: ```🐪\n🐪\n"))
    #expect(text.hasSuffix("…``` end"))
    #expect((2048...4096).contains(text.utf16.count))
  }

  @Test func `a text that is too long by itself is cut`() throws {
    let text = try template(String(repeating: "é", count: 500) + "{error}")
    #expect(text.text(["error": "e"], limit: 100).utf16.count == 100)
  }

  @Test(arguments: UInt64(0)..<40)
  func `no text makes it trap`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "{", "}", "{{", "}}", "[", "]", "!", "!r", ":", ".", "0", "9", "99", "-", "+", "<", "^", "=",
      ",", "_", "%", "%H", "%Y", "f", "e", "g", "d", "x", "s", "é", "🐪", "\u{301}", "\0", "\n", " ",
      "config", "result", "start_time", "elapsed_time", "fail_trace", "name", "{result",
      "{config[a]",
      "{start_time:", "{result:", "{fail_trace[", "99999999999999999999",
    ]
    let values: Value.Entries = [
      "config": ["a": .double(.nan), "0": .int(.min)],
      "start_time": .time(.init(microseconds: .min)),
      "result": .double(-.greatestFiniteMagnitude), "elapsed_time": "1 second",
      "fail_trace": ["a", .bytes([1]), .opaque(.init(typeName: "t", raw: [:]))],
    ]
    for _ in 0..<2500 {
      let count = Int.random(in: 0...12, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      do throws(NotificationError) {
        let written = try template(text).text(values, limit: 60)
        #expect(written.utf16.count <= 60)
      } catch {
        #expect(error.message.hasPrefix("text: "))
      }
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func `a literal text comes out as it went in`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let letters = Array("{}ab é🐪\n[]!:.")
    let text = String((0..<50).map { _ in letters.randomElement(using: &generator) ?? "a" })
    let escaped = String(text.flatMap { "{}".contains($0) ? [$0, $0] : [$0] })
    #expect(try template(escaped).text([:], limit: 1000) == text)
  }

  @Test func `extremes are written`() throws {
    let values: Value.Entries = ["result": .int(.min)]
    #expect(try template("{result:,}").text(values, limit: 99) == "-9,223,372,036,854,775,808")
    #expect(
      try template("{result:.100f}").text(["result": .double(.greatestFiniteMagnitude)], limit: 999)
        .utf16.count == 410)
    for number in [Double.nan, .infinity, -.infinity] {
      #expect(
        try template("{result:08.3f}|{result}").text(["result": .double(number)], limit: 99)
          == (number.isNaN ? "00000nan|nan" : number > 0 ? "00000inf|inf" : "-0000inf|-inf"))
    }
  }
}
