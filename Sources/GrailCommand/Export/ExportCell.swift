import GrailCore
import GrailRecord

/// Values as cells of an exported table, which pandas and others read as what they are.
///
/// Times always have six digits behind the second, so that a column of them has one form.
enum ExportCell {
  private static let writer = CSVWriter()

  /// Appends a value as a cell of comma-separated values; what is not there is an empty one.
  static func append(_ value: Value?, to row: inout [UInt8]) {
    switch value {
    case nil, .null: break
    case .int(let number): JSONWriter.append(number, to: &row)
    case .double(let number): append(number, to: &row)
    case .bool(let flag): row += (flag ? "True" : "False").utf8
    case .time(let time): append(time, to: &row)
    case .opaque(let opaque) where opaque.isNumber: append(Value.opaque(opaque).queryForm, to: &row)
    case let value?: row += text(RunListing.text(of: value))
    }
  }

  /// A text as a cell, quoted where it needs that, and never a formula.
  static func text(_ text: String) -> some Collection<UInt8> {
    // The line of two cells is the text, a comma, and an end of two bytes.
    Array(writer.line(of: [text, ""]).utf8).dropLast(3)
  }

  /// Appends a number in the fewest digits that read back as it.
  static func append(_ number: Double, to row: inout [UInt8]) {
    if number.isFinite {
      JSONWriter.append(number, style: .strict, to: &row)
    } else {
      row += (number.isNaN ? "nan" : number < 0 ? "-inf" : "inf").utf8
    }
  }

  /// Appends a moment: `2026-01-01T00:00:00.000000Z`.
  static func append(_ time: Timestamp, to row: inout [UInt8]) {
    let fraction = time.microseconds.flooredSecond.fraction
    row += Timestamp(microseconds: time.microseconds - fraction).isoText.utf8
    append(fraction: fraction, to: &row)
  }

  /// Appends what stands behind the second.
  static func append(fraction: Int64, to row: inout [UInt8]) {
    // The bytes of ".000000Z" as one number; the digits are added from the last one on.
    var text: UInt64 = 0x5A30_3030_3030_302E
    var rest = UInt64(truncatingIfNeeded: fraction)
    for place in (1...6).reversed() {
      text += (rest % 10) << UInt64(8 * place)
      rest /= 10
    }
    withUnsafeBytes(of: text.littleEndian) { row.append(contentsOf: $0) }
  }
}

/// Appends moments that follow each other closely, without making each second's text anew.
struct ExportClock {
  private var second: Int64 = .min
  private var text: [UInt8] = []

  mutating func append(_ time: Timestamp, to row: inout [UInt8]) {
    let (second, fraction) = time.microseconds.flooredSecond
    if second != self.second {
      self.second = second
      text = Array(Timestamp(microseconds: time.microseconds - fraction).isoText.utf8)
    }
    row.append(copying: text)
    ExportCell.append(fraction: fraction, to: &row)
  }
}

extension [UInt8] {
  /// Appends bytes that stay where they are, without counting who holds them: a fifth of the time of
  /// a table that has millions of them.
  @inline(__always)
  mutating func append(copying bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
  }
}

extension Int64 {
  /// The second that a count of microseconds lies in, and the microseconds since.
  fileprivate var flooredSecond: (second: Int64, fraction: Int64) {
    let (second, rest) = quotientAndRemainder(dividingBy: 1_000_000)
    return rest < 0 ? (second - 1, rest + 1_000_000) : (second, rest)
  }
}

extension Value.Opaque {
  /// Whether queries take it for a number, as those of NumPy.
  fileprivate var isNumber: Bool { Value.opaque(self).queryForm.doubleValue != nil }
}
