import GrailCore
import GrailStore
import OrderedCollections

/// Short names that tell some runs apart: each run's id, with what differs between them.
struct RunLabels {
  /// The names, in the order of the runs.
  let labels: [String]

  /// More entries than this are not named.
  private static let mostEntries = 3
  private static let longestValue = 20

  init(_ runs: [(id: String, record: RunRecord)]) {
    let hasNames = Set(runs.map(\.record.experiment.name)).count > 1
    let entries = RunListing.differing(runs.map { .map($0.record.config) })
    labels = runs.enumerated().map { position, run in
      var label = run.id
      if hasNames { label += " \(run.record.experiment.name)" }
      let there = entries.compactMap { entry in
        entry.values[position].map { (entry.name, $0) }
      }
      for (name, value) in there.prefix(Self.mostEntries) {
        label += " \(name)=\(NumberText.text(of: value, maximumWidth: Self.longestValue))"
      }
      return there.count > Self.mostEntries ? label + " …" : label
    }
  }
}
