#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an output can show: whether somebody looks at it, its size, and colors.
///
/// What is written elsewhere than on a terminal is plain and not cut, so that it is the same
/// whatever the size of the window.
package struct Terminal: Hashable, Sendable {
  /// Whether this is a terminal, not a file or pipe.
  package var isInteractive: Bool
  /// Whether text is colored.
  package var isColored: Bool
  /// The number of columns; of what is no terminal, those that a chart fills.
  package var width: Int
  /// The number of lines.
  package var height: Int

  /// Creates a description of an output.
  package init(
    isInteractive: Bool = false, isColored: Bool = false, width: Int = 80, height: Int = 24
  ) {
    (self.isInteractive, self.isColored) = (isInteractive, isColored)
    (self.width, self.height) = (width, height)
  }

  /// Describes an output of this process.
  ///
  /// Colors need a terminal, whose `TERM` is not `dumb`, and an unset or empty `NO_COLOR`. The size
  /// is that of the terminal, else `COLUMNS` and `LINES`, else 80 by 24.
  ///
  /// - Parameters:
  ///   - file: The output's descriptor.
  ///   - environment: The process's variables.
  package init(of file: Int32, environment: [String: String]) {
    func number(_ name: String) -> Int? {
      environment[name].flatMap(Int.init).flatMap { (1...10_000).contains($0) ? $0 : nil }
    }
    let isInteractive = isatty(file) == 1
    var size = winsize()
    let hasSize = isInteractive && ioctl(file, UInt(TIOCGWINSZ), &size) == 0
    let (columns, lines) = hasSize ? (Int(size.ws_col), Int(size.ws_row)) : (0, 0)
    let isDumb = (environment["TERM"] ?? "dumb") == "dumb"
    self.init(
      isInteractive: isInteractive,
      isColored: isInteractive && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty,
      width: columns > 0 ? columns : number("COLUMNS") ?? 80,
      height: lines > 0 ? lines : number("LINES") ?? 24)
  }

  /// The text in a style, if there are colors.
  ///
  /// - Parameters:
  ///   - text: A text that is safe to print.
  ///   - style: The style.
  /// - Returns: The text, with what turns the style on and off.
  package func styled(_ text: String, _ style: TextStyle) -> String {
    isColored && !style.isEmpty && !text.isEmpty ? style.opening + text + TextStyle.closing : text
  }

  /// The text in a style, if there are colors.
  package func styled(_ text: DisplayText, _ style: TextStyle) -> String {
    styled(text.text, style)
  }
}
