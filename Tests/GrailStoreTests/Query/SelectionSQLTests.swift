import GrailCore
import GrailRecord
import TestSupport
import Testing

@testable import GrailStore

/// What SQLite finds is what the evaluator finds.
@Suite struct SelectionSQLTests {
  private let store = StoreFolder(path: "/nowhere")

  private func index(of runs: [RunSubject]) throws -> RunIndex {
    let index = try RunIndex(of: store, path: nil)
    let readings = runs.map { run in
      (
        name: run.record.id,
        reading: RunIndex.Reading.success((IndexedRun(subject: run, isSettled: true), nil))
      )
    }
    #expect(try index.write(readings) == [])
    return index
  }

  /// Tables that are the same but for `nan`, which is equal to nothing.
  private func expectSame(_ found: RunTable, _ expected: RunTable, _ comment: String) {
    #expect(found.ids == expected.ids, "\(comment)")
    #expect(found.total == expected.total)
    guard found.ids == expected.ids else { return }
    for (one, other) in zip(found.columns, expected.columns) {
      for (value, wanted) in zip(one, other) {
        let isSame =
          value.map { value in wanted.map { value.equals($0) } ?? false } ?? (wanted == nil)
        #expect(isSame, "\(String(describing: value)) \(String(describing: wanted)) \(comment)")
      }
    }
  }

  @Test(arguments: 0..<8) func `finds and sorts as the evaluator does`(seed: UInt64) throws {
    var source = QuerySource(seed: seed)
    let runs = (1...60).map { source.run(id: source.chance(80) ? "\($0)" : "name \($0)") }
    let index = try index(of: runs)
    var matches = 0
    for _ in 0..<100 {
      let query = Query(source.condition(depth: 3))
      let order = (0..<source.pick([0, 1, 2])).map { _ in
        RunOrder(source.field(), isDescending: source.chance(50))
      }
      let fields = (0..<2).map { _ in source.field() }
      let selection = RunSelection(
        query, order: order, fields: fields, limit: source.pick([nil, nil, 5, 0]),
        now: QuerySource.now
      )
      let expected = selection.table(of: runs)
      let found = try index.select(selection)
      let sorting = order.map { "\($0.field) \($0.isDescending ? "down" : "up")" }
      expectSame(found, expected, "\(query) by \(sorting), \(fields)")
      matches += expected.total
    }
    #expect((1_000...5_000).contains(matches))
  }
}
