import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct TerminalFilterTests {
  private func filtered(_ parts: [ArraySlice<UInt8>]) -> [UInt8] {
    var filter = TerminalFilter()
    var result: [UInt8] = []
    for part in parts { filter.filter(part, into: &result) }
    filter.finish(into: &result)
    return result
  }

  private func filtered(_ bytes: [UInt8]) -> [UInt8] { filtered([bytes[...]]) }

  /// What Sacred's function does, slowly, and as its own words say it.
  private func model(_ text: String) -> String {
    let all = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = all.enumerated().map { number, line in
      var characters: [Unicode.Scalar] = []
      var cursor = 0
      for (index, character) in line.enumerated() {
        let isLastOfAll = number == all.count - 1 && index == line.count - 1
        switch character {
        case "\r" where !isLastOfAll: cursor = 0
        case "\u{8}": cursor = max(0, cursor - 1)
        default:
          if character == "\r" { cursor = characters.count }
          if cursor < characters.count {
            characters[cursor] = character
          } else {
            characters.append(character)
          }
          cursor += 1
        }
      }
      var line = String.UnicodeScalarView()
      line.append(contentsOf: characters)
      return String(line)
    }
    return lines.joined(separator: "\n")
  }

  @Test func `what Sacred's filter makes of its cases comes out, however the text is split`() throws
  {
    let cases = try #require(
      try JSONParser.parse(Fixture("semantics/backspaces.json").bytes()).listValue)
    #expect(cases.count == 16)
    for one in cases {
      let text = try #require(one["in"]?.textValue), result = try #require(one["out"]?.textValue)
      let bytes = Array(text.utf8)
      #expect(model(text) == result)
      for place in 0...bytes.count {
        let found = filtered([bytes[..<place], bytes[place...]])
        #expect(
          String(decoding: found, as: UTF8.self) == result, "\(text.debugDescription), \(place)")
      }
    }
  }

  @Test func `random texts come out as the slow model says, and in parts the same`() {
    var generator = SeededGenerator(seed: 8)
    let signs = ["a", "b", "é", "中", "🎉", "e\u{301}", "\r", "\r", "\u{8}", "\u{8}", "\n", "\r\n"]
    for _ in 0..<4000 {
      let count = Int.random(in: 0..<24, using: &generator)
      let text = (0..<count).map { _ in
        signs[Int.random(in: 0..<signs.count, using: &generator)]
      }.joined()
      let bytes = Array(text.utf8)
      var parts: [ArraySlice<UInt8>] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let size = Int.random(in: 1...rest.count, using: &generator)
        parts.append(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(
        String(decoding: filtered(parts), as: UTF8.self) == model(text),
        "\(text.debugDescription)")
    }
  }

  @Test
  func `bytes that are no text come out the same in parts, and none is lost without a return`() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<2000 {
      let bytes = generator.bytes(Int.random(in: 0..<40, using: &generator))
      let place = Int.random(in: 0...bytes.count, using: &generator)
      let whole = filtered(bytes)
      #expect(filtered([bytes[..<place], bytes[place...]]) == whole)
      if !bytes.contains(0x0D), !bytes.contains(0x08) { #expect(whole == bytes) }
    }
  }

  @Test func `of a line without an end never more than two MiB are held back`() {
    var filter = TerminalFilter()
    var given = 0
    var result: [UInt8] = []
    let part = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 19)
    for _ in 0..<20 {
      filter.filter(part[...], into: &result)
      given += part.count
      #expect(given - result.count <= 2 << 20)
    }
    filter.finish(into: &result)
    #expect(result.count == given)
  }
}
