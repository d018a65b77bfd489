#if Macros
  import Grail

  #if canImport(FoundationEssentials)
    import FoundationEssentials
  #else
    import Foundation
  #endif

  /// One property of every kind.
  @Config final class Every {
    var count = 3
    var small: UInt8 = 7
    var rate = 0.5
    var single: Float = 0.1
    var fast = false
    var name = "a b"
    var site = URL(filePath: "/data")
    var link: URL?
    var day = Date(timeIntervalSince1970: 0)
    var wait = Duration.seconds(90)
    var waits: [Duration] = []
    var color = Color.red
    var colors: [Color] = []
    var level = Level.low
    var maybe: Level?
    var note: String?
    var limit: Int?
    var widths = [32, 32]
    var grid: [[Double]] = []
    var bounds = ["low": 0.0]
    var table: [String: [Int]] = [:]
    var palette: [Color: Int] = [:]
    var tags: Set<String> = []
    var point = Spot()
    var spot: Spot?
    var spots: [Spot] = []
    var login = Login()
    var logins: [Login] = []
    var maybeLogin: Login?
    var token = Secret<String>()
    var port = Secret<Int>(8080)
    var tokens: [Secret<String>] = []
    var keys: [String: Secret<String>] = [:]
    var images = Images()
  }

  enum Color: String, Codable, CaseIterable, CodingKeyRepresentable, Sendable { case red, green }

  enum Level: Int, Codable, Sendable { case low = 1, high = 5 }

  struct Spot: Codable, Hashable, Sendable {
    var x = 1
    var y = 2.5
    var label: String?
  }

  /// A struct with a secret in it, whose element types nobody sees in an empty list.
  struct Login: Codable, Sendable {
    var user = "me"
    var password = Secret<String>()
  }
#endif
