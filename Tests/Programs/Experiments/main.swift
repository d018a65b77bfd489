// Experiments that the tests run as programs of their own; EXPERIMENT says which.

import Grail

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

let chosen = getenv("EXPERIMENT").map { String(cString: $0) } ?? "quick"
switch chosen {
case "quick": await quick.main()
case "ending": await ending.main()
case "printing": await printing.main()
case "sequence": try await captureInSequence()
case "parallel": try await printInParallel()
case "described": await described.main()
case "failing": await failing.main()
case "refusing": await refusing.main()
case "nested": await nested.main()
case "obedient": await obedient.main()
case "looping": await looping.main()
case "lonely": await lonely.main()
case "incurious": await incurious.main()
case "long": await long.main()
case "observed": await observed.main()
case "outside": print(Run.current.id)
case "ambiguous": try await runTwoThatAskFromAThread()
#if Macros
  case "building": await building.main()
  case "demanding": await demanding.main()
  case "dividing": await dividing.main()
  case "unplaced": await unplaced.main()
  case _ where chosen.hasPrefix("misuse "): try await misuse(String(chosen.dropFirst(7)))
#endif
default: fatalError("there is no experiment '\(chosen)'")
}
