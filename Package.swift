// swift-tools-version: 6.2

import CompilerPluginSupport
import PackageDescription

// A library of swift-syntax, which nobody builds without the trait Macros.
func syntax(_ product: String) -> Target.Dependency {
  .product(name: product, package: "swift-syntax", condition: .when(traits: ["Macros"]))
}

// The map of the rooms: each target has one job, and none imports upward.
let package = Package(
  name: "grail",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Grail", targets: ["Grail"]),
    .library(name: "GrailNotify", targets: ["GrailNotify"]),
    .library(name: "GrailStore", targets: ["GrailStore"]),
    .library(name: "GrailTesting", targets: ["GrailTesting"]),
  ],
  traits: [
    .trait(
      name: "Macros",
      description: "The macro @Config: configurations whose defaults depend on each other."),
    .trait(name: "YAML", description: "Configuration files in YAML; links all of Foundation."),
    .default(enabledTraits: ["Macros", "YAML"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // Values of the domain, protocols; no I/O.
    .target(
      name: "GrailCore",
      dependencies: [.product(name: "OrderedCollections", package: "swift-collections")]),

    // One run on disk: layout, journal, Sacred's file formats.
    .target(
      name: "GrailRecord",
      dependencies: [
        "CGrailRecord", "GrailCore",
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "CGrailRecord"),

    // A run while it goes on: recording, heartbeats, endings, the untyped configuration.
    .target(
      name: "GrailRun",
      dependencies: [
        "CGrailRecord", "GrailCore", "GrailRecord",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Yams", package: "Yams", condition: .when(traits: ["YAML"])),
      ]),

    // What an experiment imports.
    .target(
      name: "Grail",
      dependencies: [
        .target(name: "GrailMacros", condition: .when(traits: ["Macros"])),
        "GrailCore", "GrailRecord", "GrailRun",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Observers that tell somebody: web hooks, Slack, Telegram. The only target with a web client.
    .target(
      name: "GrailNotify",
      dependencies: [
        "GrailCore", "GrailRecord",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Many runs: the file store, its index, what people add later.
    .target(
      name: "GrailStore",
      dependencies: [
        "CGrailRecord", "GrailCore", "GrailRecord",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Runs as one file: tar and zip, written and read. zlib is each system's.
    .target(
      name: "GrailArchive",
      dependencies: [
        "CZlib", "GrailCore", "GrailRecord", "GrailStore",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

    // The tool: it parses, calls and prints.
    .executableTarget(name: "grail", dependencies: ["GrailCommand"]),
    .target(
      name: "GrailCommand",
      dependencies: [
        "CGrailRecord", "GrailArchive", "GrailCore", "GrailRecord", "GrailStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // The macro's plugin: the only target that sees swift-syntax, and only with the trait Macros.
    .macro(
      name: "GrailMacros",
      dependencies: [
        "SwiftCompilerPlugin", "SwiftDiagnostics", "SwiftSyntax", "SwiftSyntaxBuilder",
        "SwiftSyntaxMacros",
      ]
      .map { syntax($0) }),

    // For tests, ours and others': in-memory stand-ins and the protocols' checks.
    .target(
      name: "GrailTesting",
      dependencies: [
        "GrailCore", .product(name: "OrderedCollections", package: "swift-collections"),
      ]),

    // Examples: programs of their own, which every check builds.
    .executableTarget(name: "Hello", dependencies: ["Grail"], path: "Examples/Hello"),
    .executableTarget(name: "Curve", dependencies: ["Grail"], path: "Examples/Curve"),
    .executableTarget(
      name: "Digits",
      dependencies: ["Grail"],
      path: "Examples/Digits",
      // Training is arithmetic: optimized in a debug build too, it takes a second, not a minute.
      swiftSettings: [.unsafeFlags(["-O"])]),

    // Experiments that the tests run as programs, chosen by the environment's EXPERIMENT.
    .executableTarget(
      name: "test-experiments",
      dependencies: [
        "Grail", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Programs/Experiments",
      // It logs more than a million points; optimized, that takes a moment.
      swiftSettings: [.unsafeFlags(["-O"])]),

    // Programs that tests start.
    .executableTarget(
      name: "killed-logger", dependencies: ["CGrailRecord", "GrailCore", "GrailRecord"],
      path: "Tests/Programs/KilledLogger"),
    // Benchmarks measure the tool on what it writes.
    .executableTarget(
      name: "many-runs",
      dependencies: [
        "CGrailRecord", "GrailCore", "GrailRecord",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      path: "Tests/Programs/ManyRuns"),

    // What the tests of several targets need.
    .target(name: "TestSupport", dependencies: ["GrailCore"], path: "Tests/Support"),

    .testTarget(
      name: "GrailCoreTests",
      dependencies: [
        "GrailCore", "TestSupport",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .testTarget(
      name: "GrailRecordTests",
      dependencies: [
        "CGrailRecord", "GrailCore", "GrailRecord", "TestSupport", "killed-logger",
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "GrailMacrosTests",
      dependencies: [.target(name: "GrailMacros", condition: .when(traits: ["Macros"]))]
        + [
          "SwiftDiagnostics", "SwiftParser", "SwiftSyntax", "SwiftSyntaxBuilder",
          "SwiftSyntaxMacroExpansion",
          "SwiftSyntaxMacros", "SwiftSyntaxMacrosGenericTestSupport",
        ].map { syntax($0) }),
    // The macro for real.
    .testTarget(
      name: "GrailConfigTests",
      dependencies: [
        "Grail", "GrailCore", "GrailRecord", "GrailRun", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .testTarget(
      name: "GrailNotifyTests",
      dependencies: [
        "GrailCore", "GrailNotify", "GrailRecord", "TestSupport",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .testTarget(
      name: "GrailStoreTests",
      dependencies: [
        "GrailCore", "GrailRecord", "GrailStore", "GrailTesting", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .testTarget(
      name: "GrailArchiveTests",
      dependencies: [
        "GrailArchive", "GrailCore", "GrailRecord", "GrailStore", "TestSupport",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(
      name: "GrailCommandTests",
      dependencies: [
        "GrailCommand", "GrailCore", "GrailRecord", "GrailStore", "TestSupport", "grail",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .testTarget(name: "GrailTestingTests", dependencies: ["GrailCore", "GrailTesting"]),
    .testTarget(
      name: "GrailRunTests",
      dependencies: [
        "GrailCore", "GrailRecord", "GrailRun", "GrailTesting", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ]),
    .testTarget(
      name: "GrailTests",
      dependencies: [
        "Curve", "Digits", "Grail", "GrailCore", "GrailRecord", "GrailRun", "Hello",
        "TestSupport", "test-experiments",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

let features = [
  "ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault",
  "NonisolatedNonsendingByDefault", "InferIsolatedConformances", "ImmutableWeakCaptures",
]
for target in package.targets where target.type != .plugin && target.type != .system {
  target.swiftSettings =
    (target.swiftSettings ?? []) + features.map { .enableUpcomingFeature($0) }
    + [.treatAllWarnings(as: .error)]
}

// Scripts/fuzz builds a program that looks for bytes that crash the readers.
if Context.environment["GRAIL_FUZZ"] != nil {
  let ours = ["GrailArchive", "GrailCore", "GrailRecord"]
  for target in package.targets where ours.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-O", "-sanitize=fuzzer"]))
  }
  package.targets.append(
    .executableTarget(
      name: "Fuzzer", dependencies: ours.map { .target(name: $0) }, path: "Fuzz",
      exclude: ["query.dict"],
      swiftSettings: [.unsafeFlags(["-O", "-parse-as-library", "-sanitize=fuzzer"])],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
}
