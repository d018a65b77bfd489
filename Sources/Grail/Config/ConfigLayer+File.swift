import GrailRun

extension ConfigLayer {
  /// A source that reads a file.
  ///
  /// - Parameters:
  ///   - file: The file's path; its name says whether it is JSON, YAML or TOML.
  ///   - origin: Who it is.
  ///   - path: Where the configuration that the file is about is in that of the experiment.
  /// - Returns: The source, which reads the file each time that it decides.
  static func file(_ file: String, origin: ConfigOrigin, path: String = "") -> ConfigLayer {
    ConfigLayer(origin) { draft, _ in
      let document = try ConfigDocument(contentsOf: file)
      let schema = draft.schema.choosing(draft.choices)
      let (changes, problems) = schema.read(document, at: path)
      for change in changes { draft.add(change) }
      if !problems.isEmpty { throw ConfigProblems(problems) }
    }
  }
}
