import GrailCore
import TestSupport
import Testing

@testable import GrailStore

@Suite struct RunNamesTests {
  private func names(_ texts: Set<String>) -> RunNames {
    var names = RunNames()
    for var text in texts { text.withUTF8 { names.insert(UnsafeRawBufferPointer($0)) } }
    return names
  }

  @Test func `what is left of one set is what the other lacks`() {
    let edges = [
      "0", "00", "01", "1", "-1", "+1", " 1", "63", "64", "65", "16777215", "16777216", "016777215",
      "99999999", "123456789", "9223372036854775808", "x", "", "１",
    ]
    let all = edges + (100..<400).map(String.init)
    var generator = SeededGenerator(seed: 24)
    for _ in 0..<200 {
      let one = Set(all.filter { _ in .random(using: &generator) })
      let other = Set(all.filter { _ in .random(using: &generator) })
      let left = names(one).subtracting(names(other))
      #expect(left.count == Set(left).count && Set(left) == one.subtracting(other))
    }
  }
}
