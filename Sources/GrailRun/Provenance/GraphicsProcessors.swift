import GrailCore
import OrderedCollections

/// The graphics processors, as `nvidia-smi` describes them.
enum GraphicsProcessors {
  private static let question = [
    "--query-gpu=driver_version,name,memory.total,persistence_mode",
    "--format=csv,noheader,nounits",
  ]

  /// Asks the program.
  ///
  /// - Parameters:
  ///   - program: The path of `nvidia-smi`.
  ///   - environment: The variables of this process.
  ///   - deadline: When to give up.
  /// - Returns: The entry `gpus` as Sacred has it; `nil` if there are none or no answer comes.
  static func describe(
    program: String, environment: ProcessEnvironment, until deadline: Deadline
  ) -> Value? {
    let child = ChildProcess(
      program, question, environment: environment.ofChildren, folder: "/")
    guard let answer = child?.output(atMost: 1 << 20, until: deadline), answer.status == 0 else {
      return nil
    }
    return parse(String(decoding: answer.bytes, as: UTF8.self))
  }

  /// Reads the answer: a line for each processor, its fields parted by commas.
  static func parse(_ text: String) -> Value? {
    var driver: String?
    var processors: [Value] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      guard fields.count == 4 else { continue }
      driver = driver ?? fields[0]
      processors.append([
        "model": .text(fields[1]), "total_memory": Int64(fields[2]).map(Value.int) ?? .null,
        "persistence_mode": .bool(fields[3] == "Enabled"),
      ])
    }
    guard let driver else { return nil }
    return ["driver_version": .text(driver), "gpus": .list(processors)]
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
