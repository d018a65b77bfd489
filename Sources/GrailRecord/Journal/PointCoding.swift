import GrailCore

/// The form of points in a block: each is written as its difference from the one before.
///
/// A point is a control byte, then what it announces: the step's difference, the time's and the
/// value's. Bits 0–3 of the control byte are the ``Code`` of the value, bit 4 says that a step is
/// written, bits 5–7 say how the time is: 0 as far from the one before as that from its own, 1–3 the
/// change of that distance in one, two, four bytes, 4 the distance itself in eight, 5 the change in half a byte.
enum PointCoding {
  /// The most bytes that a point of a numeric kind takes.
  static let longestNumber = 1 + 10 + 8 + 8

  /// Value codes; `1...8` are that many low bytes of the difference.
  enum Code {
    static let same: UInt8 = 0
    /// `float + n`: n low bytes of the difference of two 32-bit patterns.
    static let float: UInt8 = 8
    /// The two high bytes of the difference of two 32-bit patterns.
    static let floatHigh: UInt8 = 14
    /// A whole number that differs from the one before as that did from the one before it.
    static let sameDifference: UInt8 = 9
    /// A value of any type is written, with its length before it.
    static let written: UInt8 = 1
  }

  static let stepFlag: UInt8 = 0x10
  static let timeShift: UInt8 = 5
  /// The time's code for a byte whose low four bits are the change of the distance in time, and
  /// whose high ones stand above the bytes of a floating-point number's difference.
  static let mixedTime: UInt8 = 5
}

/// What the coding of a point depends on: the point before it.
struct PointState {
  var step: Int64
  var time: Int64
  var timeDelta: Int64 = 0
  /// The value before as a 64-bit pattern, or as a whole number.
  var bits: UInt64 = 0
  /// The value before as a 32-bit pattern if that says it exactly, else 0.
  var floatBits: UInt32 = 0
  /// The difference of the two whole numbers before.
  var intDelta: Int64 = 0

  /// The state at a block's start.
  ///
  /// - Parameters:
  ///   - step: The step of the block's first point.
  ///   - time: The time of the block's first point, in the block's unit.
  init(step: Int64, time: Int64) {
    self.step = step &- 1
    self.time = time
  }
}

/// Writes points to memory that the caller has made sure is large enough.
extension PointState {
  /// Writes a floating-point number; returns the bytes it took, ``PointCoding/longestNumber`` at most.
  ///
  /// Up to fifteen bytes beyond those may be overwritten with anything.
  @inline(__always)
  mutating func write(
    _ value: Double, step: Int64, time: Int64, to memory: UnsafeMutableRawPointer
  ) -> Int {
    let newBits = value.bitPattern
    let float = Float(value)
    let isFloat = !value.isNaN && Double(float).bitPattern == newBits
    var difference = newBits ^ bits
    var byteCount = (71 - difference.leadingZeroBitCount) / 8
    var code = UInt8(truncatingIfNeeded: byteCount)
    if isFloat, difference != 0 {
      difference = UInt64(float.bitPattern ^ floatBits)
      if difference & 0xFFFF == 0 {
        (difference, byteCount, code) = (difference >> 16, 2, PointCoding.Code.floatHigh)
      } else {
        byteCount = (71 - difference.leadingZeroBitCount) / 8
        code = PointCoding.Code.float + UInt8(truncatingIfNeeded: byteCount)
      }
    }
    bits = newBits
    floatBits = isFloat ? float.bitPattern : 0

    var (length, flags) = writeStep(step, to: memory)
    let change = time &- self.time &- timeDelta
    let lowCount = byteCount - 1
    let top = difference >> UInt64(truncatingIfNeeded: 8 * lowCount & 63)
    if change != 0, (-8...7).contains(change), lowCount > 0, top < 16,
      code != PointCoding.Code.floatHigh
    {
      // Four bits are enough for the change of the time and for the top of the value.
      let mixed = UInt8(truncatingIfNeeded: change) & 0x0F | UInt8(truncatingIfNeeded: top) << 4
      memory.storeBytes(of: mixed, toByteOffset: length, as: UInt8.self)
      length += 1
      timeDelta &+= change
      self.time = time
      flags |= PointCoding.mixedTime << PointCoding.timeShift
      (code, byteCount) = (code - 1, lowCount)
    } else {
      flags |= writeTime(time, to: memory, at: &length)
    }
    Self.write(difference, at: length, control: flags | code, to: memory)
    return length + byteCount
  }

  /// Writes the eight bytes of a number and the control byte before it.
  @inline(__always)
  private static func write(
    _ number: UInt64, at length: Int, control: UInt8, to memory: UnsafeMutableRawPointer
  ) {
    guard length == 1 else {
      memory.storeBytes(of: number.littleEndian, toByteOffset: length, as: UInt64.self)
      memory.storeBytes(of: control, as: UInt8.self)
      return
    }
    // By words, as the checksum loads them: a load that spans two stores waits for both.
    let word = number << 8 | UInt64(control)
    memory.storeBytes(of: word.littleEndian, as: UInt64.self)
    memory.storeBytes(of: (number >> 56).littleEndian, toByteOffset: 8, as: UInt64.self)
  }

  /// Writes a whole number; returns the bytes it took, ``PointCoding/longestNumber`` at most.
  ///
  /// Up to fifteen bytes beyond those may be overwritten with anything.
  @inline(__always)
  mutating func write(
    _ value: Int64, step: Int64, time: Int64, to memory: UnsafeMutableRawPointer
  ) -> Int {
    let (length, flags) = writePlace(step: step, time: time, to: memory)
    let delta = value &- Int64(bitPattern: bits)
    var byteCount = 0
    var code = PointCoding.Code.same
    if delta == intDelta, delta != 0 {
      code = PointCoding.Code.sameDifference
    } else {
      byteCount = (71 - delta.zigzag.leadingZeroBitCount) / 8
      code = UInt8(truncatingIfNeeded: byteCount)
    }
    bits = UInt64(bitPattern: value)
    intDelta = delta
    Self.write(delta.zigzag, at: length, control: flags | code, to: memory)
    return length + byteCount
  }

  /// Writes all of a point but its value: returns the bytes taken, the control byte's included,
  /// and the control byte's flags, which the caller writes.
  @inline(__always)
  mutating func writePlace(
    step: Int64, time: Int64, to memory: UnsafeMutableRawPointer
  ) -> (length: Int, flags: UInt8) {
    var (length, flags) = writeStep(step, to: memory)
    flags |= writeTime(time, to: memory, at: &length)
    return (length, flags)
  }

  @inline(__always)
  private mutating func writeStep(
    _ step: Int64, to memory: UnsafeMutableRawPointer
  ) -> (length: Int, flags: UInt8) {
    defer { self.step = step }
    guard step != self.step &+ 1 else { return (1, 0) }
    var length = 1
    var rest = (step &- self.step &- 1).zigzag
    while rest >= 0x80 {
      memory.storeBytes(
        of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: length, as: UInt8.self)
      rest >>= 7
      length += 1
    }
    memory.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: length, as: UInt8.self)
    return (length + 1, PointCoding.stepFlag)
  }

  @inline(__always)
  private mutating func writeTime(
    _ time: Int64, to memory: UnsafeMutableRawPointer, at length: inout Int
  ) -> UInt8 {
    let delta = time &- self.time
    let change = delta &- timeDelta
    (self.time, timeDelta) = (time, delta)
    guard change != 0 else { return 0 }
    let code: UInt8
    if Int8(exactly: change) != nil {
      code = 1
    } else if Int16(exactly: change) != nil {
      code = 2
    } else {
      code = Int32(exactly: change) != nil ? 3 : 4
    }
    let number = code == 4 ? delta : change
    memory.storeBytes(of: number.littleEndian, toByteOffset: length, as: Int64.self)
    length += 1 << Int(code - 1)
    return code << PointCoding.timeShift
  }
}

/// Reads the points of one block's content, which must outlive the decoder.
struct PointDecoder {
  private var state: PointState
  private let content: UnsafeRawBufferPointer
  private var position = 0
  private let kind: MetricKind
  private var value = Value.null

  /// Creates a decoder of a block's content.
  ///
  /// - Parameters:
  ///   - content: The bytes that the block's commit word counts.
  ///   - kind: The kind of the metric.
  ///   - baseStep: The step of the block's first point.
  ///   - baseTime: The time of the block's first point, in the block's unit.
  init(_ content: UnsafeRawBufferPointer, kind: MetricKind, baseStep: Int64, baseTime: Int64) {
    state = PointState(step: baseStep, time: baseTime)
    self.content = content
    self.kind = kind
  }

  /// Appends all points to the columns; returns whether the content was well-formed to its end.
  mutating func appendAll(to columns: inout PointColumns) -> Bool {
    switch kind {
    case .double:
      appendAll(to: &columns.steps, &columns.times, &columns.doubles) { decoder in
        decoder.readDouble() ? Double(bitPattern: decoder.state.bits) : nil
      }
    case .int:
      appendAll(to: &columns.steps, &columns.times, &columns.ints) { decoder in
        decoder.readInt() ? Int64(bitPattern: decoder.state.bits) : nil
      }
    case .value:
      appendAll(to: &columns.steps, &columns.times, &columns.values) { decoder in
        decoder.readAny() ? decoder.value : nil
      }
    }
  }

  @inline(__always)
  private mutating func appendAll<Element>(
    to steps: inout [Int64], _ times: inout [Int64], _ values: inout [Element],
    readValue: (inout PointDecoder) -> Element?
  ) -> Bool {
    // A copy of the decoder is in registers, where one behind a reference is in memory.
    var decoder = self
    defer { self = decoder }
    var isWellFormed = true
    while isWellFormed, decoder.position < content.count {
      // A point takes a byte at least.
      let most = min(content.count - decoder.position, Self.mostPointsAtOnce)
      steps.append(addingCapacity: most) { steps in
        times.append(addingCapacity: most) { times in
          values.append(addingCapacity: most) { values in
            while !values.isFull, decoder.position < decoder.content.count {
              guard decoder.readPlace(), let value = readValue(&decoder) else {
                isWellFormed = false
                return
              }
              steps.append(decoder.state.step)
              times.append(decoder.state.time)
              values.append(value)
            }
          }
        }
      }
    }
    return isWellFormed
  }

  /// For how many points room is made at a time.
  private static let mostPointsAtOnce = 4096

  private var code: UInt8 = 0
  /// The bits above the bytes of the value's difference.
  private var top: UInt64 = 0

  @inline(__always)
  private mutating func readPlace() -> Bool {
    let control = content[position]
    position += 1
    top = 0
    code = control & 0x0F
    state.step &+= 1
    if control & PointCoding.stepFlag != 0 {
      guard let difference = readVarint() else { return false }
      state.step &+= Int64(zigzag: difference)
    }
    switch control >> PointCoding.timeShift {
    case 0:
      break
    case 1:
      guard let bits = readBits(1) else { return false }
      state.timeDelta &+= Int64(Int8(truncatingIfNeeded: bits))
    case 2:
      guard let bits = readBits(2) else { return false }
      state.timeDelta &+= Int64(Int16(truncatingIfNeeded: bits))
    case 3:
      guard let bits = readBits(4) else { return false }
      state.timeDelta &+= Int64(Int32(truncatingIfNeeded: bits))
    case 4:
      guard let bits = readBits(8) else { return false }
      state.timeDelta = Int64(bitPattern: bits)
    case PointCoding.mixedTime where kind == .double:
      guard let mixed = readBits(1) else { return false }
      state.timeDelta &+= Int64(mixed & 0x0F ^ 8) - 8
      top = mixed >> 4
    default:
      return false
    }
    state.time &+= state.timeDelta
    return true
  }

  @inline(__always)
  private mutating func readDouble() -> Bool {
    switch code {
    case PointCoding.Code.same:
      break
    case 1...8:
      guard let difference = readBits(Int(code)) else { return false }
      state.bits ^= difference | (top << UInt64(8 * code & 63))
      state.floatBits = 0
    case 9...12:
      let byteCount = code - PointCoding.Code.float
      guard let difference = readBits(Int(byteCount)) else { return false }
      state.floatBits ^= UInt32(truncatingIfNeeded: difference | (top << UInt64(8 * byteCount)))
      state.bits = Double(Float(bitPattern: state.floatBits)).bitPattern
    case PointCoding.Code.floatHigh:
      guard let difference = readBits(2) else { return false }
      state.floatBits ^= UInt32(truncatingIfNeeded: difference) << 16
      state.bits = Double(Float(bitPattern: state.floatBits)).bitPattern
    default:
      return false
    }
    return true
  }

  @inline(__always)
  private mutating func readInt() -> Bool {
    switch code {
    case PointCoding.Code.same:
      state.intDelta = 0
    case 1...8:
      guard let number = readBits(Int(code)) else { return false }
      state.intDelta = Int64(zigzag: number)
    case PointCoding.Code.sameDifference:
      break
    default:
      return false
    }
    state.bits = UInt64(bitPattern: Int64(bitPattern: state.bits) &+ state.intDelta)
    return true
  }

  private mutating func readAny() -> Bool {
    switch code {
    case PointCoding.Code.same:
      return true
    case PointCoding.Code.written:
      guard let length = readVarint().flatMap(Int.init(exactly:)),
        length <= content.count - position,
        let decoded = ValueCoding.decode(Array(content[position..<position + length]))
      else { return false }
      value = decoded
      position += length
      return true
    default:
      return false
    }
  }

  /// Reads a number of one to eight bytes, least significant first.
  @inline(__always)
  private mutating func readBits(_ byteCount: Int) -> UInt64? {
    guard byteCount <= content.count - position else { return nil }
    defer { position += byteCount }
    if position + 8 <= content.count {
      let word = content.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      return UInt64(littleEndian: word) & (UInt64.max >> UInt64(64 - 8 * byteCount))
    }
    var number: UInt64 = 0
    for place in 0..<byteCount { number |= UInt64(content[position + place]) << UInt64(8 * place) }
    return number
  }

  private mutating func readVarint() -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while position < content.count, shift < 64 {
      let next = content[position]
      position += 1
      number |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}

/// Points as columns, times in the unit of their block, values in the column of their kind.
struct PointColumns {
  var steps: [Int64] = []
  var times: [Int64] = []
  var doubles: [Double] = []
  var ints: [Int64] = []
  var values: [Value] = []

  mutating func removeAll() {
    steps.removeAll(keepingCapacity: true)
    times.removeAll(keepingCapacity: true)
    doubles.removeAll(keepingCapacity: true)
    ints.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }
}
