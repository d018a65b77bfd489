import Foundation
import GrailCore
import TestSupport

/// A folder of a test's own, removed with it.
final class TemporaryFolder: Sendable {
  let url: URL

  init() {
    url = FileManager.default.temporaryDirectory.appending(path: "grail-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  deinit { try? FileManager.default.removeItem(at: url) }
}

extension RunKey {
  static var sample: RunKey {
    var generator = SeededGenerator(seed: 1)
    return RunKey(time: .sample, using: &generator)
  }
}

extension Timestamp {
  static let sample = Timestamp(microseconds: 1_700_000_000_000_000)
}

extension Double {
  /// Values of all the forms that a journal writes in different ways.
  static func sample(_ index: Int, using generator: inout SeededGenerator) -> Double {
    switch index % 10 {
    case 0: Double(bitPattern: generator.next())
    case 1: Double(Float.random(in: -1...1, using: &generator))
    case 2: Double(Int.random(in: -9...9, using: &generator))
    case 3: [.nan, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, 1e308][index / 10 % 7]
    case 4: 0.5
    case 5: Double(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
    default: .random(in: 0...1, using: &generator)
    }
  }
}

extension Int64 {
  /// Steps that go on, skip, repeat and go back.
  static func sampleStep(_ index: Int, using generator: inout SeededGenerator) -> Int64 {
    switch index % 100 {
    case 0: Int64(bitPattern: generator.next())
    case 1: [Int64.min, .max, 0, -1][index / 100 % 4]
    case 2..<10: .random(in: -1000...1000, using: &generator)
    default: Int64(index)
    }
  }
}
