/// The form of an archive.
package enum ArchiveFormat: String, CaseIterable, Sendable {
  /// A tar archive.
  case tar
  /// A tar archive, compressed by gzip.
  case tgz
  /// A zip archive.
  case zip

  /// The format that a file's name asks for.
  package init?(ofFile path: String) {
    let name = path.lowercased()
    guard let format = Self.endings.first(where: { name.hasSuffix($0.ending) })?.format else {
      return nil
    }
    self = format
  }

  /// A file's name without its folder and without the ending that says its format.
  package static func stem(ofFile path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let ending = endings.first { name.lowercased().hasSuffix($0.ending) }?.ending ?? ""
    return String(name.dropLast(ending.count))
  }

  private static let endings: [(ending: String, format: ArchiveFormat)] = [
    (".tar.gz", .tgz), (".tgz", .tgz), (".tar", .tar), (".zip", .zip),
  ]
}
