import TestSupport
import Testing

@testable import Grail

@Suite struct TextTableTests {
  private static let words = [
    "a", "meaning", "that", "is", "incomprehensibilities", "1/√layers", "👩‍👩‍👧", "unless", "set.",
  ]

  @Test(arguments: 40...120)
  func `words stay whole at any width`(width: Int) throws {
    var generator = SeededGenerator(seed: UInt64(width))
    func text(_ count: Int) -> String {
      (0..<count).compactMap { _ in Self.words.randomElement(using: &generator) }
        .joined(separator: " ")
    }
    var table = TextTable(widthLimits: [32, 28, 24])
    table.rows = (0..<12).map { index in
      TextTable.Row(
        cells: ["name\(index)", text(index % 3), index % 4 == 0 ? "with" : "", text(index * 3)],
        roles: [0: .changed, 3: .quiet])
    }
    let plain = table.lines(style: TextStyle(width: width, isColored: false))
    #expect(plain.allSatisfy { $0.last != " " })
    // Only a line whose cells leave no room, or that is one word, is longer.
    for line in plain where line.count > width {
      #expect(line.hasPrefix("  name") || line.split(separator: " ").count == 1)
    }
    // Read line by line, all words are there in their order.
    let all = plain.flatMap { $0.split(separator: " ") }.map(String.init)
    let expected = table.rows.flatMap { $0.cells.flatMap { $0.split(separator: " ") } }
    #expect(all == expected.map(String.init))
    let colored = table.lines(style: TextStyle(width: width, isColored: true))
    let stripped = colored.map { $0.replacing(/\u{1B}\[\d+m/, with: "") }
    #expect(stripped.map(\.withoutTrailingSpaces) == plain)
  }
}
