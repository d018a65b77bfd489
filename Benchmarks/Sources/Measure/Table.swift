import Foundation
import Grail

/// Rows of what was measured, with the aim beside each figure.
struct Table {
  private let title: String
  private var rows: [[String]] = []

  init(_ title: String) { self.title = title }

  mutating func add(_ what: String, _ figure: String, aim: String = "") {
    rows.append([what, figure, aim])
  }

  func show() {
    let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
    print("\n\(title)")
    for row in rows {
      let name = row[0].padding(toLength: widths[0], withPad: " ", startingAt: 0)
      let figure = String(repeating: " ", count: widths[1] - row[1].count) + row[1]
      print("  \(name)  \(figure)" + (row[2].isEmpty ? "" : "   aim \(row[2])"))
    }
    fflush(nil)
  }
}

/// The least, the median and the greatest of some rounds.
struct Rounds {
  private let sorted: [Double]

  init(_ figures: [Double]) { sorted = figures.sorted() }

  var median: Double { sorted[sorted.count / 2] }

  /// The median with its spread: `12.3 (11.9–14.0)`.
  func text(_ places: Int = 1) -> String {
    "\(median.text(places)) (\(sorted[0].text(places))–\(sorted[sorted.count - 1].text(places)))"
  }
}

extension Double {
  func text(_ places: Int = 1) -> String { String(format: "%.\(places)f", self) }
}

/// Seconds by a clock that never goes back.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start).seconds
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// A folder that is removed at the end, on the disk of the working directory.
struct Folder: ~Copyable {
  let path: String

  init() throws {
    path = FileManager.default.currentDirectoryPath + "/.bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// How runs in this folder are recorded.
  func settings(clock: MetricClock = .coarse) -> RunSettings {
    var settings = RunSettings()
    settings.store = path + "/runs"
    settings.metricClock = clock
    settings.logLevel = .error
    return settings
  }
}

/// Whether a string is among the program's arguments; its value is the one that follows.
func argument(_ name: String) -> String? {
  guard let place = CommandLine.arguments.firstIndex(of: name) else { return nil }
  return CommandLine.arguments.dropFirst(place + 1).first ?? ""
}
