import Grail
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many ends of children the program was told of.
private let endCount = Atomic<Int>(0)

/// An experiment that has no children, and says if it meets any.
let lonely = Experiment("lonely", body: meetChildren)

/// The same, and nothing is to be found out about it.
let incurious: Experiment = {
  let incurious = Experiment("incurious", body: meetChildren)
  incurious.optionHook { $0.provenance = .none }
  return incurious
}()

@Sendable private func meetChildren(_ run: Run) -> String {
  signal(SIGCHLD) { _ in endCount.add(1, ordering: .relaxed) }
  var metCount = 0
  // Long enough for programs that are started beside the run to have begun and ended.
  for _ in 0..<100 {
    if waitpid(-1, nil, WNOHANG) > 0 { metCount += 1 }
    usleep(5000)
  }
  return "met \(metCount), heard of \(endCount.load(ordering: .relaxed))"
}
