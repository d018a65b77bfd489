import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// Everything of a run as a value, for programs.
enum RunValue {
  /// Returns the whole record, with Sacred's fields and ours, what people added, and a summary of
  /// each metric.
  ///
  /// - Parameter run: The run.
  /// - Returns: A map.
  static func value(of run: StoredDirectory) -> Value {
    let (record, added) = (run.record, run.annotations)
    var entries: Value.Entries = [
      "id": .id(record.id), "name": .text(added.name ?? record.experiment.name),
      "status": .text(record.status.rawValue), "liveness": .text(run.liveness.rawValue),
      "elapsed": record.elapsed.map { .double($0.secondsForQueries) } ?? .null,
      "tags": .list(added.tags.map(Value.text)), "note": added.note.map(Value.text) ?? .null,
    ]
    var metrics: Value.Entries = [:]
    var notes = run.notes
    for metric in run.metrics {
      do {
        metrics[metric.name] = value(of: metric, try run.statistics(metric.name))
      } catch {
        notes.append("the metric '\(metric.name)' cannot be read: \(error)")
      }
    }
    for (name, value) in RecordCoding.wholeValue(of: record).mapValue ?? [:]
    where entries[name] == nil {
      entries[name] = value
    }
    entries["metrics"] = .map(metrics)
    entries["unreadable"] = .list(notes.map(Value.text))
    return .map(entries)
  }

  private static func value(of metric: MetricDescriptor, _ statistics: QueryMetric?) -> Value {
    func value(_ point: QueryMetric.Point?) -> Value {
      guard let point else { return .null }
      return [
        "value": point.value, "step": point.step.map(Value.int) ?? .null,
        "time": point.time.map(Value.time) ?? .null,
      ]
    }
    return [
      "unit": metric.unit.map(Value.text) ?? .null, "kind": .text(metric.kind.rawValue),
      "count": .int(Int64(statistics?.count ?? 0)), "first": value(statistics?.first),
      "last": value(statistics?.last), "min": value(statistics?.min), "max": value(statistics?.max),
      "mean": statistics?.mean.map(Value.double) ?? .null,
    ]
  }
}
