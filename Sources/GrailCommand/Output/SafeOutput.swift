import GrailCore

/// Turns what a run printed into what a terminal may get of it: text, line ends, tabs and colors.
///
/// Other escape sequences are left out; other characters that a terminal would act on, or nobody
/// could see, are spelled out as in ``DisplayText``. Bytes that are no UTF-8 become `\u{fffd}`. The parts may
/// be cut anywhere.
package struct SafeOutput {
  private let keepsColors: Bool
  private var state = State.text
  /// The bytes of a character or sequence that is not whole.
  private var pending: [UInt8] = []
  private var missing = 0
  private var isColored = false

  private enum State {
    case text
    /// After a carriage return, which says nothing before the end of a line.
    case carriageReturn
    case escape
    /// In a sequence whose last byte says what it does.
    case sequence
    /// In a text for the terminal, such as a title; behind an escape in it.
    case string, stringEscape
  }

  /// A longer sequence is none of which a terminal makes something.
  private static let longestSequence = 128
  /// A text for the terminal is taken to end here at the latest.
  private static let longestString = 4096

  /// Creates a filter at the start of a text.
  ///
  /// - Parameter keepsColors: Whether colors are kept, or left out as other sequences are.
  package init(keepsColors: Bool) { self.keepsColors = keepsColors }

  /// Filters the next part of the text.
  ///
  /// - Parameters:
  ///   - bytes: The next bytes.
  ///   - output: Is appended what a terminal may get.
  package mutating func filter(_ bytes: some Sequence<UInt8>, into output: inout [UInt8]) {
    for byte in bytes { add(byte, to: &output) }
  }

  /// Ends the text, or a line of which nothing may reach over its end.
  ///
  /// - Parameter output: Is appended the rest, and what turns colors off.
  package mutating func finish(into output: inout [UInt8]) {
    if state == .carriageReturn { spell("\\r", to: &output) }
    if missing > 0 { replacePending(in: &output) }
    (state, pending, missing) = (.text, [], 0)
    if isColored { output += TextStyle.closing.utf8 }
    isColored = false
  }

  private mutating func add(_ byte: UInt8, to output: inout [UInt8]) {
    switch state {
    case .text:
      addText(byte, to: &output)
    case .carriageReturn:
      state = .text
      if byte != UInt8(ascii: "\n") { spell("\\r", to: &output) }
      addText(byte, to: &output)
    case .escape:
      switch byte {
      case UInt8(ascii: "["): (state, pending) = (.sequence, [])
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
        UInt8(ascii: "_"):
        (state, pending) = (.string, [])
      case 0x20...0x2F: break  // more of the sequence follows
      case 0x30...0x7E: state = .text
      default:
        state = .text
        spell("\\u{1b}", to: &output)
        addText(byte, to: &output)
      }
    case .sequence:
      addToSequence(byte, to: &output)
    case .string, .stringEscape:
      addToString(byte, to: &output)
    }
  }

  private mutating func addToSequence(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case 0x20...0x3F where pending.count < Self.longestSequence:
      pending.append(byte)
    case 0x40...0x7E:
      state = .text
      if byte == UInt8(ascii: "m"), keepsColors, pending.allSatisfy(Self.isOfColor) {
        output += "\u{1B}[".utf8
        output += pending
        output.append(byte)
        isColored = !(pending.isEmpty || pending == [UInt8(ascii: "0")])
      }
      pending = []
    default:
      // What was no sequence is not text either, but what follows is.
      (state, pending) = (.text, [])
      addText(byte, to: &output)
    }
  }

  private static func isOfColor(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: ";")
      || byte == UInt8(ascii: ":")
  }

  private mutating func addToString(_ byte: UInt8, to output: inout [UInt8]) {
    missing = 0
    switch (state, byte) {
    case (.stringEscape, UInt8(ascii: "\\")), (.string, 0x07):
      (state, pending) = (.text, [])
    case (.stringEscape, _):
      (state, pending) = (.escape, [])
      add(byte, to: &output)
    case (_, 0x1B):
      state = .stringEscape
    case (_, UInt8(ascii: "\n")):
      (state, pending) = (.text, [])
      addText(byte, to: &output)
    default:
      pending.append(byte)
      if pending.count >= Self.longestString { (state, pending) = (.text, []) }
    }
  }

  // MARK: - Characters

  private mutating func addText(_ byte: UInt8, to output: inout [UInt8]) {
    if missing > 0 {
      if byte & 0xC0 == 0x80 {
        pending.append(byte)
        missing -= 1
        if missing == 0 { addCharacter(to: &output) }
        return
      }
      replacePending(in: &output)
    }
    switch byte {
    case 0x20...0x7E, UInt8(ascii: "\n"), UInt8(ascii: "\t"): output.append(byte)
    case 0x1B: state = .escape
    case UInt8(ascii: "\r"): state = .carriageReturn
    case 0xC2...0xDF: (pending, missing) = ([byte], 1)
    case 0xE0...0xEF: (pending, missing) = ([byte], 2)
    case 0xF0...0xF4: (pending, missing) = ([byte], 3)
    case 0x80...0xFF: output += "\u{FFFD}".utf8
    default: spell("\\u{\(String(byte, radix: 16))}", to: &output)
    }
  }

  private mutating func addCharacter(to output: inout [UInt8]) {
    defer { pending = [] }
    guard let text = String(validating: pending, as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else {
      output += "\u{FFFD}".utf8
      return
    }
    let isJoiner = scalar.value == 0x200C || scalar.value == 0x200D
    if isJoiner || TerminalCharacter.isVisible(scalar) {
      output += pending
    } else {
      spell("\\u{\(String(scalar.value, radix: 16))}", to: &output)
    }
  }

  private mutating func replacePending(in output: inout [UInt8]) {
    output += "\u{FFFD}".utf8
    (pending, missing) = ([], 0)
  }

  private func spell(_ text: String, to output: inout [UInt8]) { output += text.utf8 }
}
