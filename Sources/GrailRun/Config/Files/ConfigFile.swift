package import GrailCore
package enum ConfigFile {
  package static func isFile(_ path: String) -> Bool { false }
  package static func write(_ value: Value, schema: ConfigSchema, to path: String)
    throws(ConfigProblems)
  {}
}
package struct ConfigDocument { package init(contentsOf: String) throws(ConfigProblems) {} }
extension ConfigSchema {
  package func read(_ document: ConfigDocument, at path: String) -> (
    changes: [ConfigChange], problems: [ConfigError]
  ) { ([], []) }
}
