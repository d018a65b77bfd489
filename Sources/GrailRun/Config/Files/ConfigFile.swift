import SystemPackage

/// Files with configuration, in one of three formats.
///
/// A value is read by the type of its entry, as an update's text is: a String takes YAML's `no`
/// and `1e3` as they stand. Absence is `null` in JSON and YAML. TOML has no such word, so there the
/// texts `"none"`, `"null"` and `"None"` stand for it where an entry may be without a value; a
/// text that reads so is written in quotes of its own, `"'none'"`. Numbers without end, and what is
/// no number, are the texts `"Infinity"`, `"-Infinity"` and `"NaN"` in JSON, which has no form for
/// them; Sacred's bare words are read too.
package enum ConfigFile {
  /// The most bytes that a file may have; settings are never that many.
  static let maxByteCount = 4 << 20
  /// Lists and maps may stand in each other so deep.
  static let maxDepth = 64

  /// How a file is written, which its name's extension says.
  package enum Format: String, CaseIterable, Sendable {
    case json, yaml, toml
  }
}

extension ConfigFile.Format {
  /// The extensions that stand for a format, for messages.
  private static let extensions = "'.json', '.yaml' and '.toml'"

  /// Finds the format of a file.
  ///
  /// - Parameter path: The file's path, as the user wrote it.
  /// - Throws: ``ConfigProblems`` if the name has none of the known extensions.
  package init(path: String) throws(ConfigProblems) {
    switch FilePath(path).extension?.lowercased() {
    case "json"?: self = .json
    case "yaml"?, "yml"?: self = .yaml
    case "toml"?: self = .toml
    case let other:
      let found = other.map { "ends in \(quoted("." + $0))" } ?? "has no extension"
      throw ConfigProblems([
        .badFile(path, "\(quoted(path)) \(found); configuration files end in \(Self.extensions)")
      ])
    }
  }
}

extension ConfigFile {
  /// Whether a word among updates means a file: it ends like one, or there is one of that name.
  ///
  /// - Parameter word: The word.
  /// - Returns: Whether it means a file, which need not be there.
  package static func isMeant(by word: String) -> Bool {
    if (try? Format(path: word)) != nil { return true }
    return (try? Stat(FilePath(word)))?.type == .regular
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameter path: The file's path, as the user wrote it.
  /// - Returns: All bytes.
  /// - Throws: ``ConfigProblems`` if it is missing, is no file, is too large or is refused by the
  ///   system.
  static func bytes(of path: String) throws(ConfigProblems) -> [UInt8] {
    do {
      // Without waiting: opening a pipe to which nobody writes would last for ever.
      let file = try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
      defer { try? file.close() }
      let stat = try Stat(file)
      guard stat.type == .regular else {
        let found = stat.type == .directory ? "a folder" : "no regular file"
        throw ConfigProblems([.badFile(path, "\(quoted(path)) is \(found); name a file")])
      }
      // One byte more than is allowed shows a file that is too large, even if it grows meanwhile.
      let limit = maxByteCount + 1
      let bytes = try [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
        filled = 0
        while filled < limit {
          let rest = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let count = try file.read(into: rest)
          guard count > 0 else { break }
          filled += count
        }
      }
      guard bytes.count < limit else {
        throw ConfigProblems([
          .badFile(
            path,
            "\(quoted(path)) is too large; a configuration file has at most "
              + "\(maxByteCount >> 20) MiB")
        ])
      }
      return bytes
    } catch let error as ConfigProblems {
      throw error
    } catch Errno.noSuchFileOrDirectory {
      throw ConfigProblems([.badFile(path, "there is no file \(quoted(path))")])
    } catch {
      throw ConfigProblems([.badFile(path, "\(quoted(path)) cannot be read: \(error)")])
    }
  }
}

extension ConfigError {
  /// The problem that a file cannot be read or written.
  static func badFile(_ path: String, _ message: String) -> ConfigError {
    ConfigError(code: .badFile, path: path, message: message)
  }
}
