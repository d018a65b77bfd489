#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How text looks on an output: its width, and whether it has colors.
struct TextStyle: Hashable, Sendable {
  /// The number of columns that text may fill.
  var width: Int
  /// Whether text is colored.
  var isColored: Bool

  /// A meaning that text may have.
  enum Role: Int {
    case heading = 1
    case quiet = 2
    case changed = 32
    case source = 36
  }

  /// The text in the color of its meaning.
  func styled(_ text: String, _ role: Role) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The style of the standard output: colors and its width on a terminal, unless `NO_COLOR` is
  /// set; plain and 100 columns wide elsewhere.
  static let output: TextStyle = {
    guard isatty(STDOUT_FILENO) == 1 else { return TextStyle(width: 100, isColored: false) }
    func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    var size = winsize()
    let hasSize = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return TextStyle(
      width: hasSize ? min(max(Int(size.ws_col), 40), 120) : 80,
      isColored: !isSet("NO_COLOR") && !isDumb)
  }()
}
