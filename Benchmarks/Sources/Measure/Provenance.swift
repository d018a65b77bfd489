import Foundation

/// Measures from start to exit hello world in a repository of 200 source files, beyond the same
/// program without Grail and without Foundation; and Sacred's own beside it.
func measureProvenance(folder: String) throws {
  var table = Table(
    "provenance of a repository of 200 sources: ms from start to exit, beyond a bare program")
  for link in ["dynamic", "static"] {
    let programs = URL(filePath: folder).appending(path: link)
    let (bare, hello) = (
      programs.appending(path: "bare").path, programs.appending(path: "hello").path
    )
    let store = try Folder()
    // The first fills the store; the second finds files that are old enough to be known by now.
    run(hello, store: store.path + "/runs")
    Thread.sleep(forTimeInterval: 1.5)
    run(hello, store: store.path + "/runs")
    var (bareTimes, warm, first): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<60 {
      bareTimes.append(seconds { run(bare, store: store.path + "/runs") } * 1000)
      warm.append(seconds { run(hello, store: store.path + "/runs") } * 1000)
    }
    for _ in 0..<20 {
      let store = try Folder()
      first.append(seconds { run(hello, store: store.path + "/runs") } * 1000)
    }
    let base = Rounds(bareTimes).median
    table.add("\(link) link, a bare program itself", Rounds(bareTimes).text())
    table.add("\(link) link, warm", Rounds(warm.map { $0 - base }).text(), aim: "≤ 15")
    table.add(
      "\(link) link, first run of a store and of the program",
      Rounds(first.map { $0 - base }).text())
  }
  if let python = argument("--python") {
    let store = try Folder()
    let script = folder + "/python/main.py"
    run(python, [script], store: store.path)
    var (bareTimes, sacred): ([Double], [Double]) = ([], [])
    for _ in 0..<10 {
      bareTimes.append(seconds { run(python, ["-c", "print('Hello world!')"], store: "") } * 1000)
      sacred.append(seconds { run(python, [script], store: store.path) } * 1000)
    }
    let base = Rounds(bareTimes).median
    table.add("Sacred, beyond a bare Python program", Rounds(sacred.map { $0 - base }).text(0))
  }
  table.show()
}
