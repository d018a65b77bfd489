import CGrailRecord
import GrailCore
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A part of a journal's file in memory: mapped, or a copy that is written out.
///
/// Sendable although unchecked: a block's memory belongs to one writer, which the allocator that
/// hands blocks out makes sure of, and readers of the mapping are other processes' business.
final class Segment: @unchecked Sendable {
  let memory: UnsafeMutableRawPointer
  let length: Int
  /// Where in the file the segment begins.
  let fileOffset: Int64
  /// Whether storing in memory is storing in the file.
  let isMapped: Bool

  /// Maps a part of a file whose space is reserved, or takes memory to stand for it.
  ///
  /// - Returns: `nil` if the system refuses; the error's number is in `errno`.
  init?(file: FileDescriptor, offset: Int64, length: Int, isMapped: Bool) {
    let flags = isMapped ? MAP_SHARED : MAP_PRIVATE | MAP_ANON
    let address = mmap(
      nil, length, PROT_READ | PROT_WRITE, flags, isMapped ? file.rawValue : -1,
      isMapped ? off_t(offset) : 0)
    guard let address, address != MAP_FAILED else { return nil }
    memory = address
    self.length = length
    fileOffset = offset
    self.isMapped = isMapped
    if isMapped { grail_populate(address, length) }
  }

  deinit { munmap(memory, length) }
}

/// How the bytes of a journal reach its file.
package enum JournalMode: String, Sendable {
  /// By storing in mapped, reserved space: no system call a record.
  case mapped
  /// By a `write` a record, where reserved space promises nothing.
  case written
}

/// Something about the journal's disk that people should hear of.
package enum JournalNotice: Sendable, Hashable {
  /// Nothing more can be recorded for now, and why.
  case full(reason: String)
  /// Recording goes on after a time in which this much was lost.
  case recovered
  /// The disk has not answered for a while; whoever logs waits.
  case stalled
  /// Something was logged after the journal's end, and is lost.
  case late
}

/// Hands out the space of a journal's file, block by block, and keeps some ready ahead.
///
/// A thread reserves and maps segments before they are needed, so that whoever logs meets neither
/// a system call nor a page that was never touched. On a full disk asking for space fails at once
/// and goes on failing until the thread finds space again.
final class JournalSpace: Sendable {
  /// What a block is for, by how much of the last space is kept from it on a full disk.
  enum Urgency: Int {
    /// Kept from points: what it takes to say how the run went on and ended.
    case point = 65_536
    case event = 16_384
    case ending = 0
  }

  struct Place {
    let segment: Segment
    let offset: Int
  }

  private struct State {
    var current: Segment
    var position: Int
    var prepared: [Segment] = []
    var reservedEnd: Int64
    /// The end of the blocks that have a segment of their own.
    var aloneEnd: Int64 = 0
    /// Whether the first segment is used so far that more will be needed.
    var wantsMore = false
    /// The error while no more space is to be had.
    var failure: Errno?
    var isStopping = false
    var hasSaidStalled = false
  }

  let mode: JournalMode
  private let file: FileDescriptor
  private let state: Monitor<State>
  private let notify: @Sendable (JournalNotice) -> Void
  /// Whether the last write failed, where a journal is written and not mapped.
  private let isFailing = Atomic<Bool>(false)

  private static let segmentsAhead = 2
  private static let retryInterval = Duration.milliseconds(200)
  private static let patience = Duration.seconds(1)

  /// Takes the space for a new journal in an empty file.
  ///
  /// - Parameters:
  ///   - file: The file's descriptor, which outlives this.
  ///   - mode: How bytes reach the file.
  ///   - notify: Hears of a full or stalled disk, on a thread of its own.
  /// - Throws: The error's number if there is no space for the first segment.
  init(
    file: FileDescriptor, mode: JournalMode, notify: @escaping @Sendable (JournalNotice) -> Void
  ) throws(Errno) {
    self.file = file
    self.mode = mode
    self.notify = notify
    let first = try Self.makeSegment(
      file: file, offset: 0, length: JournalFormat.segmentSize, mode: mode)
    state = Monitor(
      State(
        current: first, position: JournalFormat.headerLength,
        reservedEnd: Int64(JournalFormat.segmentSize)))
  }

  /// The segment that the file begins with, for the file's header.
  var firstSegment: Segment { state.withLock { $0.current } }

  /// Starts the thread that keeps space ready.
  ///
  /// - Returns: `nil` if the system refuses a thread.
  func startWorker() -> WorkerThread? { WorkerThread { [self] in prepareSegments() } }

  /// Ends the thread that keeps space ready.
  func stopWorker() {
    state.change { $0.isStopping = true }
  }

  /// The end of the space that blocks take.
  var usedEnd: Int64 {
    state.withLock { max($0.current.fileOffset + Int64($0.position), $0.aloneEnd) }
  }

  /// Hands out a block, waiting while the disk is slow.
  ///
  /// - Parameters:
  ///   - size: The block's size, a multiple of the alignment.
  ///   - urgency: What the block is for.
  ///   - initialize: Writes the block's header, before any later block has one: a block without
  ///     a header would hide what follows.
  /// - Returns: `nil` if the disk is full.
  func allocate(
    size: Int, urgency: Urgency, initialize: (Place) -> Bool
  ) -> Place? {
    guard size <= JournalFormat.segmentSize - JournalFormat.headerLength else {
      return allocateAlone(size: size, initialize: initialize)
    }
    while true {
      let outcome = state.wait(atMost: Self.patience) { state in
        take(size, urgency: urgency, from: &state, initialize: initialize)
      }
      switch outcome {
      case .taken(let place, let isNews):
        if isNews { state.change { _ in } }
        return place
      case .full:
        return nil
      case nil:
        let isNews = state.withLock { state in
          defer { state.hasSaidStalled = true }
          return !state.hasSaidStalled
        }
        if isNews { say(.stalled) }
      }
    }
  }

  private enum Outcome {
    /// A place was taken; news for the thread that prepares segments is that more are needed.
    case taken(Place, isNews: Bool)
    case full
  }

  /// Takes a block from the space that is ready; `nil` if there will be more soon.
  private func take(
    _ size: Int, urgency: Urgency, from state: inout State, initialize: (Place) -> Bool
  ) -> Outcome? {
    var movedOn = false
    while true {
      let isLast = state.failure != nil && state.prepared.isEmpty
      let kept = isLast ? urgency.rawValue : 0
      if state.current.length - state.position >= size + kept {
        let place = Place(segment: state.current, offset: state.position)
        guard initialize(place) else { return .full }
        state.position += size
        // A short run never needs a second segment, and a long one has it in time.
        let isTime = !state.wantsMore && state.position > state.current.length / 4
        state.wantsMore = state.wantsMore || isTime
        return .taken(place, isNews: movedOn || isTime)
      }
      guard !state.prepared.isEmpty else {
        state.wantsMore = true
        return state.failure != nil || state.isStopping ? .full : nil
      }
      closeCurrent(&state)
      state.current = state.prepared.removeFirst()
      state.position = 0
      movedOn = true
    }
  }

  // MARK: - Segments

  /// Takes a segment of its own for a block that fits no other.
  private func allocateAlone(size: Int, initialize: (Place) -> Bool) -> Place? {
    let unit = JournalFormat.segmentSize
    let length = (size + unit - 1) / unit * unit
    let offset = state.withLock { state in
      defer { state.reservedEnd += Int64(length) }
      return state.reservedEnd
    }
    guard
      let segment = try? Self.makeSegment(file: file, offset: offset, length: length, mode: mode)
    else { return nil }
    let place = Place(segment: segment, offset: 0)
    guard initialize(place) else { return nil }
    state.withLock { $0.aloneEnd = max($0.aloneEnd, offset + Int64(size)) }
    return place
  }

  private func prepareSegments() {
    let length = JournalFormat.segmentSize
    while let offset = waitForNeed(length) {
      let segment: Segment
      do throws(Errno) {
        segment = try Self.makeSegment(file: file, offset: offset, length: length, mode: mode)
      } catch {
        noteNoSpace(error, at: offset, length: length)
        _ = state.wait(atMost: Self.retryInterval) { $0.isStopping ? true : nil }
        continue
      }
      state.change { state in
        state.prepared.append(segment)
        state.hasSaidStalled = false
        if state.failure != nil, mode == .mapped {
          state.failure = nil
          say(.recovered)
        }
      }
    }
  }

  /// Waits until another segment is needed; returns where it goes, or `nil` at the end.
  private func waitForNeed(_ length: Int) -> Int64? {
    let offset = state.wait { state -> Int64?? in
      if state.isStopping { return .some(nil) }
      guard state.wantsMore, state.prepared.count < Self.segmentsAhead else { return nil }
      defer { state.reservedEnd += Int64(length) }
      return state.reservedEnd
    }
    return offset ?? nil
  }

  private func noteNoSpace(_ error: Errno, at offset: Int64, length: Int) {
    state.change { state in
      if state.reservedEnd == offset + Int64(length) {
        // Gives back the part that was reserved before the disk was full.
        _ = ftruncate(file.rawValue, off_t(offset))
        state.reservedEnd = offset
      }
      if state.failure == nil { say(.full(reason: error.description)) }
      state.failure = error
    }
  }

  private static func makeSegment(
    file: FileDescriptor, offset: Int64, length: Int, mode: JournalMode
  ) throws(Errno) -> Segment {
    if mode == .mapped {
      let number = grail_reserve(file.rawValue, offset, Int64(length))
      guard number == 0 else { throw Errno(rawValue: number) }
    }
    guard
      let segment = Segment(file: file, offset: offset, length: length, isMapped: mode == .mapped)
    else { throw Errno(rawValue: errno) }
    return segment
  }

  /// Fills the rest of the current segment with a block of padding.
  private func closeCurrent(_ state: inout State) {
    let rest = state.current.length - state.position
    guard rest > 0 else { return }
    // Without the padding a reader finds zeros and goes on at the next segment: nothing is lost.
    _ = write(
      BlockHeader(kind: .padding, size: rest),
      at: Place(
        segment: state.current, offset: state.position), salt: 0)
  }

  /// Writes the header of a new block.
  ///
  /// - Returns: Whether the file has it.
  func write(_ header: BlockHeader, at place: Place, salt: UInt32) -> Bool {
    let bytes = header.bytes(salt: salt)
    let address = place.segment.memory + place.offset
    // The first word last: whoever sees it sees the rest.
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress {
        (address + 8).copyMemory(from: start + 8, byteCount: bytes.count - 8)
        grail_store_release(address, source.loadUnaligned(as: UInt64.self))
      }
    }
    return flush(place, offset: 0, count: bytes.count)
  }

  /// Brings a part of a block to the file, where memory is not the file itself.
  ///
  /// - Returns: Whether the file has it.
  func flush(_ place: Place, offset: Int, count: Int) -> Bool {
    if place.segment.isMapped { return true }
    let bytes = UnsafeRawBufferPointer(
      start: place.segment.memory + place.offset + offset, count: count)
    do {
      try file.writeAll(
        toAbsoluteOffset: place.segment.fileOffset + Int64(place.offset + offset), bytes)
      if isFailing.load(ordering: .relaxed), isFailing.exchange(false, ordering: .relaxed) {
        say(.recovered)
      }
      return true
    } catch {
      if !isFailing.exchange(true, ordering: .relaxed) { say(.full(reason: "\(error)")) }
      return false
    }
  }

  /// Tells on a thread of its own, because whoever hears of it may log.
  private func say(_ notice: JournalNotice) {
    WorkerThread.detach { [notify] in notify(notice) }
  }
}
