@testable import GrailCommand
import GrailCore
import OrderedCollections
import Testing

@Suite struct RunGroupsTests {
  private func groups(_ keys: [Value?]) -> RunGroups {
    RunGroups(by: [.init("k", keys)], of: [], count: keys.count)
  }

  @Test func `values that queries take for the same are one group`() {
    let found = groups([
      7, 7.0, .double(.nan), .double(.nan), 0.0, -0.0, [1, 2.0], [1.0, 2], ["a": 1, "b": 2],
      ["b": 2.0, "a": 1],
    ])
    #expect(found.groups.map(\.count) == [2, 2, 2, 2, 2])
  }

  @Test func `values that differ are groups of their own, in order`() {
    let found = groups([
      nil, .null, "7", 7, true, 1, 9_007_199_254_740_993, 9_007_199_254_740_992.0, "nan",
      .double(.nan), 0.5,
    ])
    #expect(found.groups.map(\.count) == Array(repeating: 1, count: 11))
    #expect(found.groups.prefix(3).map(\.key) == [[0.5], [1], [7]])
  }

  @Test func `groups are sorted by what they amount to, those without it last`() throws {
    var found = RunGroups(
      by: [.init("k", ["a", "a", "b", "b", "b", "c"])],
      of: [.init("loss", [1, 3, 5, "none", nil, nil])], count: 6)
    #expect(found.groups.map(\.count) == [2, 3, 1])
    #expect(found.groups.map { $0.summaries[0].mean } == [2, 5, nil])
    #expect(found.groups.map { $0.summaries[0].missingCount } == [0, 2, 1])
    try found.sort(by: ["-loss"])
    #expect(found.groups.map(\.key) == [["b"], ["a"], ["c"]])
    try found.sort(by: ["loss.sd"])
    #expect(found.groups.first?.key == ["a"])
    try found.sort(by: ["-n", "k"])
    #expect(found.groups.map(\.key) == [["b"], ["a"], ["c"]])
    #expect(throws: CommandFailure.self) { try found.sort(by: ["loss.mode"]) }
  }
}
