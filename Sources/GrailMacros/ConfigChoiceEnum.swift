#if Macros
  import SwiftSyntax

  /// An enum of configurations that `@Config` describes.
  struct ConfigChoiceEnum {
    /// A case.
    private struct Branch {
      /// The name as it is written, perhaps with backticks.
      let spelling: String
      let name: String
      let help: String
      /// The configuration's type, if the case holds one.
      let type: String?
    }

    private(set) var problems: [ConfigProblem] = []
    private let declaration: EnumDeclSyntax
    private var branches: [Branch] = []

    init(_ declaration: EnumDeclSyntax, attribute: AttributeSyntax) {
      self.declaration = declaration
      let name = declaration.name.text
      if let problem = Self.problem(of: declaration) {
        problems.append(problem)
        return
      }
      for member in declaration.memberBlock.members {
        if let enumCase = member.decl.as(EnumCaseDeclSyntax.self) {
          read(enumCase)
        } else if let condition = member.decl.as(IfConfigDeclSyntax.self) {
          problems.append(
            ConfigProblem(
              condition, code: "conditional-case",
              "'\(name)' has members inside '#if', where '@Config' cannot tell which cases there "
                + "are; move them out"))
        }
      }
      guard problems.isEmpty else { return }
      if !branches.contains(where: { $0.type != nil }) {
        problems.append(Self.needless(declaration, attribute))
      } else if !Self.namesProtocol(declaration) {
        problems.append(Self.lacksProtocol(declaration))
      }
    }

    private static func problem(of declaration: EnumDeclSyntax) -> ConfigProblem? {
      let name = declaration.name.text
      if let clause = declaration.genericParameterClause {
        return ConfigProblem(
          clause, code: "generic",
          "'\(name)' is generic, and each case of a '@Config' enum holds one known class; remove "
            + "'\(clause.trimmedDescription)'")
      }
      guard let indirect = declaration.modifiers.first(.indirect) else { return nil }
      return recursion(indirect, name)
    }

    private static func recursion(_ indirect: DeclModifierSyntax, _ name: String) -> ConfigProblem {
      ConfigProblem(
        indirect, code: "indirect",
        "'\(name)' is indirect, and a configuration does not contain itself; remove 'indirect'",
        fixes: [.init("remove 'indirect'", .init(removing: indirect))])
    }

    private static func needless(
      _ declaration: EnumDeclSyntax, _ attribute: AttributeSyntax
    ) -> ConfigProblem {
      let protocols = "String, CaseIterable, Codable, Sendable"
      var edits = ConfigProblem.Fix("make it '\(protocols)'", .init(removing: attribute))
      if declaration.inheritanceClause == nil {
        edits.edits.append(.init(after: declaration.name, ": \(protocols)"))
      } else {
        edits.message = "remove '@Config'"
      }
      return ConfigProblem(
        attribute, code: "no-payload",
        "'\(declaration.name.text)' has no case with a configuration, and an enum without "
          + "configurations needs no '@Config'; make it '\(protocols)'",
        fixes: [edits])
    }

    private static func namesProtocol(_ declaration: EnumDeclSyntax) -> Bool {
      declaration.inheritanceClause?.inheritedTypes.contains {
        ["ConfigChoice", "Grail.ConfigChoice"].contains($0.type.trimmedDescription)
      } == true
    }

    private static func lacksProtocol(_ declaration: EnumDeclSyntax) -> ConfigProblem {
      let name = declaration.name.text
      let edit =
        declaration.inheritanceClause.map { ConfigProblem.Edit(after: $0, ", ConfigChoice") }
        ?? ConfigProblem.Edit(after: declaration.name, ": ConfigChoice")
      return ConfigProblem(
        declaration.name, code: "no-choice",
        "'\(name)' chooses among configurations, and does not say so; write "
          + "'enum \(name): ConfigChoice'",
        fixes: [.init("conform to 'ConfigChoice'", edit)])
    }

    // MARK: Cases

    private mutating func read(_ enumCase: EnumCaseDeclSyntax) {
      if let indirect = enumCase.modifiers.first(.indirect) {
        problems.append(Self.recursion(indirect, enumCase.elements.trimmedDescription))
        return
      }
      let text = DocumentationText(before: enumCase, upTo: enumCase.caseKeyword).text
      let help = text.isEmpty ? DocumentationText(after: enumCase).text : text
      for element in enumCase.elements {
        let parameters = element.parameterClause?.parameters
        if let parameters, let problem = Self.problem(of: parameters, in: element) {
          problems.append(problem)
          continue
        }
        branches.append(
          Branch(
            spelling: element.name.text, name: element.name.plainName, help: help,
            type: parameters?.first?.type.trimmedDescription))
      }
    }

    private static func problem(
      of parameters: EnumCaseParameterListSyntax, in element: EnumCaseElementSyntax
    ) -> ConfigProblem? {
      let name = element.name.plainName
      guard let parameter = parameters.first, parameters.count == 1 else {
        return ConfigProblem(
          element, code: "payload-count",
          "the case '\(name)' holds \(parameters.count) values, and a branch is one '@Config' "
            + "class; hold a class that has them as entries")
      }
      let type = parameter.type.trimmedDescription
      if let label = parameter.firstName {
        let clause = ConfigProblem.Edit(replacing: parameter, by: type)
        return ConfigProblem(
          parameter, code: "payload-label",
          "the case '\(name)' has the label '\(label.text)', and the branch is named by its case; "
            + "write 'case \(name)(\(type))'",
          fixes: [.init("remove the label", clause)])
      }
      let isName =
        parameter.type.is(IdentifierTypeSyntax.self) || parameter.type.is(MemberTypeSyntax.self)
      guard isName, !plainTypes.contains(type) else {
        return ConfigProblem(
          parameter.type, code: "payload-type",
          "the case '\(name)' holds '\(type)', and a branch is a '@Config' class; hold a class "
            + "with it as an entry")
      }
      return nil
    }

    private static let plainTypes: Set = [
      "Bool", "Date", "Double", "Duration", "Float", "Int", "Int64", "String", "UInt64", "URL",
    ]

    // MARK: Expansion

    /// What the enum needs to be a choice; it compiles where there are no problems.
    var members: [String] {
      let access = declaration.memberAccess
      let help = DocumentationText(before: declaration, upTo: declaration.enumKeyword).text
      let views = branches.map { branch in
        "case \(branch.spelling)" + (branch.type.map { "(Grail.ConfigView<\($0)>)" } ?? "")
      }
      let cases = branches.map { branch in
        branch.type == nil
          ? "case .\(branch.spelling): .\(branch.spelling)"
          : "case .\(branch.spelling)(let object): .\(branch.spelling)(viewer.view(of: object))"
      }
      return [
        """
        \(access)enum View: Sendable {
          \(views.joined(separator: "\n  "))
        }
        """,
        """
        \(access)func configView(by viewer: Grail.ConfigViewer) -> View {
          switch self {
          \(cases.joined(separator: "\n  "))
          }
        }
        """,
        """
        \(access)static var configBranches: [Grail.ConfigBranch<\(declaration.name.text)>] {
          [
            \(branches.map(branch).joined(separator: ",\n    "))
          ]
        }
        """,
        "\(access)static var configHelp: String { \(help.literal) }",
      ]
    }

    private func branch(_ branch: Branch) -> String {
      let name = declaration.name.text
      var arguments = [branch.name.literal]
      if let type = branch.type { arguments.append("\(type).self") }
      if !branch.help.isEmpty { arguments.append("help: \(branch.help.literal)") }
      if branch.type == nil {
        arguments.append("make: { \(name).\(branch.spelling) }")
        arguments.append("matches: { if case .\(branch.spelling) = $0 { true } else { false } }")
      } else {
        arguments.append("make: { \(name).\(branch.spelling)($0) }")
        arguments.append(
          "extract: { if case .\(branch.spelling)(let object) = $0 { object } else { nil } }")
      }
      return "Grail.ConfigBranch(\(arguments.joined(separator: ", ")))"
    }
  }
#endif
