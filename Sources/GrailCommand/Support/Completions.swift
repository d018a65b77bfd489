import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// What the tab key offers, from the store that the words before name.
enum Completions {
  /// Runs: the ids of the latest, and `last`.
  static let runs = CompletionKind.custom { words, _, _ in
    guard let store = store(named: words) else { return ["last"] }
    let selection = RunSelection(limit: mostRuns, now: SystemClock.now())
    return ["last"] + ((try? store.table(selection).ids) ?? []).filter(isPlain)
  }

  /// Fields: what every run has, entries of the configuration, metrics.
  static let fields = CompletionKind.custom { words, _, _ in
    let fixed = QueryField.Fixed.allCases.map(\.rawValue)
    guard let names = try? store(named: words)?.knownNames() else { return fixed }
    let entries = (names.entries[.config] ?? []).map { $0.joined(separator: ".") }
    let metrics = names.metrics.flatMap { name in
      ["metrics.\(name)", "metrics.\(name).min", "metrics.\(name).max"]
    }
    return (fixed + entries.sorted() + metrics.sorted()).filter(isPlain)
  }

  /// The names of metrics.
  static let metrics = CompletionKind.custom { words, _, _ in
    ((try? store(named: words)?.knownNames())?.metrics ?? []).sorted().filter(isPlain)
  }

  /// More ids than this help nobody.
  private static let mostRuns = 200

  private static func store(named words: [String]) -> FileStore? {
    var name: String?
    for (place, word) in words.enumerated() {
      if word.hasPrefix("--store=") { name = String(word.dropFirst("--store=".count)) }
      if ["-F", "--store"].contains(word), place + 1 < words.count { name = words[place + 1] }
    }
    return try? FileStore(StoreFolder.find(named: name))
  }

  /// Whether a shell takes the word as it is.
  private static func isPlain(_ word: String) -> Bool {
    !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789-_./@".unicodeScalars.contains($0)
      }
  }
}
