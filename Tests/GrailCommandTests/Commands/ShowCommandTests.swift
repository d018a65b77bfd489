import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct ShowCommandTests {
  @Test func `a page says what a run is, how it ended and what it holds`() async throws {
    let store = TestStore()
    try store.add(
      "7", name: "digits", config: ["lr": 0.5, "net": ["layers": 3]],
      metrics: ["loss": [3, 1, 2]], result: 0.25, output: "one\ntwo 10%\rtwo 90%\n",
      sources: [("train.swift", "print()")],
      record: [
        "status": "FAILED", "fail_trace": ["Overflow: \tat 3\n", "  in step\n"],
        "meta": ["comment": "first try"],
        "grail": [
          "config_sources": ["net.layers": "with", "lr": "file big.json"],
          "arguments": ["digits", "with", "a b"],
          "warnings": [["time": "2026-01-01T00:00:01", "message": "hot"]],
          "progress": [
            [
              "label": "epochs", "completed": 3, "total": 4, "start_time": "2026-01-01T00:00:00",
              "time": "2026-01-01T00:00:01",
            ]
          ],
          "losses": ["points": 12, "events": 0, "reason": "no space"],
          "artifacts": [["name": "model.bin", "path": "model.bin", "bytes": 2048]],
          "delivery": [
            [
              "observer": "web", "offset": 4, "undelivered": 2, "given_up": 0,
              "error": "it answers 503", "failing_since": "2026-01-01T00:00:01",
            ]
          ],
          "working_trees": [
            [
              "folder": "/project", "url": "git:/project", "commit": "0123456789abcdef",
              "branch": "main", "dirty": true,
            ]
          ],
        ],
      ])
    let end = try await GrailProgram.run(["show", "7"], in: store)
    #expect(end.exitCode == 0)
    #expect(end.lines[0] == "7  digits  FAILED in 1 s")
    for line in [
      "  started  2026-01-01 00:00 UTC  \(age(in: end.output))", "  comment  first try",
      "  Overflow:     at 3", "    in step", "  lr   0.5  file big.json", "    layers  3  with",
      "  0.25", "  loss      3    3.0   2.0  1.0        1  3.0        0   2.0",
      "  epochs  ████████████░░░░  75%  3 of 4", "  2026-01-01 00:00:01  hot",
      "  12 points: no space", "  model.bin  2 KiB  not there", "    it answers 503", "  files   1",
      "  0123456789ab  main  dirty  git:/project", "  digits with 'a b'", "  lab", "  one",
      "  two 90%",
    ] {
      #expect(end.lines.contains(line), "'\(line)' in\n\(end.output)")
    }
    #expect(end.output.contains("web  4 received  2 waiting  failing since"))
    // What is empty is not there.
    for title in ["Info", "Resources", "Not readable"] { #expect(!end.lines.contains(title)) }
  }

  /// How long ago the run began, as the page says it.
  private func age(in page: String) -> String {
    page.split(separator: "UTC  ").dropFirst().first.map {
      String($0.prefix { $0 != "\n" })
    } ?? ""
  }

  @Test func `names and texts steer no terminal`() async throws {
    let store = TestStore()
    let evil = "a\n\u{1B}]0;x\u{7}\u{1B}[2J\u{202E}b"
    try store.add(
      "1", name: evil, config: [evil: .text(evil)], metrics: [evil: [1]], result: [evil: 1],
      output: "\u{1B}[2J\u{1B}[31mred\u{202E}\u{7}\n",
      record: [
        "fail_trace": [.text(evil)], "command": .text(evil), "host": ["hostname": .text(evil)],
        "grail": [
          "arguments": [.text(evil)], "group": .text(evil),
          "artifacts": [["name": .text(evil), "path": .text(evil)]],
        ],
      ])
    for words in [["show", "1"], ["show", "--all", "1"]] {
      let end = try await GrailProgram.run(words, in: store)
      #expect(end.exitCode == 0)
      let bad = end.output.unicodeScalars.filter {
        $0.value == 0x202E || $0.value < 0x20 && $0 != "\n"
      }
      #expect(bad.isEmpty)
      #expect(end.lines.contains("  red\\u{202e}\\u{7}"))
    }
  }

  @Test(.timeLimit(.minutes(2))) func `what is large is folded, and whole when asked for`()
    async throws
  {
    let store = TestStore()
    let many = 10_000
    try store.add(
      "1",
      config: Value.Entries(
        (0..<many).map { ("entry\($0)", .int(Int64($0))) }, uniquingKeysWith: { $1 }),
      metrics: Dictionary(uniqueKeysWithValues: (0..<many).map { ("metric\($0)", [1.5]) }),
      record: [
        "fail_trace": .list((0..<500).map { .text("frame \($0)\n") }),
        "artifacts": .list((0..<many).map { .text("artifact\($0)") }),
      ])
    let end = try await GrailProgram.run(["show", "1"], in: store)
    #expect(end.exitCode == 0 && end.lines.count < 150)
    for line in [
      "  … 9950 more", "  … 9980 more metrics; --all shows them",
      "  … 9980 more artifacts; --all shows them", "  … 484 more lines; --all shows them",
      "  frame 499",
    ] {
      #expect(end.lines.contains(line), "\(line)")
    }
    let whole = try await GrailProgram.run(["show", "1", "--all"], in: store)
    #expect(whole.lines.count > 3 * many + 500)
    #expect(!whole.output.contains("…"))
  }

  @Test func `JSON is one strict object a run, with everything`() async throws {
    let store = TestStore()
    try store.add("1", config: ["x": .double(.nan)], metrics: ["loss": [3, 1, .infinity]])
    try store.add("name", result: ["a": [1, 2]])
    let end = try await GrailProgram.run(["show", "--json", "1", "name"], in: store)
    #expect(end.exitCode == 0 && end.lines.count == 2)
    let first = try JSONParser.parse(Array(end.lines[0].utf8))
    #expect(first["id"] == 1 && first["status"] == "COMPLETED")
    #expect(first["config"]?["x"] == "NaN" && first["elapsed"] == 1.0)
    let loss = first["metrics"]?["loss"]
    #expect(loss?["count"] == 3 && loss?["min"]?["value"] == 1.0 && loss?["min"]?["step"] == 1)
    #expect(loss?["last"]?["value"] == "Infinity")
    let second = try JSONParser.parse(Array(end.lines[1].utf8))
    #expect(second["id"] == "name" && second["result"]?["a"] == [1, 2])
  }

  @Test func `a run that cannot be read costs only itself`() async throws {
    let store = TestStore()
    try store.add("1")
    try store.write("{}", to: "runs/2/other.json")
    try store.add("3")
    let end = try await GrailProgram.run(["show", "3", "2", "1"], in: store)
    #expect(end.exitCode == 66)
    #expect(end.lines.filter { $0.contains("  test  COMPLETED") }.count == 2)
    #expect(end.errors.contains("/runs/2' is not a run"))
    let missing = try await GrailProgram.run(["show", "4"], in: store)
    #expect(missing.exitCode == 66 && missing.errors.contains("no run '4'"))
  }
}
