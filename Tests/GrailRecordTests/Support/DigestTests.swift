import GrailRecord
import TestSupport
import Testing

@Suite struct DigestTests {
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"),
    ("a", "0cc175b9c0f1b6a831c399e269772661"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
    (
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
      "d174ab98d277d9f5a5611c2c9f419d9f"
    ),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ])
  func `computes the MD5 of RFC 1321`(text: String, digest: String) {
    #expect(FileDigest(of: Array(text.utf8)).md5 == digest)
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func `computes the SHA-256 of FIPS 180-4`(text: String, digest: String) {
    #expect(FileDigest(of: Array(text.utf8)).sha256 == digest)
  }

  @Test func `takes a million bytes`() {
    let digest = FileDigest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
    #expect(digest.md5 == "7707d6ae4e027c70eea2a935c2296f21")
    #expect(
      digest.sha256 == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(digest.byteCount == 1_000_000)
  }

  @Test(arguments: 0..<40)
  func `does not depend on how the file is split`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let bytes = generator.bytes(seed < 20 ? 50 + seed * 4 : 1000)
    var hasher = FileHasher()
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(Int.random(in: 0...150, using: &generator))
      part.withUnsafeBytes { hasher.update($0) }
      _ = hasher.finalize()
      rest = rest.dropFirst(part.count)
    }
    #expect(hasher.finalize() == FileDigest(of: bytes))
  }

  @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 1000, 100_000])
  func `computes the same SHA-256 with and without the processor's instructions`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = generator.bytes(count)
    var (quick, portable) = (SHA256Hasher(), SHA256Hasher(isPortable: true))
    quick.update(bytes)
    portable.update(bytes)
    #expect(quick.finalize() == portable.finalize())
    #expect(FileDigest.hexadecimal(portable.finalize()) == FileDigest(of: bytes).sha256)
  }

  @Test(arguments: [
    ("filestorage/_resources/iris_a1b324424acc8a19859976ba6a3521a7.csv", 370),
    ("filestorage/_resources/blob_4a527caa176cfa06d5b5252009078bb6.bin", 512),
  ])
  func `agrees with the digests in the names of stored resources`(
    path: String, byteCount: Int64
  ) throws {
    let digest = FileDigest(of: try Fixture(path).bytes())
    #expect(path.contains(digest.md5))
    #expect(digest.byteCount == byteCount)
  }
}
