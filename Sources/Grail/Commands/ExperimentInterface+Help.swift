import GrailCore
import GrailRun

extension ExperimentInterface {
  /// The text of `--help`.
  ///
  /// - Parameters:
  ///   - options: The parser's table of options, in lines.
  ///   - style: The width and colors.
  /// - Returns: The text.
  func helpText(options: [String], style: TextStyle) -> String {
    var sections: [[String]] = [
      ["USAGE: \(program) [COMMAND] [with UPDATE ...] [options]"]
    ]
    for text in [help, configHelp] where !text.isEmpty {
      sections.append(text.wrapped(to: style.width))
    }
    sections.append(entriesSection(style))
    sections.append(
      section("COMMANDS (the first one unless another is named):", allCommands, style: style))
    if !namedConfigs.isEmpty {
      sections.append(section("NAMED CONFIGURATIONS:", namedConfigs, style: style))
    }
    sections.append([
      "UPDATES:",
      "  NAME=VALUE, the name of a named configuration, or a JSON, YAML or TOML file;",
      "  quote what the shell would take for its own: with 'widths=[32, 32]' widths.1=64",
    ])
    sections.append(options)
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
      .trimmingEnd
  }

  /// The text of `help COMMAND`.
  ///
  /// - Parameter name: The command's name.
  /// - Returns: The text; `nil` if there is no such command.
  func commandHelp(_ name: String) -> String? {
    if let builtIn = BuiltInCommand(name: name) {
      let arguments = builtIn.argumentNames.map { builtIn == .sync ? " [\($0)]" : " \($0)" }
        .joined()
      let end = builtIn == .sync ? "[options]" : "[with UPDATE ...]"
      return "\(program) \(builtIn.rawValue)\(arguments) \(end)\n\n  \(builtIn.help)"
    }
    guard let command = commands.first(where: { $0.name == name }) else { return nil }
    let help = command.help.isEmpty ? "The author says nothing about it." : command.help
    return
      (["\(program) \(name) [with UPDATE ...] [options]", ""]
      + help.wrapped(to: 76).map { "  \($0)" })
      .joined(separator: "\n")
  }

  /// What `print-named-configs` prints.
  func namedConfigsText(style: TextStyle) -> String {
    if namedConfigs.isEmpty { return "Named configurations: none" }
    return section("Named configurations:", namedConfigs, style: style).joined(separator: "\n")
  }

  private func section(
    _ title: String, _ items: [(name: String, help: String)], style: TextStyle
  ) -> [String] {
    var table = TextTable(widthLimits: [28])
    table.rows = items.map { TextTable.Row(cells: [$0.name, $0.help]) }
    return [title] + table.lines(style: style)
  }

  private func entriesSection(_ style: TextStyle) -> [String] {
    var table = TextTable(widthLimits: [32, 28, 24])
    table.rows = rows(of: schema.entries, prefix: "")
    guard !table.rows.isEmpty else { return ["ENTRIES: none"] }
    return ["ENTRIES (name, type, default, meaning):"] + table.lines(style: style)
  }

  private func rows(of entries: [ConfigEntry], prefix: String) -> [TextTable.Row] {
    entries.flatMap { entry -> [TextTable.Row] in
      let name = prefix + entry.name
      if case .variant(_, let selected, let branches) = entry.type {
        return [TextTable.Row(cells: [name, entry.typeDescription, selected, entry.help])]
          + branches.flatMap { branch in
            [TextTable.Row(cells: ["  with \(name)=\(branch.name)", "", "", branch.help])]
              + rows(of: branch.entries, prefix: "  \(name).")
          }
      }
      if let members = entry.type.groupEntries {
        let heading = entry.help.isEmpty ? [] : [TextTable.Row(cells: [name, "", "", entry.help])]
        return heading + rows(of: members, prefix: name + ".")
      }
      let isPart = entry.isDrawnSeed && !prefix.isEmpty
      let value = isPart ? "by the run's" : entry.shownDefault
      return [TextTable.Row(cells: [name, entry.typeDescription, value, entry.help])]
    }
  }
}

extension ConfigEntry {
  /// The default as help shows it.
  fileprivate var shownDefault: String {
    if isRequired { return "required" }
    if isDrawnSeed { return "drawn" }
    if case .secret = type.unwrapped { return defaultValue.isNull ? "unset" : "set" }
    let text = defaultText
    return text.isEmpty ? "''" : String(quoted(text).dropFirst().dropLast()).shortened(to: 40)
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    guard let end = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...end])
  }
}
