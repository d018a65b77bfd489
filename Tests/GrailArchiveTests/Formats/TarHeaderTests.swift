import Testing

@testable import GrailArchive

@Suite struct TarHeaderTests {
  private func header(_ name: String, byteCount: Int64 = 5) -> TarHeader {
    TarHeader(
      name: Array(name.utf8), kind: .file, byteCount: byteCount, mode: 0o644,
      modified: 1_800_000_000)
  }

  @Test(arguments: [
    "a", "runs/3/run.json", String(repeating: "n", count: 100),
    String(repeating: "d", count: 155) + "/" + String(repeating: "n", count: 100),
    String(repeating: "d/", count: 127) + "n",
  ])
  func `reads what it wrote`(name: String) throws {
    let block = try #require(header(name).block)
    #expect(block.count == 512)
    #expect(try TarHeader(block) == header(name))
  }

  @Test(arguments: [
    String(repeating: "n", count: 101), String(repeating: "d", count: 156) + "/n" + "",
    "d/" + String(repeating: "n", count: 101), String(repeating: "d/", count: 128) + "n",
  ])
  func `a name that does not fit has no block`(name: String) {
    #expect((header(name).block == nil) == (name.utf8.count > 100))
  }

  @Test func `a size beyond 8 GiB has no block, and is read from bytes`() throws {
    #expect(header("a", byteCount: 0o777_7777_7777).block != nil)
    #expect(header("a", byteCount: 0o1_0000_0000_0000).block == nil)
    // 2^40 as GNU writes it.
    #expect(TarHeader.number([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]) == 1 << 40)
    #expect(TarHeader.number([0x80] + [UInt8](repeating: 0xFF, count: 11)) == nil)
    #expect(TarHeader.number([0xFF] + [UInt8](repeating: 0xFF, count: 11)) == nil)
    #expect(TarHeader.number(Array("-1\0".utf8)[...]) == nil)
    #expect(TarHeader.number(Array("  644 \0".utf8)[...]) == 0o644)
  }

  @Test func `any changed byte is found by the checksum`() throws {
    let block = try #require(header("runs/3/run.json").block)
    for place in 0..<512 where !(148..<156).contains(place) {
      var damaged = block
      damaged[place] ^= 0x11
      #expect(!TarHeader.isHeader(damaged), "byte \(place)")
    }
  }
}
