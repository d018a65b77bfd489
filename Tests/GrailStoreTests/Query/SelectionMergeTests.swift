import GrailCore
import GrailRecord
import TestSupport
import Testing

@testable import GrailStore

/// Several stores are sorted as one store of all their runs is.
@Suite struct SelectionMergeTests {
  private func index(of runs: [RunSubject]) throws -> RunIndex {
    let index = try RunIndex(of: StoreFolder(path: "/nowhere"), path: nil)
    let readings = runs.map { run in
      (
        name: run.record.id,
        reading: RunIndex.Reading.success((IndexedRun(subject: run, isSettled: true), nil))
      )
    }
    #expect(try index.write(readings) == [])
    return index
  }

  @Test(arguments: 0..<6) func `the order is that of one store`(seed: UInt64) throws {
    var source = QuerySource(seed: seed)
    let runs = (1...60).map { source.run(id: source.chance(80) ? "\($0)" : "name \($0)") }
    let parts = (0..<3).map { part in runs.indices.filter { $0 % 3 == part }.map { runs[$0] } }
    let indices = try parts.map(index)
    for _ in 0..<60 {
      let selection = RunSelection(
        Query(source.condition(depth: 1)),
        order: (0..<source.pick([0, 1, 2])).map { _ in
          RunOrder(source.field(), isDescending: source.chance(50))
        }, fields: [source.field()], limit: source.pick([nil, 5]), now: QuerySource.now)
      let expected = selection.table(of: runs)
      let (table, stores) = selection.merge(
        try indices.map { try $0.select(selection.forMerging) })
      #expect(table.ids == expected.ids, "\(selection.query) by \(selection.order)")
      #expect(table.total == expected.total)
      #expect(table.columns.map(\.count) == [table.ids.count])
      for (id, store) in zip(table.ids, stores) {
        #expect(parts[store].contains { $0.record.id == id })
      }
    }
  }

  @Test func `runs at the same place follow the stores`() throws {
    let table = RunTable(ids: ["1"], columns: [[nil], [nil]], total: 1)
    let merged = RunSelection(limit: 2, now: QuerySource.now).merge([table, table, table])
    #expect(merged.table.ids == ["1", "1"])
    #expect(merged.stores == [0, 1])
    #expect(merged.table.total == 3)
  }
}
