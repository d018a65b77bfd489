import Foundation
import GrailRecord
import TestSupport
import Testing

@testable import GrailRun

@Suite struct PackageSourcesTests {
  private let folder = TestFolder()

  /// A package `app` that was built with the local package `lib` and the fetched one `far`.
  private func build(name: String = "app") throws -> String {
    for file in [
      "app/Package.swift", "app/Package.resolved", "app/Sources/app/main.swift",
      "app/Sources/app/It's here.swift", "app/Sources/app/.hidden.swift", "app/Sources/app/x.json",
      "app/Sources/Other/Other.swift", "app/Sources/CPart/part.c",
      "app/Sources/CPart/include/part.h",
      "app/.env", "lib/Package.swift", "lib/Sources/Lib/Lib.swift", "lib/.secret/Key.swift",
      "app/.build/checkouts/far/Package.swift", "app/.build/checkouts/far/Sources/Far.swift",
    ] {
      try folder.write(file, to: file)
    }
    let place = "app/.build/triple/debug"
    let objects = [
      "app.build/main.swift.o", "Lib.build/Lib.swift.o", "Far.build/Far.swift.o",
      "CPart.build/sub/part.c.o", "Gone.build/a.o",
    ]
    try folder.write(
      objects.map { folder.path("\(place)/\($0)") }.joined(separator: "\n"),
      to: "\(place)/\(name).product/Objects.LinkFileList")
    let hidden = folder.path("app/Sources/app/.hidden.swift")
    let quoted = "'" + folder.path("app/Sources/app/It'\\''s here.swift") + "'"
    let main = folder.path("app/Sources/app/main.swift")
    try folder.write("\(main)\n\(quoted)\n\(hidden)\n", to: "\(place)/app.build/sources")
    try folder.write(
      "\(folder.path("lib/Sources/Lib/Lib.swift"))\n\(folder.path("lib/.secret/Key.swift"))\n"
        + folder.path("app/.build/triple/debug/Lib.build/DerivedSources/accessor.swift"),
      to: "\(place)/Lib.build/sources")
    try folder.write(
      folder.path("app/.build/checkouts/far/Sources/Far.swift"), to: "\(place)/Far.build/sources")
    let c = folder.path("app/Sources/CPart")
    try folder.write(
      "dependencies: \(c)/part.c \\\n  \(c)/include/part.h \\\n  /usr/include/stdio.h\n",
      to: "\(place)/CPart.build/sub/part.c.d")
    return folder.path("\(place)/\(name)")
  }

  private func names(_ sources: PackageSources) -> [String] {
    sources.files.map { $0.path.relative(to: sources.baseDirectory) }
  }

  @Test(arguments: ["app", "app.xctest"])
  func `takes what the program was built from, with local packages`(name: String) throws {
    let executable = try build(name: "app")
    let found = try #require(
      PackageSources(
        declaredIn: folder.path("app/Sources/app/main.swift"),
        build: BuildFolder(executable: executable.folder + "/" + name)))
    #expect(found.baseDirectory == folder.path("app"))
    #expect(found.mainFile == "Sources/app/main.swift")
    #expect(
      names(found) == [
        "Package.resolved", "Package.swift", "Sources/CPart/include/part.h",
        "Sources/CPart/part.c", "Sources/app/It's here.swift", "Sources/app/main.swift",
        "../lib/Package.swift", "../lib/Sources/Lib/Lib.swift",
      ])
  }

  @Test func `takes the package's sources where nothing was left of the build`() throws {
    _ = try build()
    let found = try #require(
      PackageSources(
        declaredIn: folder.path("app/Sources/app/main.swift"),
        build: BuildFolder(executable: "/bin/sh"), further: ["Sources/app/x.json", "missing"]))
    #expect(
      names(found) == [
        "Package.resolved", "Package.swift", "Sources/CPart/include/part.h",
        "Sources/CPart/part.c", "Sources/Other/Other.swift", "Sources/app/It's here.swift",
        "Sources/app/main.swift", "Sources/app/x.json",
      ])
  }

  @Test func `a file in no package is its only source`() throws {
    let file = try folder.write("print()", to: "alone/main.swift")
    try folder.write("", to: "alone/other.swift")
    let found = try #require(PackageSources(declaredIn: file, build: nil))
    #expect(found.baseDirectory == folder.path("alone") && names(found) == ["main.swift"])
  }

  @Test func `a file that is not here has no sources`() {
    #expect(PackageSources(declaredIn: folder.path("main.swift"), build: nil) == nil)
  }

  @Test func `what is too large, and too many, is counted and left out`() throws {
    let file = try folder.write("", to: "p/Sources/main.swift")
    try folder.write("", to: "p/Package.swift")
    try folder.write(String(repeating: "/", count: 1 << 20 | 1), to: "p/Sources/large.swift")
    let found = try #require(PackageSources(declaredIn: file, build: nil))
    #expect(names(found) == ["Package.swift", "Sources/main.swift"] && found.omittedCount == 1)
  }

  @Test(arguments: [
    ("/a/b/c", "/a/b", "c"), ("/a/b/c", "/a/d/e", "../../b/c"), ("/a/bc", "/a/b", "../bc"),
    ("/a/b", "/c", "/a/b"),
  ])
  func `says where a file lies from a folder`(path: String, base: String, expected: String) {
    #expect(path.relative(to: base) == expected)
  }

  // MARK: - Versions

  @Test func `what was built says the versions`() throws {
    try folder.write(
      """
      {"object": {"dependencies": [
        {"packageRef": {"identity": "swift-log"},
          "state": {"name": "sourceControlCheckout",
            "checkoutState": {"revision": "abc", "version": "1.6.0"}}},
        {"packageRef": {"identity": "Branched"},
          "state": {"checkoutState": {"branch": "main", "revision": "0123456789abcdef"}}},
        {"packageRef": {"identity": "fixed"},
          "state": {"checkoutState": {"revision": "0123456789abcdef"}}},
        {"packageRef": {"identity": "registered"}, "state": {"version": "2.0.0"}},
        {"packageRef": {"identity": "lib"}, "state": {"name": "fileSystem", "path": "/lib"}}
      ]}, "version": 7}
      """, to: "scratch/workspace-state.json")
    #expect(
      ResolvedPackages.built(in: folder.path("scratch")) == [
        "Branched==main@0123456789ab", "fixed==0123456789ab", "lib==local", "registered==2.0.0",
        "swift-log==1.6.0",
      ])
  }

  @Test(arguments: [
    #"{"pins": [{"identity": "a", "state": {"revision": "r", "version": "1.0.0"}}], "version": 3}"#,
    #"{"object": {"pins": [{"package": "a", "state": {"version": "1.0.0"}}]}, "version": 1}"#,
  ])
  func `the package's file says the versions where nothing was built`(text: String) throws {
    try folder.write(text, to: "Package.resolved")
    #expect(ResolvedPackages.built(in: folder.path) == nil)
    #expect(ResolvedPackages.pinned(by: folder.path) == ["a==1.0.0"])
  }

  @Test(arguments: ["", "{", "[]", #"{"pins": 3}"#, #"{"pins": [{}, 3, {"identity": 1}]}"#])
  func `a damaged file has no versions`(text: String) throws {
    try folder.write(text, to: "Package.resolved")
    #expect(ResolvedPackages.pinned(by: folder.path) == [])
  }
}
