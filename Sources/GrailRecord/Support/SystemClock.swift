import CGrailRecord
package import GrailCore

/// The present moment, by the system's clocks.
package enum SystemClock {
  /// The present moment, to the microsecond.
  package static func now() -> Timestamp { Timestamp(microseconds: grail_clock_precise()) }

  /// The present moment, behind by a few milliseconds at most and quicker to tell.
  package static func coarseNow() -> Timestamp { Timestamp(microseconds: grail_clock_coarse()) }
}
