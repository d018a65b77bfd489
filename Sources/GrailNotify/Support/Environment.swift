#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The variables of this process.
enum Environment {
  /// The variables by name.
  static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
