import Foundation
import Grail

/// An experiment that does what its standard input says, line by line, and answers each line.
///
/// `log N` logs N points, `child` starts a process that stays, `fork` one that is a copy of this,
/// `end` ends.
let obedient = Experiment("obedient") { run in
  let loss = run.metric("loss")
  var count = 0
  answer("started \(run.directory)")
  while let line = readLine() {
    let words = line.split(separator: " ")
    switch words.first {
    case "log":
      for _ in 0..<(Int(words.last ?? "") ?? 0) {
        loss.log(Double(count), step: count)
        count += 1
      }
      answer("logged \(count)")
    case "child":
      let child = Process()
      child.executableURL = URL(filePath: "/bin/sleep")
      child.arguments = ["60"]
      child.standardInput = FileHandle.nullDevice
      child.standardOutput = FileHandle.nullDevice
      child.standardError = FileHandle.nullDevice
      try child.run()
      answer("child \(child.processIdentifier)")
    case "end":
      return count
    default:
      answer("what is '\(line)'?")
    }
  }
  return count
}

private func answer(_ line: String) {
  print(line)
  fflush(nil)
}
