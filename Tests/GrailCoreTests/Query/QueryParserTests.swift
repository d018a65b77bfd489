import Testing

@testable import GrailCore

@Suite struct QueryParserTests {
  private func field(_ text: String) throws -> QueryField { try QueryField(parsing: text) }

  private func error(_ query: String) -> QueryError? {
    #expect(throws: QueryError.self, "\(query.prefix(80))") { try Query(parsing: query) }
  }

  // MARK: Trees

  @Test func `and binds before or, not before both, comparisons before not`() throws {
    func has(_ name: String) throws -> QueryCondition { .has(try field(name)) }
    let query = try Query(parsing: "not has a and has b or has c and (has d or has e)")
    #expect(
      query.condition
        == .any([
          .all([.not(try has("a")), try has("b")]),
          .all([try has("c"), .any([try has("d"), try has("e")])]),
        ]))
    #expect(
      try Query(parsing: "not a == 1").condition
        == .not(.compare(try field("a"), .equal, .literal(.value(1)))))
  }

  @Test(
    arguments: [
      ("7 < layers", "layers > 7"), ("layers = 7", "layers == 7"),
      ("a !~ \"x*\"", "not a ~ \"x*\""),
      ("a not in (1,2,)", nil), ("a not in (1, 2)", "not a in (1, 2)"),
      ("a in [1]", "a in (1)"), ("NOT HAS a AND b==TRUE", "not has a and b == true"),
      ("((a == 1))", "a == 1"), ("git.dirty", "git.dirty == true"), ("a == None", "a == null"),
      ("a == -Infinity", "a == -inf"), ("a == 64MiB", "a == 67108864"), ("a == 1.5kB", "a == 1500"),
      ("a == 1e3", "a == 1000.0"), ("a == .5", "a == 0.5"), ("a == +7", "a == 7"),
      ("started > today-2d", "started > today -2d"), ("started > now + 1h", nil),
      ("started > now +90m", "started > now +1h30m"),
      ("started > 2026-11-01", "started > 2026-11-01T00:00:00Z"),
      ("started > \"2026-11-01 09:30\"", "started > 2026-11-01T09:30:00Z"),
      ("elapsed > \"1h\"", "elapsed > 1h"), ("started<-7d", "started < -7d"),
      ("id == \"17\"", "id == 17"), ("status == FAILED", "status == failed"),
      ("status == \"FAILED\"", "status == \"FAILED\""), ("a == 'it\\'s'", "a == \"it's\""),
      ("a =~ \"\\d+\\\"\"", "a =~ \"\\d+\\\"\""), ("a =~ '\"'", "a =~ \"\\\"\""),
      ("a =~ '\\\"'", "a =~ \"\\\"\""), ("widths[0] == 1", "widths.0 == 1"),
      ("`in` == 1", "`in` == 1"), ("config.in == 1", "config.in == 1"),
      ("a == config.b", "a == config.b"), ("a == `b`", "a == `b`"),
      ("\"x\" in\n tags", "\"x\" in tags"),
      ("a == [1, [\"x\", null], 2026-11-01]", "a == [1, [\"x\", null], 2026-11-01T00:00:00Z]"),
      ("größe/β-1@x == 1", "größe/β-1@x == 1"), ("  ", ""),
    ] as [(String, String?)])
  func `a query has one printed form`(query: String, printed: String?) throws {
    guard let printed else {
      #expect(throws: QueryError.self) { try Query(parsing: query) }
      return
    }
    let parsed = try Query(parsing: query)
    #expect(parsed.description == printed)
    #expect(try Query(parsing: printed) == parsed)
  }

  @Test(
    arguments: [
      ("layers", [".entry(config layers)", ".metric(layers last)", ".entry(info layers)"]),
      ("config.a.b", [".entry(config a/b)"]), ("seed", [".entry(config seed)"]),
      ("result", [".entry(result )"]), ("git.dirty", [".fixed(git.dirty)"]),
      ("metrics.loss", [".metric(loss last)"]),
      ("metrics.loss.min", [".metric(loss.min last)", ".metric(loss min)"]),
      (
        "metrics.a.min.step",
        [
          ".metric(a.min.step last)", ".metric(a.min step)", ".metric(a min.step)",
        ]
      ),
      ("metrics.\"a.b\".min", [".metric(a.b min)"]), ("metrics.\"a.b\"", [".metric(a.b last)"]),
      ("metrics.`a.b`.min.step", [".metric(a.b min.step)"]), ("metrics.min", [".metric(min last)"]),
      ("metrics.a.\"min\"", [".metric(a.min last)"]),
      (
        "loss.min",
        [
          ".entry(config loss/min)", ".metric(loss.min last)", ".metric(loss min)",
          ".entry(info loss/min)",
        ]
      ),
      ("`name`", [".entry(config name)", ".metric(name last)", ".entry(info name)"]),
    ])
  func `a name means the first of its readings`(name: String, readings: [String]) throws {
    let found = try field(name).readings.map { reading in
      switch reading {
      case .fixed(let fixed): ".fixed(\(fixed.rawValue))"
      case .entry(let section, let path): ".entry(\(section) \(path.joined(separator: "/")))"
      case .metric(let name, let statistic): ".metric(\(name) \(statistic.rawValue))"
      }
    }
    #expect(found == readings)
  }

  @Test func `a field made from a reading is read back`() throws {
    let readings: [QueryField.Reading] =
      QueryField.Fixed.allCases.map { .fixed($0) }
      + QueryField.Statistic.allCases.map { .metric("train.loss", $0) }
      + [.entry(.config, ["a.b", "", "c d"]), .entry(.result, []), .metric("", .min)]
    for reading in readings {
      let field = QueryField(reading)
      #expect(try QueryField(parsing: field.description).readings == [reading])
    }
  }

  // MARK: Errors

  @Test(
    arguments: [
      ("layers == ", 10..<10, "the end of the query is found where a field or a value is expected"),
      ("(a == 1", 0..<1, "'(' has no ')'"), ("a == 1)", 6..<7, "')' has no '('"),
      ("a == 1 && b == 2", 7..<9, "'&&' is written 'and'"),
      ("a === 1", 4..<5, "'=' is found where a field or a value is expected"),
      (
        "0.1 < x < 0.5", 8..<9,
        "a comparison has two sides; write 'and' for a second one: 0.1 < x and x < 0.5"
      ),
      (
        "a == 1 b == 2", 7..<8,
        "'b' follows a whole condition; between conditions stands 'and' or 'or'"
      ),
      (
        "git.comit == \"x\"", 0..<9,
        "'git.comit' is no field; there are git.commit, git.dirty, git.branch, git.url; did you mean "
          + "'git.commit'?"
      ),
      (
        "staus == completed", 9..<18,
        "'completed' may be a text or a field: write \"completed\" for the text, config.completed for "
          + "the entry. Or did you mean 'status' on the left?"
      ),
      (
        "started > 7d", 10..<12,
        "'7d' is a length of time; write -7d for the time so long ago"
      ),
      ("name == 7", 8..<9, "'name' is a text; write it in quotes"),
      ("a == \"x", 5..<7, "the text that begins here has no end; close it with \""),
      ("a == \"\\q\"", 6..<8, "'\\q' stands for nothing; write '\\\\' for a backslash"),
      ("a =~ \"x(y\"", 7..<8, "'(' has no ')'; write '\\(' for the character itself"),
      ("a ~ \"x[y\"", 6..<7, "'[' has no ']'; write '\\[' for the character itself"),
      (
        "a.", 2..<2,
        "a name is missing behind the dot; one with other characters than letters, digits and "
          + "_ - / @ is written in quotes"
      ),
      (
        "layers", 0..<6,
        "'layers' says nothing alone; write 'layers == …', or 'has layers' to ask whether a run has it"
      ),
      ("a < nan", 4..<7, "nothing is less or greater than nan; write == nan to find it"),
      ("a in ()", 5..<7, "nothing is in an empty list"),
      (
        "completed == status", 0..<9,
        "with 'status' on the left its words need no quotes: status == completed"
      ),
      (
        "a # b", 2..<3,
        "'#' means nothing here; a name with such characters is written in backquotes, a text in "
          + "quotes"
      ),
      (
        "a\u{202E}", 1..<2,
        "U+202E means nothing here; a name with such characters is written in backquotes, a text in "
          + "quotes"
      ),
    ] as [(String, Range<Int>, String)])
  func `an error says what, where and what to do`(
    query: String, columns: Range<Int>, message: String
  ) {
    let error = error(query)
    #expect(error?.message == message)
    #expect(error?.columns == columns)
    #expect(error?.description == "column \(columns.lowerBound + 1): \(message)")
  }

  @Test func `the mark stands under the place, whatever the characters' width`() {
    #expect(
      error("a == \"日本e\u{301}\" and b === 1")?.rendering
        == "'=' is found where a field or a value is expected\n"
        + "  a == \"日本e\u{301}\" and b === 1\n"
        + "                       ^")
    #expect(
      error("a == 1 and\n  b == == 3\nand c == 1")?.rendering
        == "'==' is found where a field or a value is expected\n    b == == 3\n         ^^")
    // What a terminal would act on is not printed.
    let hostile = error("a == \"\u{1B}[2J\u{202E}\" x")?.rendering ?? ""
    #expect(hostile.unicodeScalars.allSatisfy { $0 == "\n" || TerminalCharacter.isVisible($0) })
    let quoted = error("started > \"\u{1B}[2J\u{202E}\n\"")
    #expect(quoted?.message.unicodeScalars.allSatisfy(TerminalCharacter.isVisible) == true)
    #expect(error("started > \"\(String(repeating: "x", count: 100_000))\"")?.message.count == 601)
    // A long line is shown about its place.
    let long = String(repeating: "a == 1 and ", count: 1000) + "b == == 1 and "
    let rendering = error(long + long)?.rendering ?? ""
    #expect(rendering.count < 400)
    #expect(rendering.contains("b == == 1"))
  }

  @Test func `depth has a limit, and length and breadth have none below a million`() throws {
    let deep = String(repeating: "(", count: 10_000)
    #expect(error(deep)?.message.contains("more than 200 deep") == true)
    #expect(error(deep + "a == 1" + String(repeating: ")", count: 10_000))?.columns == 200..<201)
    #expect(error(String(repeating: "not ", count: 201) + "has a") != nil)
    #expect(error("a == " + String(repeating: "[", count: 21)) != nil)
    #expect(error(String(repeating: "not (", count: 101) + "has a") != nil)
    #expect(error("a" + String(repeating: ".a", count: 10_000) + " == 1") != nil)
    #expect(error(String(repeating: " ", count: 1_000_001)) != nil)
    for query in [
      String(repeating: "(", count: 200) + "a == 1" + String(repeating: ")", count: 200),
      String(repeating: "not ", count: 200) + "has a",
      String(repeating: "(a == 1) or ", count: 5000) + "has a",
      String(repeating: "has a or (has b and (", count: 100) + "has b"
        + String(repeating: "))", count: 100),
      String(repeating: "not (has a and (has b or ", count: 66) + "has b"
        + String(repeating: "))", count: 66),
      "a in (" + String(repeating: "1, ", count: 20_000) + "2)",
      "a == " + String(repeating: "[", count: 20) + String(repeating: "]", count: 20),
    ] {
      let parsed = try Query(parsing: query)
      #expect(try Query(parsing: parsed.description) == parsed)
      #expect(Set([parsed]).contains(parsed))
      _ = parsed.matches(ExampleRuns.all[0], now: ExampleRuns.now)
    }
  }

  @Test func `one name is a column or what to sort by`() throws {
    #expect(try field(" metrics.loss.min ").readings.count == 2)
    for text in ["", "a b", "a == 1", "7", "(a)", "\"a\"", "and", "true", "a.", "git"] {
      #expect(throws: QueryError.self, "\(text)") { try QueryField(parsing: text) }
    }
  }

  @Test(
    arguments: [
      ("layrs == 7", "no run has 'layrs'; did you mean 'layers'?"),
      ("config.data.pth == 7", "no run has 'config.data.pth'; did you mean 'config.data.path'?"),
      ("metrics.los.min < 1", "no run has 'metrics.los.min'; did you mean 'metrics.loss.min'?"),
      ("metrics.loss.mim < 1", "no run has 'metrics.loss.mim'; did you mean 'metrics.loss.min'?"),
      ("loss.mim < 1", "no run has 'loss.mim'; did you mean 'loss.min'?"),
      ("zzzzzz == 1", "no run has 'zzzzzz'"), ("layers == 7", nil), ("loss.min < 1", nil),
      ("name == \"x\"", nil), ("info.anything == 1", nil), ("config.widths[3] == 1", nil),
      ("has config.data", nil),
    ] as [(String, String?)])
  func `a name that no run has is told, with the nearest`(query: String, message: String?) throws {
    let names = QueryNames(
      entries: [.config: [["layers"], ["widths"], ["data", "path"]]], metrics: ["loss"])
    var complete = names
    complete.entries[.info] = []
    // Where nothing is known of the info, a name without prefix may be one of its entries.
    let known = query.hasPrefix("info.") ? names : complete
    let found = try Query(parsing: query).unknownFields(among: known)
    #expect(found.first?.message == message)
    if message != nil { #expect(found.first?.columns.lowerBound == 0) }
  }
}
