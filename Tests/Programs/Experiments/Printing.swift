import Grail
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the experiment `printing` prints.
struct PrintingSettings: Configurable {
  var what = "lines"
  var count = 1000
  /// A file of two words of 64 bits, which two threads count in what they have printed.
  var counts = ""
}

private let childEnds = Atomic<Int>(0)

/// An experiment that prints with the system's own calls, in whatever way it is told to.
let printing: Experiment<PrintingSettings> = {
  // From before the capture on: it has no child that the program would hear of.
  signal(SIGCHLD) { _ in childEnds.add(1, ordering: .relaxed) }
  let experiment = Experiment("printing", config: PrintingSettings.self) { run in
    try await show(run.config, in: run)
  }
  experiment.optionHook { settings in
    let redactions = getenv("REDACT").map { String(cString: $0) } ?? ""
    settings.output.redactions = redactions.split(separator: " ").map(String.init)
  }
  return experiment
}()

private func show(_ config: PrintingSettings, in run: Run) async throws {
  switch config.what {
  case "lines": for number in 0..<config.count { put("line \(number)\n") }
  case "in turn": for number in 0..<config.count { put("line \(number)\n", to: 1 + number % 2) }
  case "children": system("echo one; echo two 1>&2; (echo three)")
  case "both":
    await withTaskGroup(of: Void.self) { group in
      let words = sharedWords(config.counts)
      for (word, name) in ["a", "b"].enumerated() {
        group.addTask {
          for number in 0..<UInt64(config.count) {
            put("\(name) \(number)\n", to: 1 + word)
            words?.set(word, number + 1)
          }
        }
      }
    }
  case "secret":
    put("the key is sec")
    usleep(100_000)
    put("ret-1234, and secret-99 again\nno newline, secret-5")
  case "terminal":
    var size = winsize()
    let found = ioctl(1, UInt(TIOCGWINSZ), &size)
    put("\(isatty(1)) \(isatty(2)) \(found == 0 ? "\(size.ws_row) x \(size.ws_col)" : "no size")\n")
    put("on errors\n", to: 2)
  case "stranger":
    var met = waitpid(-1, nil, WNOHANG)
    let reason = errno
    usleep(200_000)
    if met < 0 { met = waitpid(-1, nil, WNOHANG) }
    put("met \(met), \(reason == ECHILD), heard of \(childEnds.load(ordering: .relaxed))\n")
  case "daemon":
    system("(trap 'echo broken >> pipe' PIPE; sleep 3; echo late; echo \"wrote $?\" >> late) &")
  case "zeros", "zeros slowly":
    let bytes = [UInt8](repeating: 0x61, count: 1 << 16)
    for _ in 0..<config.count {
      _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
      if config.what != "zeros" { usleep(25_000) }
    }
  case "wait":
    put("printing\n")
    try await Task.sleep(for: .seconds(config.count))
  case "until killed": while true { put("again and again\n"); usleep(1000) }
  case "watched":
    // Prints until the capturing processes are dead, and what comes then too.
    put("before\n")
    for _ in 0..<200 where access("go on", F_OK) != 0 { usleep(20_000) }
    for number in 0..<config.count { put("after \(number)\n") }
  case "alarm":
    alarm(1)
    sleep(5)
    put("went on\n")
  default: fatalError("there is nothing '\(config.what)' to print")
  }
}

/// Writes a text whole, past everything that holds something back.
private func put(_ text: String, to file: Int = 1) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(Int32(file), $0.baseAddress, $0.count) }
    guard count > 0 else { return }
    bytes = bytes.dropFirst(count)
  }
}

/// Two words in a file that the tests read.
///
/// Sendable although unchecked: each thread has a word of its own.
private struct SharedWords: @unchecked Sendable {
  let memory: UnsafeMutablePointer<UInt64>
  func set(_ word: Int, _ value: UInt64) { memory[word] = value }
}

private func sharedWords(_ path: String) -> SharedWords? {
  let file = open(path, O_RDWR)
  guard file >= 0, let memory = mmap(nil, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) else {
    return nil
  }
  return SharedWords(memory: memory.assumingMemoryBound(to: UInt64.self))
}

// MARK: - Runs that code begins

/// Captures one run after another in this process, and says what is left open.
func captureInSequence() async throws {
  let experiment = Experiment("sequence") { run in
    print("run \(run.id)")
    put("its errors\n", to: 2)
  }
  var settings = RunSettings()
  settings.output.capture = .fd
  settings.provenance = .none
  var files: [Int] = []
  for number in 0..<100 {
    try await experiment.run(settings: settings)
    if number % 50 == 0 || number == 99 { files.append(openFiles()) }
  }
  print("open: \(files), children: \(waitpid(-1, nil, WNOHANG))")
}

/// Runs that go on together, each of which prints by itself while one captures.
func printInParallel() async throws {
  let experiment = Experiment("parallel") { run in
    for number in 0..<20 {
      run.print("run \(run.id), line \(number)")
      await Task.yield()
    }
  }
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<50 {
      group.addTask {
        var settings = RunSettings()
        settings.provenance = .none
        try await experiment.run(settings: settings)
      }
    }
    try await group.waitForAll()
  }
}

private func openFiles() -> Int {
  (0..<1024).count { fcntl(Int32($0), F_GETFD) >= 0 }
}
