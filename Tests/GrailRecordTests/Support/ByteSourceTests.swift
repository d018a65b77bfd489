import Foundation
import GrailRecord
import Testing

@Suite struct ByteSourceTests {
  let folder = TemporaryFolder()

  @Test(arguments: [(-1, 4), (0, -1), (2, 0), (9, 4)] as [(Int64, Int)])
  func `a file gives nothing where it has nothing`(offset: Int64, count: Int) throws {
    let path = folder.path("file")
    try Data([1, 2, 3]).write(to: URL(filePath: path))
    #expect(try FileSource(path: path).read(at: offset, count: count).isEmpty)
    #expect(MemorySource([1, 2, 3]).read(at: offset, count: count).isEmpty)
  }

  @Test func `a file gives what it has up to its end`() throws {
    let path = folder.path("file")
    try Data([1, 2, 3]).write(to: URL(filePath: path))
    #expect(try FileSource(path: path).read(at: 1, count: 10) == [2, 3])
  }
}
