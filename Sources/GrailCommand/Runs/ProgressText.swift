import GrailCore

/// How far a loop has come, as people read it.
struct ProgressText {
  private let progress: ProgressRecord

  init(_ progress: ProgressRecord) { self.progress = progress }

  /// The share that is done, 0 to 1; `nil` where the total is not known.
  var share: Double? {
    guard let total = progress.total, total > 0 else { return nil }
    return min(1, max(0, Double(progress.completed) / Double(total)))
  }

  /// The count, such as `12 of 30`.
  var count: String {
    let completed = NumberText.text(ofCount: Int(progress.completed))
    return progress.total.map { "\(completed) of \(NumberText.text(ofCount: Int($0)))" }
      ?? completed
  }

  /// The share as a percentage; nothing where the total is not known.
  ///
  /// What is not done is never 100 %.
  var percentage: String { share.map { "\(Int(($0 * 100).rounded(.down)))%" } ?? "" }

  /// A bar of some columns; nothing where the total is not known.
  func bar(width: Int) -> String {
    guard let share, width > 0 else { return "" }
    let eighths = Int((share * Double(width) * 8).rounded(.down))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let whole = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    let length = eighths / 8 + (eighths % 8 > 0 ? 1 : 0)
    return whole + String(repeating: "░", count: width - length)
  }

  /// How much longer it takes at the pace so far.
  ///
  /// - Parameter now: The present moment.
  /// - Returns: The time; `nil` where that cannot be told, or it is done.
  func remaining(at now: Timestamp) -> Duration? {
    guard let total = progress.total, progress.completed > 0, total > progress.completed else {
      return nil
    }
    let seconds =
      Double(progress.time.since(progress.startTime).components.seconds)
      + Double(progress.time.since(progress.startTime).components.attoseconds) * 1e-18
    guard seconds > 0 else { return nil }
    let ahead = seconds / Double(progress.completed) * Double(total - progress.completed)
    let (since, _) = now.since(progress.time).components
    let left = max(0, ahead - Double(max(0, since)))
    return left < 1e12 ? .seconds(left) : nil
  }
}
