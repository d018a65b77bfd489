import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import Testing

@testable import GrailStore

/// The format of the files under `.grail/changes/`, which `docs/store.md` promises.
@Suite struct RunChangeTests {
  private let change = RunChange(
    time: Timestamp(microseconds: 1_794_312_000_000_001), author: "ann@node3",
    runs: [reference("3", key: "01890a5d-ac96-774b-bcce-b302099a8057"), reference("exp-α-1")],
    edits: [
      .name("the best"), .note("line one\nline two"), .tag("best"), .untag("slow"), .name(nil),
      .note(nil),
    ])

  private static func reference(_ id: String, key: String? = nil) -> RunReference {
    RunReference(
      RunRecord(
        key: key.flatMap { RunKey($0) }, id: id, experiment: ExperimentRecord(name: ""),
        command: "", status: .completed))
  }

  @Test func `a stored file of version 1 reads as what was written, and is written the same`()
    throws
  {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/changes/v1.json")
    let bytes = Array(try Data(contentsOf: path))
    #expect(RunChange(try JSONParser.parse(bytes)) == change)
    #expect(JSONWriter.bytes(change.value, style: .strict) == bytes)
  }

  @Test(
    arguments: [
      ["version": 2, "time": "2026-11-10T12:00:00Z", "runs": [], "edits": []],
      ["time": "2026-11-10T12:00:00Z", "runs": [], "edits": []],
      ["version": 1, "time": "yesterday", "runs": [], "edits": []],
      ["version": 1, "time": "2026-11-10T12:00:00Z", "runs": 3, "edits": []], [], nil,
    ] as [Value])
  func `what is no change of this version is none`(value: Value) {
    #expect(RunChange(value) == nil)
  }

  @Test func `an edit that is not known is passed over`() throws {
    var value = change.value.mapValue ?? [:]
    value["edits"] = [["color": "red"], ["tag": "best"], ["tag": 3], 7, [:]]
    #expect(try #require(RunChange(.map(value))).edits == [.tag("best")])
  }

  @Test func `edits of one field count by their time, whoever wrote them`() {
    var annotations = RunAnnotations()
    for edit in change.edits { annotations.apply(edit) }
    #expect(annotations.tags == ["best"] && annotations.name == nil && annotations.note == nil)
  }
}
