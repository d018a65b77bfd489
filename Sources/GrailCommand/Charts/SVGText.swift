/// Words in a picture.
enum SVGText {
  /// A text as XML may hold it; what no reader could see is spelled out.
  static func escaped(_ raw: String) -> String { escaped(DisplayText(raw)) }

  private static func escaped(_ text: DisplayText) -> String {
    var escaped = ""
    for scalar in text.text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A text as XML may hold it, cut where it would be wider than this.
  static func shortened(_ raw: String, size: Int, to width: Int) -> String {
    escaped(DisplayText(raw, maximumWidth: max(4, width * 100 / (size * 58))))
  }

  /// About how many pixels wide a text is.
  static func width(_ raw: String, size: Int) -> Int {
    (DisplayText(raw).width * size * 58 + 99) / 100
  }
}
