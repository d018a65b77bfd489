/// The words that this process was started with.
package enum ProcessArguments {
  /// Why they cannot be known; `nil` if they can.
  ///
  /// Swift's runtime reads them in `/proc`, and so does its thread pool how busy threads are: where the
  /// folder is not mounted, as in a bare chroot, a program would run without its words, or stop in the
  /// middle.
  package static let problem: String? =
    CommandLine.arguments.isEmpty
    ? "the folder /proc is not mounted, which programs in Swift need; type 'mount -t proc proc /proc'"
    : nil
}
