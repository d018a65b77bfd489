/// What a terminal does with single characters: whether they show, and how wide they are.
package enum TerminalCharacter {
  /// Whether a character shows by itself: it steers no terminal, turns no direction and is not
  /// invisible.
  ///
  /// The selectors of a text or emoji form are counted as visible, because what they follow is.
  package static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
      .privateUse:
      return false
    default:
      // Letters that are there to be left out, such as the filler U+3164.
      return !properties.isDefaultIgnorableCodePoint || isFormSelector(scalar)
    }
  }

  /// Whether a character chooses the text or emoji form of the one before it.
  package static func isFormSelector(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xFE0E || scalar.value == 0xFE0F
  }

  /// The number of columns that a character takes by itself on most terminals.
  ///
  /// - SeeAlso: Unicode Standard Annex 11, East Asian Width.
  package static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    switch scalar.value {
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0  // the later parts of a Hangul syllable
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
      return 2
    case 0x1F1E6...0x1F1FF: return 1  // half a flag
    default: return properties.isEmojiPresentation ? 2 : 1
    }
  }
}

extension String {
  /// The text with what steers a terminal or is not seen replaced by U+FFFD.
  package var visible: String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      text.append(TerminalCharacter.isVisible(scalar) ? scalar : "\u{FFFD}")
    }
    return String(text)
  }
}
