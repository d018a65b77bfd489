package import GrailCore
import OrderedCollections

/// A value as an indented tree: names in a column, values beside them, large parts folded.
///
/// A text stands without quotes unless it could be taken for something else: `7`, `true`, nothing.
package struct ValueTree: Sendable {
  /// How much of a value is shown.
  package struct Folding: Hashable, Sendable {
    /// The maps and lists inside each other that are laid out; deeper ones are counted.
    package var depth: Int
    /// The elements of a list that are shown.
    package var elements: Int
    /// The entries of one map that are shown.
    package var entries: Int

    /// Creates a folding.
    package init(depth: Int = 6, elements: Int = 8, entries: Int = 200) {
      (self.depth, self.elements, self.entries) = (max(1, depth), max(1, elements), max(1, entries))
    }

    /// All of a value, as far as anybody nests values by hand.
    package static let none = Folding(depth: 64, elements: .max, entries: .max)
  }

  package var folding: Folding
  /// What is said behind a value, by dotted name: who set it, where it comes from.
  package var notes: [String: String]

  /// Creates a way to show values.
  package init(folding: Folding = Folding(), notes: [String: String] = [:]) {
    (self.folding, self.notes) = (folding, notes)
  }

  /// A name is padded to the widest of its map, but not beyond this.
  private static let widestName = 32
  /// The most columns of a value where there is no terminal.
  private static let plainWidth = 1000

  /// The lines of a value, each without its end.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - terminal: What the output can show: each line fits its width.
  ///   - indent: The columns before the first name.
  /// - Returns: The lines; a value that is no map or list has one.
  package func lines(of value: Value, for terminal: Terminal, indent: Int = 2) -> [String] {
    var page = Page(tree: self, terminal: terminal)
    if let entries = value.mapValue, !entries.isEmpty {
      page.add(entries, path: "", indent: indent, depth: 1)
    } else if let elements = value.listValue, page.needsLines(elements) {
      page.add(elements, path: "", indent: indent, depth: 1)
    } else {
      page.addLine(indent: indent, name: nil, nameWidth: 0, value: value, path: "")
    }
    return page.lines
  }

  /// A value on one line, long lists folded: `[1, 2, 3, … 997 more]`.
  package func text(of value: Value, maximumWidth: Int) -> DisplayText {
    DisplayText(folded(value, limit: maximumWidth), maximumWidth: maximumWidth)
  }

  private func folded(_ value: Value, limit: Int) -> String {
    switch value {
    case .text(let text):
      return Self.isClear(text) ? text : value.description(maximumLength: limit + 1)
    case .double(let number):
      return number.description
    case .list(let elements) where elements.count > folding.elements:
      return foldedList(elements, limit: limit)
    default:
      return value.description(maximumLength: limit + 1)
    }
  }

  /// The beginning of a list that fits, and how many more there are.
  private func foldedList(_ elements: [Value], limit: Int) -> String {
    var text = "["
    for (index, element) in elements.prefix(folding.elements).enumerated() {
      let part = element.description(maximumLength: limit + 1) + ", "
      let rest = "… \(NumberText.text(ofCount: elements.count - index)) more]"
      if index > 0, text.count + part.count + rest.count > limit { return text + rest }
      text += part
    }
    return text + "… \(NumberText.text(ofCount: elements.count - folding.elements)) more]"
  }

  /// Whether a text cannot be taken for a value of another kind.
  private static func isClear(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
      return false
    }
    if "\"'[{<".unicodeScalars.contains(first) || first == " " || last == " " { return false }
    return Double(text) == nil && !["true", "false", "null", "None"].contains(text)
  }
}

// MARK: - Lines

extension ValueTree {
  /// The lines that are made.
  private struct Page {
    let tree: ValueTree
    let terminal: Terminal
    var lines: [String] = []

    private var width: Int { terminal.isInteractive ? terminal.width : plainWidth }

    /// Whether a list has elements that want lines of their own.
    func needsLines(_ elements: [Value]) -> Bool {
      elements.prefix(tree.folding.elements).contains { element in
        if let entries = element.mapValue { return !entries.isEmpty }
        return element.listValue.map { $0.count > 3 || needsLines($0) } ?? false
      }
    }

    mutating func add(_ entries: Value.Entries, path: String, indent: Int, depth: Int) {
      let shown = entries.elements.prefix(tree.folding.entries)
      let room = max(8, width - indent - 12)
      let names = shown.map { DisplayText($0.key, maximumWidth: room) }
      let widest = names.lazy.map(\.width).filter { $0 <= ValueTree.widestName }.max() ?? 0
      for (name, entry) in zip(names, shown) {
        add(
          entry.value, name: name, nameWidth: widest,
          path: path.isEmpty ? entry.key : path + "." + entry.key, indent: indent, depth: depth)
      }
      addRest(entries.count - shown.count, indent: indent)
    }

    mutating func add(_ elements: [Value], path: String, indent: Int, depth: Int) {
      let shown = elements.prefix(tree.folding.elements)
      let widest = String(max(0, shown.count - 1)).utf8.count + 2
      for (index, element) in shown.enumerated() {
        add(
          element, name: DisplayText("[\(index)]"), nameWidth: widest, path: "\(path)[\(index)]",
          indent: indent, depth: depth)
      }
      addRest(elements.count - shown.count, indent: indent)
    }

    private mutating func add(
      _ value: Value, name: DisplayText, nameWidth: Int, path: String, indent: Int, depth: Int
    ) {
      if let entries = value.mapValue, !entries.isEmpty {
        if depth >= tree.folding.depth {
          let count = entries.count == 1 ? "1 entry" : "\(entries.count) entries"
          addFolded(DisplayText("{… \(count)}"), name: name, nameWidth: nameWidth, indent: indent)
        } else {
          addLine(indent: indent, name: name, nameWidth: 0, value: nil, path: path)
          add(entries, path: path, indent: indent + 2, depth: depth + 1)
        }
      } else if let elements = value.listValue, needsLines(elements) {
        if depth >= tree.folding.depth {
          let count = elements.count == 1 ? "1 element" : "\(elements.count) elements"
          addFolded(DisplayText("[… \(count)]"), name: name, nameWidth: nameWidth, indent: indent)
        } else {
          addLine(indent: indent, name: name, nameWidth: 0, value: nil, path: path)
          add(elements, path: path, indent: indent + 2, depth: depth + 1)
        }
      } else {
        addLine(indent: indent, name: name, nameWidth: nameWidth, value: value, path: path)
      }
    }

    private mutating func addRest(_ count: Int, indent: Int) {
      guard count > 0 else { return }
      append([(DisplayText("… \(NumberText.text(ofCount: count)) more"), .dim)], indent: indent)
    }

    private mutating func addFolded(
      _ text: DisplayText, name: DisplayText, nameWidth: Int, indent: Int
    ) {
      append([(Self.column(name, nameWidth), []), (text, .dim)], indent: indent)
    }

    mutating func addLine(
      indent: Int, name: DisplayText?, nameWidth: Int, value: Value?, path: String
    ) {
      var parts: [(text: DisplayText, style: TextStyle)] = []
      var used = start(indent)
      if let name {
        parts.append((value == nil ? name : Self.column(name, nameWidth), []))
        used += parts[0].text.width
      }
      let note = DisplayText(tree.notes[path] ?? "", maximumWidth: max(8, width / 4))
      let noteWidth = note.width > 0 ? note.width + 2 : 0
      if let value {
        let text = tree.text(of: value, maximumWidth: max(4, width - used - noteWidth))
        parts.append((text, value.isNull ? .dim : []))
        used += text.width
      }
      if noteWidth > 0, used + noteWidth <= width {
        parts += [("  ", []), (note, .cyan)]
      }
      append(parts, indent: indent)
    }

    private static func column(_ name: DisplayText, _ width: Int) -> DisplayText {
      DisplayText(name.padded(to: width) + "  ")
    }

    /// Adds a line, cut where a narrow terminal has no room for all of it.
    private mutating func append(
      _ parts: [(text: DisplayText, style: TextStyle)], indent: Int
    ) {
      var room = width - start(indent)
      var line = String(repeating: " ", count: start(indent))
      for part in parts where room > 0 {
        let text = part.text.shortened(to: room)
        line += terminal.styled(text, part.style)
        room -= text.width
      }
      lines.append(line)
    }

    /// The spaces before a line: deep ones are kept from filling it.
    private func start(_ indent: Int) -> Int { min(indent, width / 2) }
  }
}
