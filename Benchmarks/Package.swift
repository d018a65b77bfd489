// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that nothing of it reaches those who use Grail; it sees what they see.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  // Without the macro: nothing here needs it, and optimizing swift-syntax takes minutes.
  dependencies: [.package(name: "grail", path: "..", traits: ["YAML"])],
  targets: [
    // Measures, and is its own child process where memory, crashes or a cold start are measured.
    .executableTarget(
      name: "measure", dependencies: [.product(name: "Grail", package: "grail")],
      path: "Sources/Measure"),
    // The same program with and without Grail.
    .executableTarget(
      name: "hello", dependencies: [.product(name: "Grail", package: "grail")],
      path: "Sources/Hello"),
    .executableTarget(name: "bare", path: "Sources/Bare"),
  ],
  swiftLanguageModes: [.v6]
)
