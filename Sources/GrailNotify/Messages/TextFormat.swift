import GrailCore

/// How a field's value is laid out: what stands after the colon in `{result:.3f}`.
///
/// The form is Python's: `[[fill]align][sign][0][width][,][.precision][type]`, where the type is one
/// of `b`, `d`, `e`, `f`, `g`, `o`, `s`, `x`, `%`, and `E`, `F`, `G`, `X`.
struct TextFormat: Hashable, Sendable {
  private enum Alignment: Character { case left = "<", right = ">", center = "^", inside = "=" }

  private var fill: Character = " "
  private var alignment: Alignment?
  /// What stands before a number that is not negative.
  private var plus = ""
  private var width = 0
  private var separator: Character?
  private var precision: Int?
  private var type: Character?

  /// The greatest width and precision; nobody reads more.
  private static let maximum = 100

  /// Reads a layout.
  ///
  /// - Parameter text: What stands after the colon.
  /// - Throws: What is wrong, as a part of a sentence.
  init(parsing text: Substring) throws(Problem) {
    var rest = text
    var hasFill = false
    if let second = rest.dropFirst().first, let alignment = Alignment(rawValue: second) {
      (fill, self.alignment, hasFill) = (rest.removeFirst(), alignment, true)
      rest.removeFirst()
    } else if let first = rest.first, let alignment = Alignment(rawValue: first) {
      self.alignment = alignment
      rest.removeFirst()
    }
    if let sign = rest.first, "+- ".contains(sign) {
      if sign != "-" { plus = String(sign) }
      rest.removeFirst()
    }
    if rest.first == "0", !hasFill {
      rest.removeFirst()
      (fill, alignment) = ("0", alignment ?? .inside)
    }
    width = try Self.number(&rest) ?? 0
    if let first = rest.first, ",_".contains(first) {
      separator = rest.removeFirst()
      if fill == "0", alignment == .inside {
        throw Problem("zeros and '\(first)' do not go together here")
      }
    }
    if rest.first == "." {
      rest.removeFirst()
      guard let digits = try Self.number(&rest) else { throw Problem("a number follows the '.'") }
      precision = digits
    }
    if let last = rest.first {
      guard "bdefgosxEFGX%".contains(last) else { throw Problem("'\(last)' is no type") }
      type = rest.removeFirst()
    }
    guard rest.isEmpty else { throw Problem("nothing may follow the type") }
    if precision != nil, let type, Self.wholeTypes.contains(type) {
      throw Problem("a whole number has no digits after the point")
    }
    if let separator, let type, "bosxX".contains(type) {
      throw Problem("'\(separator)' does not go with '\(type)'")
    }
  }

  /// What is wrong with a layout.
  struct Problem: Error {
    var text: String
    init(_ text: String) { self.text = text }
  }

  private static let wholeTypes = "bdoxX"

  /// Whether it is for numbers alone.
  var isForNumbers: Bool {
    type.map { $0 != "s" } ?? (separator != nil || !plus.isEmpty)
  }

  private static func number(_ rest: inout Substring) throws(Problem) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    guard let number = Int(digits), number <= maximum else {
      throw Problem("'\(digits.prefix(20))' is more than \(maximum)")
    }
    return number
  }
}

// MARK: - Writing

extension TextFormat {
  /// Lays out a value.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - limit: The length in UTF-16 units after which more of a text need not be there.
  /// - Returns: The text; `nil` if the layout is for other values.
  func text(of value: Value, limit: Int) -> String? {
    switch value {
    case .text(let text): lay(out: text.utf16.count > limit ? String(text.prefix(limit + 1)) : text)
    case .int(let number): lay(out: number)
    case .bool(let flag): lay(out: Int64(flag ? 1 : 0))
    case .double(let number): lay(out: number)
    default: nil
    }
  }

  private func lay(out text: String) -> String? {
    guard !isForNumbers, alignment != .inside || fill == "0" else { return nil }
    let cut = precision.map { String(text.unicodeScalars.prefix($0)) } ?? text
    return padded("", cut, natural: .left)
  }

  private func lay(out number: Int64) -> String? {
    let radix: Int
    switch type {
    case nil where precision == nil, "d": radix = 10
    case "b": radix = 2
    case "o": radix = 8
    case "x", "X": radix = 16
    case "s": return nil
    default: return lay(out: Double(number))
    }
    let digits = String(number.magnitude, radix: radix, uppercase: type == "X")
    return padded(number < 0 ? "-" : plus, grouped(digits), natural: .right)
  }

  private func lay(out number: Double) -> String? {
    let magnitude = number.magnitude
    let digits: String
    switch type {
    case nil where precision == nil: digits = PythonText.text(of: magnitude)
    case nil: digits = FloatText.general(magnitude, precision ?? 6, keepsPoint: true)
    case "e", "E": digits = FloatText.scientific(magnitude, precision ?? 6)
    case "f", "F": digits = FloatText.fixed(magnitude, precision ?? 6)
    case "g", "G": digits = FloatText.general(magnitude, precision ?? 6, keepsPoint: false)
    case "%": digits = FloatText.fixed(magnitude * 100, precision ?? 6) + "%"
    default: return nil
    }
    let cased = type.map { "EFG".contains($0) } == true ? digits.uppercased() : digits
    let isNegative = number.sign == .minus && !number.isNaN
    return padded(isNegative ? "-" : plus, grouped(cased), natural: .right)
  }

  /// Parts the digits before the point, the exponent or the end into groups of three.
  private func grouped(_ text: String) -> String {
    guard let separator else { return text }
    let whole = text.prefix { $0.isNumber }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { grouped.append(separator) }
      grouped.append(digit)
    }
    return grouped + text.dropFirst(whole.count)
  }

  private func padded(_ sign: String, _ text: String, natural: Alignment) -> String {
    let missing = width - sign.unicodeScalars.count - text.unicodeScalars.count
    guard missing > 0 else { return sign + text }
    func filling(_ count: Int) -> String { String(repeating: String(fill), count: count) }
    switch alignment ?? natural {
    // A text has no sign that zeros could follow.
    case .inside where natural == .left: return text + filling(missing)
    case .inside: return sign + filling(missing) + text
    case .left: return sign + text + filling(missing)
    case .right: return filling(missing) + sign + text
    case .center: return filling(missing / 2) + sign + text + filling(missing - missing / 2)
    }
  }
}
