import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// Points of metrics as a table: long, a row a point, or wide, a row a step of a run.
struct MetricExport {
  /// The metrics, in the order of the columns.
  let metrics: [String]
  /// The runs, in the order of the rows.
  let ids: [String]
  let isWide: Bool
  let format: ExportFormat

  /// Writes the table.
  ///
  /// - Parameters:
  ///   - store: Where the runs are.
  ///   - write: Takes the table part by part.
  ///   - warn: Is told of runs that cannot be read, which are left out.
  /// - Throws: What `write` throws.
  /// - Complexity: O(points); memory holds the metrics of one run at most.
  func write(
    from store: FileStore, to write: ([UInt8]) throws -> Void, warn: (String) -> Void
  ) throws {
    if format == .csv {
      let names = isWide ? ["run", "step"] + metrics : ["run", "metric", "step", "time", "value"]
      try write(Array(CSVWriter().line(of: names).utf8))
    }
    for id in ids {
      do {
        let run = try store.directory(id)
        if isWide {
          for row in try wideRows(of: run, id: id) { try write(row) }
        } else {
          try writeLong(of: run, id: id, to: write)
        }
      } catch let error as RunReaderError {
        warn("\(error)")
      } catch let error as NoSuchRun {
        warn("\(error)")
      }
    }
  }

  // MARK: - Long

  /// The bytes after which rows are written.
  private static let bufferSize = 1 << 18

  private func writeLong(
    of run: StoredDirectory, id: String, to write: ([UInt8]) throws -> Void
  ) throws {
    let (middle, end, close) = (middle, end, close)
    for name in metrics {
      guard let series = try run.series(name) else { continue }
      var rows: [UInt8] = []
      let start = opening(id, name)
      let (steps, times, appendValue) = (series.steps, series.timestamps, writer(of: series.values))
      var clock = ExportClock()
      for position in 0..<min(steps.count, times.count, series.values.count) {
        rows.append(copying: start)
        JSONWriter.append(steps[position], to: &rows)
        rows.append(copying: middle)
        clock.append(times[position], to: &rows)
        rows.append(copying: end)
        appendValue(position, &rows)
        rows.append(copying: close)
        if rows.count >= Self.bufferSize {
          try write(rows)
          rows.removeAll(keepingCapacity: true)
        }
      }
      if !rows.isEmpty { try write(rows) }
    }
  }

  /// What stands before the step of each point of a metric.
  private func opening(_ id: String, _ name: String) -> [UInt8] {
    switch format {
    case .csv:
      var start: [UInt8] = []
      ExportCell.append(Value.id(id), to: &start)
      return start + [UInt8(ascii: ",")] + ExportCell.text(name) + [UInt8(ascii: ",")]
    case .jsonl:
      let object: Value = ["run": Value.id(id), "metric": .text(name)]
      return JSONWriter.bytes(object, style: .strict).dropLast() + Array(#","step":"#.utf8)
    }
  }

  private var middle: [UInt8] { Array((format == .csv ? "," : #","time":""#).utf8) }
  private var end: [UInt8] { Array((format == .csv ? "," : #"","value":"#).utf8) }
  private var close: [UInt8] { Array((format == .csv ? "\r\n" : "}\n").utf8) }

  /// What appends the value at a position.
  private func writer(of values: MetricValues) -> (_ position: Int, _ rows: inout [UInt8]) -> Void {
    switch (format, values) {
    case (.csv, .doubles(let numbers)): { ExportCell.append(numbers[$0], to: &$1) }
    case (.csv, _): { ExportCell.append(values[$0], to: &$1) }
    case (.jsonl, _): { JSONWriter.append(values[$0], style: .strict, to: &$1) }
    }
  }

  // MARK: - Wide

  /// The rows of a run by step; of several points of a metric at a step the last counts.
  private func wideRows(of run: StoredDirectory, id: String) throws -> [[UInt8]] {
    var steps: [Int64: [Int: Value]] = [:]
    for (column, name) in metrics.enumerated() {
      guard let series = try run.series(name) else { continue }
      for (position, step) in series.steps.enumerated().prefix(series.values.count) {
        steps[step, default: [:]][column] = series.values[position]
      }
    }
    return steps.sorted { $0.key < $1.key }.map { step, values in
      var row: [UInt8] = []
      switch format {
      case .csv:
        ExportCell.append(Value.id(id), to: &row)
        row.append(UInt8(ascii: ","))
        JSONWriter.append(step, to: &row)
        for column in metrics.indices {
          row.append(UInt8(ascii: ","))
          ExportCell.append(values[column], to: &row)
        }
        row += "\r\n".utf8
      case .jsonl:
        var object: Value.Entries = ["run": Value.id(id), "step": .int(step)]
        for (column, name) in metrics.enumerated() { object[name] = values[column] ?? .null }
        JSONWriter.append(.map(object), style: .strict, to: &row)
        row.append(UInt8(ascii: "\n"))
      }
      return row
    }
  }
}
