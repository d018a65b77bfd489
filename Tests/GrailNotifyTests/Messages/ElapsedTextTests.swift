import GrailCore
import Testing

@testable import GrailNotify

@Suite struct ElapsedTextTests {
  @Test func `words a duration as Sacred does`() throws {
    let rows = try #require(try Fixture.json("semantics/elapsed.json").listValue)
    #expect(rows.count == 20)
    for row in rows {
      let seconds = try #require(row["seconds"]?.doubleValue)
      #expect(ElapsedText.text(of: .seconds(seconds)) == row["text"]?.textValue)
    }
  }

  @Test(arguments: [-0.5, -1, -86_400])
  func `a clock that was set back makes no words of its own`(seconds: Double) {
    #expect(ElapsedText.text(of: .seconds(seconds)) == "less than a second")
  }

  @Test func `the longest duration has words`() {
    #expect(ElapsedText.text(of: .seconds(Int64.max)).hasPrefix("292471208677 years, "))
  }
}
