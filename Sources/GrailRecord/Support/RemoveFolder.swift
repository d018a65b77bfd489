import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Removes a folder with all it holds, links themselves and not what they lead to.
///
/// What cannot be removed is left.
package func removeFolder(_ path: String) {
  for name in StoreFolder.names(in: path) {
    let entry = "\(path)/\(name)"
    if unlink(entry) != 0 { removeFolder(entry) }
  }
  rmdir(path)
}
