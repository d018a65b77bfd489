import GrailCore

/// A page about a run: titles with what stands below them, within the width of a terminal.
struct RunPage {
  let terminal: Terminal
  /// Whether everything is laid out, however long it is.
  let isWhole: Bool
  private(set) var lines: [String] = []

  /// A text with its style.
  typealias Part = (text: String, style: TextStyle)

  /// The columns before what stands below a title.
  static let indent = 2
  /// The most lines of a section, unless everything is laid out.
  private static let mostLines = 60

  init(for terminal: Terminal, isWhole: Bool) {
    (self.terminal, self.isWhole) = (terminal, isWhole)
  }

  /// The columns that a line may take; more than any line has where there is no terminal.
  var width: Int { terminal.isInteractive ? max(20, terminal.width) : 10_000 }

  /// Begins a section.
  ///
  /// - Parameters:
  ///   - title: What it is about.
  ///   - note: What is said beside the title.
  ///   - style: The title's style.
  mutating func begin(_ title: String, note: String = "", style: TextStyle = .bold) {
    lines.append("")
    var line = terminal.styled(DisplayText(title), style)
    if !note.isEmpty {
      let room = max(8, width - title.count - 2)
      line += "  " + terminal.styled(DisplayText(note, maximumWidth: room), .dim)
    }
    lines.append(line)
  }

  /// Adds a line of parts, cut where there is no room.
  mutating func add(_ parts: [Part], indent: Int = Self.indent) {
    var room = width - indent
    var line = String(repeating: " ", count: indent)
    for part in parts where room > 0 {
      let text = DisplayText(part.text, maximumWidth: room)
      line += terminal.styled(text, part.style)
      room -= text.width
    }
    lines.append(line)
  }

  mutating func add(_ text: String, _ style: TextStyle = []) { add([(text, style)]) }

  /// Adds a text that is not cut; the terminal breaks it where it is too long.
  mutating func addWhole(_ text: String, _ style: TextStyle = []) {
    let limit = isWhole ? Int.max : 2000
    let shown = DisplayText(text, maximumWidth: limit)
    lines.append(text.isEmpty ? "" : "  " + terminal.styled(shown, style))
  }

  /// Adds lines, those in the middle folded where there are many.
  mutating func addFolded(_ texts: [String], head: Int, tail: Int, _ style: TextStyle = []) {
    guard !isWhole, texts.count > head + tail + 1 else {
      for text in texts { addWhole(text, style) }
      return
    }
    for text in texts.prefix(head) { addWhole(text, style) }
    addRest(texts.count - head - tail, "lines")
    for text in texts.suffix(tail) { addWhole(text, style) }
  }

  /// Adds names with their values.
  mutating func add(entries: [(name: String, parts: [Part])]) {
    let widest = entries.map(\.name.count).max() ?? 0
    for (name, parts) in entries {
      let space = String(repeating: " ", count: widest - name.count + 2)
      add([(name + space, .dim)] + parts)
    }
  }

  /// Adds names with their values, those that have one.
  mutating func add(entries: [(name: String, text: String?)]) {
    add(
      entries: entries.compactMap { name, text in
        text.map { (name: name, parts: [(text: $0, style: TextStyle())]) }
      })
  }

  /// Adds a value as a tree.
  mutating func add(_ value: Value, notes: [String: String] = [:]) {
    let folding = isWhole ? ValueTree.Folding.none : ValueTree.Folding(entries: 50)
    let tree = ValueTree(folding: folding, notes: notes).lines(of: value, for: terminal)
    let shown = isWhole || tree.count <= Self.mostLines + 1 ? tree.count : Self.mostLines
    lines += tree.prefix(shown)
    addRest(tree.count - shown, "lines")
  }

  /// Adds a table.
  mutating func add(_ table: TextTable) {
    var narrower = terminal
    narrower.width = max(20, terminal.width - Self.indent)
    lines += table.lines(for: narrower).map { "  " + $0.dropLast() }
  }

  /// Says how much is not shown.
  mutating func addRest(_ count: Int, _ what: String) {
    guard count > 0 else { return }
    add("… \(NumberText.text(ofCount: count)) more \(what); --all shows them", .dim)
  }

  /// Adds lines that are safe to print as they are.
  mutating func add(safe: [String]) { lines += safe.map { "  " + $0 } }
}
