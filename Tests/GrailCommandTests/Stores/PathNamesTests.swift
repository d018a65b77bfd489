import GrailCommand
import Testing

@Suite struct PathNamesTests {
  @Test(arguments: [
    (["/p/a/runs", "/p/b/runs"], ["a", "b"]),
    (["/p/a/runs", "/p/a/old"], ["runs", "old"]),
    (["/p/runs", "/p/x/runs"], ["runs", "x/runs"]),
    (["/p/a/runs", "/p/b/runs", "/q/a/runs"], ["p/a", "p/b", "q/a"]),
    (["/runs", "/runs/runs"], ["runs", "runs/runs"]),
    (["/a b/runs"], ["runs"]),
    (["/", "/a"], ["", "a"]),
  ])
  func `what paths have in common is left out`(paths: [String], names: [String]) {
    #expect(PathNames(paths).names == names)
  }
}
