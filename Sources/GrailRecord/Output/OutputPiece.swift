public import GrailCore

/// A piece of a run's output that came at one time on one stream, or that is missing.
public struct OutputPiece: Hashable, Sendable {
  /// The bytes of `cout.txt`; none where something is missing.
  public var range: Range<Int64>
  /// When it was read; `nil` if nothing says.
  public var time: Timestamp?
  /// The stream; `nil` if it is not known, as where both led to one place.
  public var stream: StandardStream?
  /// The number of bytes that were printed here and could not be recorded.
  public var lostByteCount: Int64

  /// Creates a piece.
  ///
  /// - Parameters:
  ///   - range: The bytes of `cout.txt`.
  ///   - time: When it was read.
  ///   - stream: The stream.
  ///   - lostByteCount: The number of bytes that could not be recorded.
  public init(
    range: Range<Int64>, time: Timestamp? = nil, stream: StandardStream? = nil,
    lostByteCount: Int64 = 0
  ) {
    (self.range, self.time, self.stream) = (range, time, stream)
    self.lostByteCount = lostByteCount
  }
}
