import Grail

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the experiment `ending` ends.
struct EndingSettings: Configurable {
  var how = "return"
  var code = 3
  var lines = 10
  var seconds = 30.0
}

/// An error that another one caused.
struct Outer: Error, CustomStringConvertible {
  var cause: any Error
  var description: String { "the outer part failed" }
}

/// An experiment that prints, and ends in whatever way it is told to.
let ending = makeEnding()

private func makeEnding() -> Experiment<EndingSettings> {
  let experiment = Experiment("ending", config: EndingSettings.self) { run in
    for line in 0..<run.config.lines { print("line \(line)") }
    try await end(run.config, run)
    return "returned"
  }
  experiment.interruptHook { run in
    print("cleaning up")
    run.info["cleaned"] = true
    if run.config.how == "clean slowly" { sleep(20) }
  }
  experiment.preRunHook { run in
    if run.config.how == "crash in hook" { crash() }
  }
  return experiment
}

private func end(_ config: EndingSettings, _ run: Run) async throws {
  switch config.how {
  case "return": break
  case "exit": exit(Int32(config.code))
  case "_exit": _exit(Int32(config.code))
  case "kill": kill(getpid(), SIGKILL)
  case "abort": abort()
  case "segfault": crash()
  case "fatal":
    print("in the middle of a ", terminator: "")
    fatalError("nothing goes on here")
  case "index":
    let numbers = [1, 2, 3]
    print(numbers[config.code])
  case "overflow": print(descend(config.code))
  case "throw": throw Outer(cause: BrokenPart())
  case "status": throw RunInterrupt("DIVERGED", "the loss is NaN")
  case "sleep": try await Task.sleep(for: .seconds(config.seconds))
  case "busy", "clean slowly":
    print("busy")
    for _ in 0..<Int(config.seconds * 100) { usleep(10_000) }
  case "child": system("echo from a child; echo its errors 1>&2")
  case "daemon": system("(sleep 3; echo late) &")
  case "many": for line in 0..<1_000_000 { print("a line of some length, number \(line)") }
  default: fatalError("there is no ending '\(config.how)'")
  }
}

private func crash() {
  let address = UnsafeMutablePointer<Int>(bitPattern: 8)
  address?.pointee = 1
}

private func descend(_ depth: Int) -> Int {
  var room = [Int](repeating: depth, count: 8)
  if depth &+ 1 != .min { room[depth & 7] += descend(depth &+ 1) }
  return room.reduce(0, &+)
}
