/// Receives what happens in runs, to keep it in a store or tell somebody.
///
/// An observer receives the events of one run in the order of its journal, in batches, and
/// returns when they are stored. It may throw: the same batch then comes again, perhaps from
/// another process, so an observer must recognize by run key and offset what it already has and
/// keep nothing twice. Batches of one run never overlap in time; those of different runs may. A run's first
/// event says that it started or was queued; after the event that says how it ended no more come,
/// unless another process continues the run. What the run printed comes in pieces, in order.
///
/// A call is cancelled after 30 seconds, and the batch comes again when it has returned; a call that
/// does not return even then is left behind. The observer's code runs on a thread of its own, so it may
/// block. Beats of the heart come seldom: of several, the last.
///
/// Whatever an observer does, it never slows, ends or loses a run.
public protocol RunObserver: Sendable {
  /// Stores a batch of events.
  ///
  /// - Parameter batch: The next events of one run.
  /// - Throws: Any error; the batch will be delivered again.
  func record(_ batch: RunEventBatch) async throws
}

/// Some consecutive events of one run.
public struct RunEventBatch: Sendable {
  /// The run.
  public var key: RunKey
  /// The number of the run's events that come before this batch.
  public var offset: Int64
  /// The events, in the order of the run's journal.
  public var events: [RunEvent]
  /// The run as these events leave it.
  public var record: RunRecord
  /// Reads the content of an artifact, resource or source, by its `storedPath`.
  public var contents: @Sendable (_ storedPath: String) throws -> [UInt8]

  /// Creates a batch.
  ///
  /// - Parameters:
  ///   - key: The run.
  ///   - offset: The number of the run's events that come before this batch.
  ///   - events: The events, in order.
  ///   - record: The run as these events leave it.
  ///   - contents: Reads the content of a file by its `storedPath`.
  public init(
    key: RunKey, offset: Int64, events: [RunEvent], record: RunRecord,
    contents: @escaping @Sendable (_ storedPath: String) throws -> [UInt8]
  ) {
    (self.key, self.offset, self.events) = (key, offset, events)
    (self.record, self.contents) = (record, contents)
  }
}

/// Why an observer could not store a batch, with what it knows of another try.
///
/// An observer may throw any error; this one says when to come again, or that no other try can
/// succeed.
public struct DeliveryError: Error, Hashable, CustomStringConvertible {
  /// What was found, in one line without secrets.
  public var message: String
  /// The time after which another try makes sense; `nil` leaves it to whoever delivers.
  public var retryAfter: Duration?
  /// Whether no other try can succeed: the batch is given up, and the run says so.
  public var isFinal: Bool

  /// The message.
  public var description: String { message }

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - message: What was found, in one line without secrets.
  ///   - retryAfter: The time after which another try makes sense.
  ///   - isFinal: Whether no other try can succeed.
  public init(_ message: String, retryAfter: Duration? = nil, isFinal: Bool = false) {
    (self.message, self.retryAfter, self.isFinal) = (message, retryAfter, isFinal)
  }
}
