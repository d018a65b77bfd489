// Measures Grail through what any program that uses it sees. Names of parts as arguments run
// these alone: logging, latency, space, memory, reading, crashes, start, delivery, output. What a
// run's provenance takes is measured with the package that Benchmarks/make-provenance-package made
// in a folder: --provenance FOLDER; what many runs in a store cost, with the tool and what writes
// them: --store GRAIL MANY-RUNS [COUNT…].

import Foundation
import Grail

if let part = argument("--child") {
  let place = CommandLine.arguments.firstIndex(of: "--child") ?? 0
  try await runAsChild(part, Array(CommandLine.arguments.dropFirst(place + 2)))
} else if let tool = argument("--store") {
  let words = CommandLine.arguments.drop { $0 != "--store" }.dropFirst(2)
  let counts = words.dropFirst().compactMap { Int($0) }
  try await measureStore(
    tool: tool, writer: words.first ?? "",
    counts: counts.isEmpty ? [1000, 10_000, 100_000] : counts
  )
} else if let folder = argument("--provenance") {
  try measureProvenance(folder: folder)
} else {
  let wanted = CommandLine.arguments.dropFirst()
  func isWanted(_ part: String) -> Bool { wanted.isEmpty || wanted.contains(part) }
  if isWanted("logging") { try await measureLogging() }
  if isWanted("latency") { try await measureLatency() }
  if isWanted("space") { try await measureSpace() }
  if isWanted("memory") { try measureMemory() }
  if isWanted("reading") { try await measureReading() }
  if isWanted("start") { try measureStart() }
  if isWanted("crashes") { try measureCrashes() }
  if isWanted("delivery") { try await measureDelivery() }
  if isWanted("output") { try measureOutput() }
}
