/// The content of a block that was read, as far as it can be verified.
struct BlockContent {
  /// The verified bytes.
  let bytes: ArraySlice<UInt8>
  /// All bytes behind the header, verified or not.
  let allBytes: ArraySlice<UInt8>
  /// Whether the verified bytes are all that the block's writer committed.
  let isIntact: Bool

  /// Verifies the content of a block.
  ///
  /// - Parameters:
  ///   - block: The block's bytes from its header on; fewer if the file ends before.
  ///   - header: The header that was read from them.
  init(_ block: ArraySlice<UInt8>, header: BlockHeader) {
    let content = block.prefix(header.size).dropFirst(header.contentOffset)
    allBytes = content
    func verified(by offset: Int) -> ArraySlice<UInt8>? {
      var reader = ByteReader(block.dropFirst(offset))
      guard let bits = reader.littleEndian(UInt64.self) else { return nil }
      let word = CommitWord(bits: bits)
      guard bits != 0, word.used <= content.count else { return nil }
      let part = content.prefix(Int(word.used))
      return JournalFormat.crc32c(header.storedChecksum, part) == word.checksum ? part : nil
    }
    let words = block.dropFirst(JournalFormat.Block.commit).prefix(16)
    if words.count == 16, words.allSatisfy({ $0 == 0 }) {
      // Nothing was committed yet.
      (bytes, isIntact) = (content.prefix(0), true)
    } else if let part = verified(by: JournalFormat.Block.commit) {
      (bytes, isIntact) = (part, true)
    } else {
      (bytes, isIntact) = (verified(by: JournalFormat.Block.checkpoint) ?? content.prefix(0), false)
    }
  }
}
