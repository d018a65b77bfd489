import Foundation
import GrailCore
import Testing

/// Holds `docs/query.md` to what the language does.
@Suite struct QueryPageTests {
  private static let page: [String] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text =
      (try? String(contentsOf: root.appending(path: "docs/query.md"), encoding: .utf8)) ?? ""
    return text.components(separatedBy: "\n")
  }()

  /// The lines of the blocks of a language.
  private static func blocks(_ language: String) -> [String] {
    var lines: [String] = []
    var isInside = false
    for line in page {
      if line.hasPrefix("```") {
        isInside = line == "```" + language
      } else if isInside {
        lines.append(line)
      }
    }
    return lines
  }

  /// The rows of the table of examples: a query and the ids of the runs that it means.
  private static let examples: [(query: String, ids: String)] = {
    guard let start = page.firstIndex(of: "| query | runs |") else { return [] }
    return page[(start + 2)...].prefix { $0.hasPrefix("| `") }.map { row in
      let parts = row.components(separatedBy: "` |")
      return (
        String(parts[0].dropFirst(3)),
        parts[1].replacing("|", with: "").trimmingCharacters(in: .whitespaces)
      )
    }
  }()

  @Test(arguments: blocks("query"))
  func `what the page writes can be read`(query: String) throws {
    #expect(try Query(parsing: query).condition != nil)
  }

  @Test(arguments: blocks("refused"))
  func `what the page says is refused is refused`(query: String) {
    #expect(throws: QueryError.self) { try Query(parsing: query) }
  }

  @Test(arguments: examples)
  func `an example means the runs that the page says`(query: String, ids: String) throws {
    let query = try Query(parsing: query)
    let found = ExampleRuns.all.filter { query.matches($0, now: ExampleRuns.now) }
    #expect(found.map(\.record.id).joined(separator: " ") == ids)
  }

  @Test func `the page is there, with its runs`() {
    #expect(Self.blocks("query").count >= 8)
    #expect(Self.blocks("refused").count >= 30)
    #expect(Self.examples.count >= 45)
    let values: [[Double]] = [[0.5, 0.25, 0.05], [0.5, .nan], [2, 1], []]
    for (run, values) in zip(ExampleRuns.all, values) {
      let row = ExampleRuns.row(run, values: values)
      #expect(Self.page.contains(row), "\(row)")
    }
  }

  @Test func `the error that the page shows is what is said`() {
    let error = #expect(throws: QueryError.self) {
      try Query(parsing: "layers == 7 and status == complted")
    }
    #expect(error?.rendering == Self.blocks("text").joined(separator: "\n"))
  }

  @Test func `the page names every field, statistic and word`() {
    let text = Self.page.joined(separator: "\n")
    let names =
      QueryField.Fixed.allCases.map(\.rawValue) + QueryField.Statistic.allCases.map(\.rawValue)
      + QueryField.Section.allCases.map { "\($0.rawValue).NAME" }
    for name in names { #expect(text.contains("`\(name)`"), "\(name)") }
  }
}
