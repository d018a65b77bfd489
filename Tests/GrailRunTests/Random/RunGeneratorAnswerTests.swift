import Foundation
import Testing

@testable import GrailRun

/// The numbers that seeds give, for ever.
///
/// All but those of xoshiro256++ itself, which the C code of its authors gave, come from
/// `Tests/Python/check_generators.py`.
@Suite struct RunGeneratorAnswerTests {
  private var generator = RunGenerator(seed: 42, name: "test")

  @Test func `the bits are those of the authors' C code`() {
    var generator = RunGenerator(state: (1, 2, 3, 4))
    let bits = (0..<1000).map { _ in generator.next() }
    #expect(
      bits.prefix(10) == [
        41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
        9_228_616_714_210_784_205, 9_973_669_472_204_895_162, 14_011_001_112_246_962_877,
        12_406_186_145_184_390_807, 15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
      ])
    #expect(bits.last == 1_045_639_946_057_077_588)
  }

  @Test func `a state of zeros, which would stay so, is another one`() {
    #expect(RunGenerator(state: (0, 0, 0, 0)) == RunGenerator(state: (1, 0, 0, 0)))
  }

  @Test(
    arguments: [
      (1, "", "", [8_285_950_521_690_426_594, 11_945_696_666_841_963_231]),
      (42, "", "shuffle", [6_453_735_484_033_204_237, 2_347_187_349_060_412_201]),
      (42, "data.train", "shuffle", [2_888_835_369_805_444_702, 15_522_635_475_061_447_613]),
      (42, "data", "train.shuffle", [1_694_324_272_592_120_348, 17_688_778_129_018_874_343]),
      (1_000_000_000, "dätä", "naïve", [4_591_661_822_042_763_314, 17_446_938_728_993_993_654]),
      (-1, "", "", [12_075_289_281_045_756_519, 17_859_103_515_318_863_641]),
    ] as [(Int, String, String, [UInt64])])
  func `seed, path and name give these bits`(
    seed: Int, path: String, name: String, bits: [UInt64]
  ) {
    var generator = RunGenerator(seed: seed, path: path, name: name)
    #expect([generator.next(), generator.next()] == bits)
  }

  @Test mutating func `uniform numbers`() {
    var other = generator
    #expect(
      (0..<4).map { _ in generator.uniform() } == [
        0.24552041719772455, 0.5626320637364175, 0.6652830921580798, 0.2970585856996486,
      ])
    #expect(
      (0..<4).map { _ in other.uniform(in: -1..<1) } == [
        -0.5089591656045509, 0.125264127472835, 0.3305661843161596, -0.4058828286007028,
      ])
  }

  @Test mutating func `whole numbers`() {
    var other = generator
    #expect(
      (0..<12).map { _ in generator.int(in: 0..<10) } == [2, 5, 6, 2, 7, 7, 3, 6, 0, 1, 7, 0])
    // Half of the generator's numbers are drawn again here.
    #expect(
      (0..<6).map { _ in other.int(in: -(1 << 62) - 1...1 << 62) } == [
        -2_347_159_867_968_976_490, 1_524_467_450_375_724_573, -1_871_804_165_777_620_379,
        2_736_117_892_931_364_665, -1_295_775_947_829_845_255, 1_840_271_379_354_284_463,
      ])
  }

  @Test mutating func `normal numbers`() {
    var other = generator
    #expect(
      (0..<6).map { _ in generator.normal() } == [
        -0.6886543112348336, 0.15764584959337616, 0.4269251923467511, -0.5328792477848294,
        0.6711803149058044, 0.8297166468087632,
      ])
    #expect(other.normal(mean: 10, standardDeviation: 2) == 8.622691377530334)
  }

  @Test mutating func `orders and choices`() {
    var (second, third, fourth) = (generator, generator, generator)
    #expect(generator.shuffled(0..<10) == [7, 0, 6, 1, 3, 4, 9, 8, 5, 2])
    #expect((0..<8).map { _ in second.choice(of: 0..<5) } == [1, 2, 3, 1, 3, 3, 1, 3])
    #expect(third.sample(of: 0..<20, count: 6) == [4, 11, 13, 8, 15, 16])
    let yes = (0..<12).filter { _ in fourth.bool(probability: 0.3) }
    #expect(yes == [0, 3, 8, 9, 11])
  }

  @Test(
    arguments: [
      (1, "", 525_840_740), (1, "data", 714_671_993), (42, "data.train", 824_736_004),
      (1_000_000_000, "data", 266_286_797),
    ])
  func `seeds of parts`(seed: Int, path: String, derived: Int) {
    #expect(RunSeed.derived(from: seed, path: path) == derived)
  }

  @Test func `a program written from the documentation gets the same numbers`() throws {
    var source = RunGenerator(seed: 20_260_301, name: "cases")
    let answers = Answers(
      generators: (0..<60).map { _ in GeneratorAnswers(from: &source) },
      seeds: (0..<50).map { _ in
        let (seed, path) = (source.int(in: .min ... .max), source.text())
        return SeedAnswer(
          seed: "\(seed)", path: path, result: "\(RunSeed.derived(from: seed, path: path))")
      },
      quantiles: (0..<2000).map { place in
        // Every other one in the tails, the last ones at their ends.
        let depth = place % 2 == 0 ? 1 : source.int(in: 1...52)
        let bits = source.next() >> UInt64(11 + depth)
        let offset = (Double(bits) + 0.5) * 0x1p-53
        return QuantileAnswer(offset: place % 4 < 2 ? offset - 0.5 : 0.5 - offset)
      })
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try JSONEncoder().encode(answers).write(to: file)
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Python/check_generators.py")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, file.path]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus != 127 else {
      print("left out: there is no python3")
      return
    }
    #expect(text == "")
    #expect(process.terminationStatus == 0)
  }
}

// MARK: - The form of the comparison

private struct Answers: Encodable {
  var generators: [GeneratorAnswers]
  var seeds: [SeedAnswer]
  var quantiles: [QuantileAnswer]
}

private struct SeedAnswer: Encodable {
  var seed: String
  var path: String
  var result: String
}

private struct QuantileAnswer: Encodable {
  var offset: String
  var result: String

  init(offset: Double) {
    self.offset = offset.digits
    self.result = StandardNormal.quantile(atOffset: offset).digits
  }
}

/// Calls of one generator, of all kinds, and what they gave.
private struct GeneratorAnswers: Encodable {
  var seed: String
  var path: String
  var name: String
  var calls: [[String]] = []
  var results: [String] = []

  init(from source: inout RunGenerator) {
    let seed = source.bool() ? source.int(in: RunSeed.range) : source.int(in: .min ... .max)
    (self.seed, path, name) = ("\(seed)", source.text(), source.text())
    var generator = RunGenerator(seed: seed, path: path, name: name)
    for _ in 0..<100 { call(&generator, from: &source) }
  }

  private mutating func call(_ generator: inout RunGenerator, from source: inout RunGenerator) {
    switch source.int(in: 0..<9) {
    case 0: note("next", [], "\(generator.next())")
    case 1: note("uniform", [], generator.uniform().digits)
    case 2:
      let (one, other) = (source.double(), source.double())
      let range = min(one, other)..<max(one, other)
      note(
        "uniform_in", [range.lowerBound.digits, range.upperBound.digits],
        generator.uniform(in: range).digits)
    case 3:
      let shift = source.int(in: 0...63)
      let (one, other) = (
        source.int(in: .min ... .max) >> shift, source.int(in: .min ... .max) >> shift
      )
      let range = min(one, other)...max(one, other)
      note("int", ["\(range.lowerBound)", "\(range.upperBound)"], "\(generator.int(in: range))")
    case 4:
      let (mean, deviation) = (source.double(), source.double())
      note(
        "normal", [mean.digits, deviation.digits],
        generator.normal(mean: mean, standardDeviation: deviation).digits)
    case 5:
      let probability = source.uniform()
      note("bool", [probability.digits], generator.bool(probability: probability) ? "1" : "0")
    case 6:
      let count = source.int(in: 0..<50)
      note("shuffled", ["\(count)"], generator.shuffled(0..<count).line)
    case 7:
      let count = source.int(in: 0..<5)
      note("choice", ["\(count)"], generator.choice(of: 0..<count).map { "\($0)" } ?? "None")
    default:
      let (count, wanted) = (source.int(in: 0..<50), source.int(in: 0..<60))
      note(
        "sample", ["\(count)", "\(wanted)"], generator.sample(of: 0..<count, count: wanted).line)
    }
  }

  private mutating func note(_ method: String, _ arguments: [String], _ result: String) {
    calls.append([method] + arguments)
    results.append(result)
  }
}

extension [Int] {
  fileprivate var line: String { map { "\($0)" }.joined(separator: " ") }
}

extension Double {
  /// The 16 digits of the bits; of what is not a number, those without a sign.
  fileprivate var digits: String {
    let digits = String((isNaN ? Double.nan : self).bitPattern, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension RunGenerator {
  /// Some number of any size, rarely an infinite one.
  fileprivate mutating func double() -> Double {
    let extremes: [Double] = [
      0, 1, -1, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    return switch int(in: 0..<10) {
    case 0: choice(of: extremes) ?? 0
    case 1: Double(int(in: -10...10))
    case 2:
      Double(
        sign: bool() ? .plus : .minus, exponent: int(in: -1074...1023), significand: 1 + uniform())
    default: uniform(in: -100..<100)
    }
  }

  fileprivate mutating func text() -> String {
    let parts = ["", "data", ".", "train", "é", "e\u{301}", "🎲", "\u{0}", "\"\\", " "]
    return sample(of: parts, count: int(in: 0...4)).joined()
  }
}
