import Testing

@testable import GrailCommand

@Suite struct LiveScreenTests {
  @Test func `a frame fits the screen and clears what was there`() {
    let frame = LiveScreen.frame(["a", "b", "c"], foot: "foot", height: 3)
    #expect(
      frame == "\u{1B}[Ha\u{1B}[K\r\nb\u{1B}[K\r\nfoot\u{1B}[K\u{1B}[J")
  }
}
