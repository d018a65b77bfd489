import GrailCore
import GrailStore

/// The names of the metrics of a store.
struct MetricNames {
  /// The names, sorted by their characters' codes.
  let names: [String]

  init(_ names: some Sequence<String>) {
    self.names = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Reads the names.
  ///
  /// - Throws: The database's error.
  init(_ store: FileStore) throws { self.init(try store.knownNames().metrics) }

  func has(_ name: String) -> Bool { names.contains(name) }

  /// More names than this are not listed.
  private static let mostListed = 10

  /// Says that nothing is known of a metric, and which name may have been meant.
  func absence(of name: String) -> String {
    let wanted = DisplayText(name)
    if names.contains(name) { return "no run that was asked for has a number in '\(wanted)'" }
    if let near = names.closest(to: name) ?? part(of: name) {
      return "no run has a metric '\(wanted)'; did you mean '\(DisplayText(near))'?"
    }
    guard !names.isEmpty else { return "no run has a metric '\(wanted)', or any other" }
    let listed = names.prefix(Self.mostListed).map { DisplayText($0).text }.joined(separator: ", ")
    let rest = names.count - Self.mostListed
    return "no run has a metric '\(wanted)'; there are \(listed)"
      + (rest > 0 ? " and \(NumberText.text(ofCount: rest)) more" : "")
  }

  /// The one name that a word is a part of, as `loss` is of `train.loss`.
  private func part(of word: String) -> String? {
    let found = names.filter { name in
      name.split(separator: ".").contains { $0.utf8.elementsEqual(word.utf8) }
    }
    return found.count == 1 ? found.first : nil
  }
}
