import GrailCore
import GrailRecord
import GrailStore

/// The runs in a store's trash, as a table.
struct TrashListing {
  private let store: FileStore

  init(_ store: FileStore) { self.store = store }

  /// Prints the table.
  ///
  /// - Throws: ``CommandFailure/nothing`` if the trash is empty.
  func show() throws {
    let context = CommandContext.current
    let ids = store.trashedIDs
    guard !ids.isEmpty else {
      CommandContext.warn("the trash of \(DisplayText(store.folder.path)) is empty")
      throw CommandFailure.nothing
    }
    let rows = ids.map { id in
      let record = try? store.trashedRecord(id)
      return [
        TextTable.Cell(id, .bold), TextTable.Cell(record?.experiment.name ?? "cannot be read"),
        TextTable.Cell(
          record?.status.rawValue ?? "", RunListing.style(of: record?.status.rawValue ?? "")),
        TextTable.Cell(record?.startTime.map { TimeText.age(of: $0, at: context.now) } ?? "", .dim),
        TextTable.Cell(
          store.trashTime(id).map { TimeText.age(of: $0, at: context.now) } ?? "", .dim),
      ]
    }
    let table = TextTable(
      columns: [
        .init("id", .right), .init("name", .left, minimumWidth: 8), .init("status"),
        .init("started"),
        .init("thrown away"),
      ], rows: rows)
    try context.page { write in try table.write(for: context.output, to: write) }
  }
}
