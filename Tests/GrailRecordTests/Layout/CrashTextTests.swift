import Testing

@testable import GrailRecord

/// What is taken over from what Swift's runtime prints of a crash.
@Suite struct CrashTextTests {
  private func lines(_ output: String, signal: String = "SIGSEGV") -> [String] {
    CrashText(output: Array(output.utf8)).lines(signal: signal)
  }

  @Test func `into a file or pipe`() {
    let output = """
      line 1
      *** Signal 11: Backtracing from 0x55bc674bc148... done ***

      *** Program crashed: Bad pointer dereference at 0x0000000000000008 ***

      Thread 7 "oot.default-qos" crashed:

      0 0x000055bc674bc148 crash() + 20 in program at /src/Endings.swift:73:20
      1 [ra] 0x000055bc674bb000 end(_:_:) + 552 in program at /src/Endings.swift:50:22

      Registers:

      rax 0x0000000000000008  8
      r14 0x00007f20c00036f0 46 61 74 61 6c 20 65 72 72 6f 72 3a 20 66 61 69  Fatal error: fai
      """
    #expect(
      lines(output) == [
        "SIGSEGV: Bad pointer dereference at 0x0000000000000008\n",
        "  in crash() + 20 in program at /src/Endings.swift:73:20\n",
        "  in end(_:_:) + 552 in program at /src/Endings.swift:50:22\n",
      ])
  }

  @Test func `on a terminal, in color and with lines of the sources`() {
    let output =
      "line 9\n\n💣 \u{1B}[91mProgram crashed: Signal 11: Backtracing from 0x55bc...\u{1B}[0m\r\u{1B}[0K"
      + "💣 \u{1B}[91mProgram crashed: Bad pointer dereference at 0x0000000000000008\u{1B}[0m\n\n"
      + "Platform: \u{1B}[37mx86_64\u{1B}[39m \u{1B}[37mLinux\u{1B}[39m\n\n"
      + "Thread 7 \"oot.default-qos\" crashed:\n\n"
      + "  \u{1B}[90m0\u{1B}[39m \u{1B}[96mcrash()\u{1B}[39m in \u{1B}[36mprogram\u{1B}[39m at "
      + "\u{1B}[33m/src/Endings.swift:73:20\u{1B}[39m\n\n"
      + "  \u{1B}[90m  71\u{1B}[39m│ private func crash() {\n"
      + "  \u{1B}[48;5;234m\u{1B}[97m\u{1B}[90m  73\u{1B}[97m│   address?.pointee = 1  \u{1B}[39m\n"
      + "  \u{1B}[90m2\u{1B}[39m \u{1B}[32m0x00007fcc6d7fae60\u{1B}[39m \u{1B}[96mswift_job_run"
      + "\u{1B}[39m\u{1B}[37m + 148\u{1B}[39m in \u{1B}[36mlib.so\u{1B}[39m\n"
      + "\u{1B}[90m...\u{1B}[39m\n\nBacktrace took 0.57s\n\n"
      + "\rPress space to interact, D to debug, or any other key to quit (30s) \r"
    #expect(
      lines(output) == [
        "SIGSEGV: Bad pointer dereference at 0x0000000000000008\n",
        "  in crash() in program at /src/Endings.swift:73:20\n",
        "  in swift_job_run + 148 in lib.so\n",
      ])
  }

  @Test func `the message is the runtime's, not what stood before or comes behind`() {
    let output = """
      Fatal error handling is tested here
      main.swift:3: Fatal error: the loss is nan

      *** Program crashed: System trap at 0x00007f ***

      Thread 0 crashed:

      0 0x00 main in program

      Registers:
      r14 0x00007f 46 61  Fatal error: fai
      """
    #expect(
      lines(output, signal: "SIGILL").first
        == "SIGILL: main.swift:3: Fatal error: the loss is nan\n")
  }

  @Test(arguments: [
    "", "\n\n", "Program crashed:", "*** Program crashed: ", "Thread 1 crashed:\n0\n1 0x\n\u{1B}[",
    "Thread  crashed:\n 0 in \n99999999999999999999 in x",
  ])
  func `what is cut off is read as far as it goes`(output: String) {
    #expect(lines(output).first?.hasPrefix("SIGSEGV") == true)
  }
}
