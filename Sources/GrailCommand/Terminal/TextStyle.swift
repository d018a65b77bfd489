/// How a text looks on a terminal with colors: a few of the colors that every theme has.
package struct TextStyle: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// A heading, or what a line is about.
  package static let bold = TextStyle(rawValue: 1 << 0)
  /// What is there to be looked up, not read.
  package static let dim = TextStyle(rawValue: 1 << 1)
  /// What failed.
  package static let red = TextStyle(rawValue: 1 << 2)
  /// What went well.
  package static let green = TextStyle(rawValue: 1 << 3)
  /// What may need a look.
  package static let yellow = TextStyle(rawValue: 1 << 4)
  package static let blue = TextStyle(rawValue: 1 << 5)
  package static let magenta = TextStyle(rawValue: 1 << 6)
  /// What goes on, or where something comes from.
  package static let cyan = TextStyle(rawValue: 1 << 7)

  private static let codes: [(style: TextStyle, code: String)] = [
    (.bold, "1"), (.dim, "2"), (.red, "31"), (.green, "32"), (.yellow, "33"), (.blue, "34"),
    (.magenta, "35"), (.cyan, "36"),
  ]

  /// What turns the style on.
  var opening: String {
    let codes = Self.codes.filter { contains($0.style) }.map(\.code)
    return codes.isEmpty ? "" : "\u{1B}[" + codes.joined(separator: ";") + "m"
  }

  /// What turns every style off.
  static let closing = "\u{1B}[0m"
}
