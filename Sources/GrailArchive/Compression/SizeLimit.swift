import GrailCore

/// How much an archive may hold: what a few bytes expand to can fill any disk.
struct SizeLimit: Hashable, Sendable {
  private let mostBytes: Int64
  private let origin: String

  /// What was asked for, or else 100 times the size of the archive, and 1 GiB at least.
  init(ofArchive byteCount: Int64, asked: Int64? = nil) {
    if let asked {
      (mostBytes, origin) = (asked, "--max-size")
      return
    }
    let (times, isTooGreat) = byteCount.multipliedReportingOverflow(by: Self.usualRatio)
    let ratio = isTooGreat ? Int64.max : times
    mostBytes = max(ratio, Self.alwaysAllowed)
    origin = ratio > Self.alwaysAllowed ? "\(Self.usualRatio) times its size" : "1 GiB"
  }

  private static let usualRatio: Int64 = 100
  private static let alwaysAllowed: Int64 = 1 << 30
  /// An empty file takes space too.
  private static let fileByteCount: Int64 = 4096

  /// What a file of a size takes on a disk.
  static func space(_ byteCount: Int64) -> Int64 { max(byteCount, fileByteCount) }

  /// Checks that what is unpacked so far is not too much.
  ///
  /// - Throws: ``ArchiveError`` if it is.
  func check(_ byteCount: Int64) throws(ArchiveError) {
    guard byteCount > mostBytes else { return }
    throw ArchiveError(
      "it unpacks to more than \(origin); if it is to be so large, allow it, such as with "
        + "--max-size 100GiB")
  }
}
