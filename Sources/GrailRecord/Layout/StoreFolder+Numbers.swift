import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers that were given to runs, so that none is given twice.
///
/// The last one is kept in a file, because a look at the folder takes the longer the more runs there
/// are. Sacred, people and copies of a store know nothing of that file.
extension StoreFolder {
  private var lastIDPath: String { "\(path)/\(Self.ownFolder)/last-id" }

  /// The last number that was given; `nil` if it is not known, or others than starters of runs have
  /// added or removed something since.
  var lastID: Int64? {
    guard let number = noted, let file = try? Stat(FilePath(lastIDPath)),
      let folder = try? Stat(FilePath(path)),
      folder.st_ctim.tv_sec - file.st_mtim.tv_sec <= Self.startingTime
    else { return nil }
    return number
  }

  /// The most seconds from the moment when a starter makes a run's directory until it has noted so.
  private static let startingTime = 10

  /// The highest number of a run that is there, was thrown away, or is gone and noted.
  ///
  /// - Complexity: O(runs)
  func highestID() -> Int64 {
    var highest = noted ?? 0
    for folder in [path, "\(path)/\(Self.ownFolder)/trash"] {
      Self.forEachName(in: folder) { name, _ in
        guard name.first.map(Self.isDigit) == true,
          let number = Self.number(ofID: String(decoding: name, as: UTF8.self))
        else { return }
        highest = max(highest, number)
      }
    }
    return highest
  }

  /// Keeps the id of a run that others chose from being given when that run is gone.
  package func keepID(_ id: String) {
    guard let number = Self.number(ofID: id) else { return }
    if let lastID {
      if number > lastID { note(number) }
    } else {
      note(max(number, highestID()))
    }
  }

  /// Notes the last number that was given.
  ///
  /// Two starters may overtake each other here, which matters only if the higher run is deleted
  /// before the next one starts.
  func note(_ number: Int64) {
    guard number >= noted ?? 0 else { return }
    try? AtomicFile.write(Array(String(number).utf8), to: lastIDPath)
  }

  private var noted: Int64? {
    guard let bytes = try? WholeFile.read(lastIDPath) else { return nil }
    return Self.number(ofID: String(decoding: bytes, as: UTF8.self))
  }

  /// Greater numbers are names like any other: counting goes on below them.
  private static let greatestNumber: Int64 = 1_000_000_000_000_000

  /// The number that an id is, as far as counting goes by it.
  private static func number(ofID id: String) -> Int64? {
    guard id.utf8.allSatisfy(isDigit), let number = Int64(id) else { return nil }
    return number <= greatestNumber ? number : nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
