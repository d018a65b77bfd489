#if Macros
  import SwiftSyntax

  /// A property of a configuration's class that is an entry.
  struct ConfigEntry {
    /// The name as it is written, perhaps with backticks.
    let spelling: String
    let name: String
    let help: String
    let isLazy: Bool
    let isRequired: Bool

    /// The entry as an element of the class's list.
    func field(of className: String, dependencies: [String]) -> String {
      var arguments = [name.literal, "\\\(className).\(spelling)"]
      if !help.isEmpty { arguments.append("help: \(help.literal)") }
      if !dependencies.isEmpty {
        let names = dependencies.map(\.literal).joined(separator: ", ")
        arguments.append("dependencies: [\(names)]")
      }
      if isRequired { arguments.append("isRequired: true") }
      // Setting by the key path would compute the default first.
      if isLazy { arguments.append("set: { $0.\(spelling) = $1 }") }
      return "Grail.ConfigField(\(arguments.joined(separator: ", ")))"
    }
  }

  /// The entries that a declaration of properties makes, and what is wrong with it.
  struct ConfigEntries {
    private(set) var entries: [ConfigEntry] = []
    private(set) var problems: [ConfigProblem] = []
    /// Whether a property would stay without a value in a generated initialiser.
    private(set) var lacksDefault = false

    private let variable: VariableDeclSyntax
    private let members: ConfigMembers
    private let help: String

    /// Names that the protocol has for itself.
    private static let takenNames: Set = ["configFields", "configHelp", "required", "validate"]

    init(_ variable: VariableDeclSyntax, members: ConfigMembers, hasOwnInitializer: Bool) {
      self.variable = variable
      self.members = members
      let text = DocumentationText(before: variable, upTo: variable.bindingSpecifier).text
      help = text.isEmpty ? DocumentationText(after: variable).text : text

      if variable.modifiers.isStatic || variable.isComputed {
        readComputed()
        return
      }
      if variable.modifiers.isPrivate {
        guard !hasOwnInitializer else { return }
        for binding in variable.bindings { demandDefault(of: binding, isEntry: false) }
        return
      }
      if let problem = problemOfAll {
        lacksDefault = variable.bindings.contains { $0.initializer == nil && !$0.isOptional }
        problems.append(problem)
        return
      }
      for binding in variable.bindings { read(binding) }
    }

    // MARK: The declaration

    private mutating func readComputed() {
      guard !variable.modifiers.isStatic, !variable.modifiers.isPrivate else { return }
      for binding in variable.bindings {
        guard let setter = binding.accessorBlock?.accessors.setter else { continue }
        let name = binding.pattern.trimmedDescription
        problems.append(
          ConfigProblem(
            setter, code: "computed",
            "'\(name)' is computed, so it is no entry and nobody can set it; remove its setter, "
              + "or make it 'lazy var \(name) = …'"))
      }
    }

    private var problemOfAll: ConfigProblem? {
      let keyword = variable.bindingSpecifier
      let name = variable.bindings.map(\.pattern.trimmedDescription).joined(separator: ", ")
      if keyword.tokenKind == .keyword(.let) {
        return ConfigProblem(
          keyword, code: "constant",
          "'\(name)' is a constant, and an entry can be set for each run; make it 'var', "
            + "or 'private let' if it is no entry",
          fixes: [
            .init("make it 'var'", .init(replacing: keyword, by: "var")),
            .init("make it 'private let'", .init(replacing: keyword, by: "private let")),
          ])
      }
      if let attribute = variable.attributes.first(where: { $0.first?.isUppercase == true }) {
        return refusal(of: attribute, code: "wrapper", name)
      }
      for modifier in variable.modifiers {
        switch modifier.name.tokenKind {
        case .keyword(.weak), .keyword(.unowned):
          return refusal(of: modifier, code: "reference", name)
        case .keyword(.private), .keyword(.fileprivate):
          let text = modifier.trimmedDescription
          return ConfigProblem(
            modifier, code: "private-set",
            "'\(name)' says '\(text)', but every entry can be set for each run; remove "
              + "'\(text)', or make it '\(modifier.name.text)' if it is no entry",
            fixes: [.init("remove '\(text)'", .init(removing: modifier))])
        default: break
        }
      }
      return nil
    }

    private func refusal(of node: some SyntaxProtocol, code: String, _ name: String)
      -> ConfigProblem
    {
      let text = node.trimmedDescription
      return ConfigProblem(
        node, code: code,
        "'\(name)' has '\(text)', and an entry is a plain property; remove '\(text)'",
        fixes: [.init("remove '\(text)'", .init(removing: node))])
    }

    // MARK: A property

    private mutating func read(_ binding: PatternBindingSyntax) {
      guard let token = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier else {
        lacksDefault = lacksDefault || binding.initializer == nil
        problems.append(
          ConfigProblem(
            binding.pattern, code: "pattern",
            "'\(binding.pattern.trimmedDescription)' declares several properties at once; "
              + "write 'var NAME = …' for each entry"))
        return
      }
      let name = token.plainName
      if let problem = problem(ofName: name, token) ?? observers(of: binding, name) {
        lacksDefault = lacksDefault || (binding.initializer == nil && !binding.isOptional)
        problems.append(problem)
        return
      }
      guard demandDefault(of: binding, isEntry: true) else { return }
      let isLazy = variable.modifiers.first(.lazy) != nil
      let isRequired = binding.initializer?.value.isRequiredCall == true
      if isRequired, binding.typeAnnotation == nil {
        problems.append(
          ConfigProblem(
            token, code: "required-type",
            "'\(name)' is required and has no type; write 'lazy var \(name): TYPE = required()'"))
        return
      }
      if !isLazy, let problem = dependency(of: binding, name) {
        problems.append(problem)
        return
      }
      entries.append(
        ConfigEntry(
          spelling: token.text, name: name, help: help, isLazy: isLazy, isRequired: isRequired))
    }

    private func problem(ofName name: String, _ token: TokenSyntax) -> ConfigProblem? {
      if Self.takenNames.contains(name) {
        return ConfigProblem(
          token, code: "taken-name",
          "'\(name)' is a name that every configuration has for itself; "
            + "give the entry another one")
      }
      guard !name.isPlainIdentifier else { return nil }
      return ConfigProblem(
        token, code: "name",
        "'\(name)' cannot be typed as an entry's name in 'with NAME=VALUE'; use letters, digits "
          + "and '_' alone")
    }

    private func observers(of binding: PatternBindingSyntax, _ name: String) -> ConfigProblem? {
      guard let observer = binding.accessorBlock?.accessors.observer else { return nil }
      return ConfigProblem(
        observer, code: "observer",
        "'\(name)' has '\(observer.accessorSpecifier.text)', which would change the configuration "
          + "unrecorded; check values in 'validate(_:)', and compute others in a 'lazy var'")
    }

    /// Notes a problem where a property has no default.
    ///
    /// - Parameters:
    ///   - binding: The property.
    ///   - isEntry: Whether a run could set it.
    /// - Returns: Whether there is a default.
    @discardableResult
    private mutating func demandDefault(of binding: PatternBindingSyntax, isEntry: Bool) -> Bool {
      if binding.initializer != nil { return true }
      let isConstant = variable.bindingSpecifier.tokenKind == .keyword(.let)
      if binding.isOptional, !isConstant { return true }
      // The compiler says itself that it must have an initializer.
      if variable.modifiers.first(.lazy) != nil { return false }
      lacksDefault = true
      let name = binding.pattern.trimmedDescription
      guard isEntry else {
        problems.append(
          ConfigProblem(
            binding.pattern, code: "no-default",
            "'\(name)' has no default, and a configuration is created with defaults alone; "
              + "give it one"))
        return false
      }
      let type = binding.typeAnnotation?.type.trimmedDescription
      let required = "lazy var \(name): \(type ?? "TYPE") = required()"
      var fixes: [ConfigProblem.Fix] = []
      if type != nil, variable.bindings.count == 1 {
        fixes = [
          .init(
            "write '\(required)'",
            .init(replacing: variable.bindingSpecifier, by: "lazy var"),
            .init(after: binding, " = required()"))
        ]
      }
      problems.append(
        ConfigProblem(
          binding.pattern, code: "no-default",
          "'\(name)' has no default; give it one, or write '\(required)' if each run must set it",
          fixes: fixes))
      return false
    }

    private func dependency(of binding: PatternBindingSyntax, _ name: String) -> ConfigProblem? {
      let used = MemberReferences.of(binding.initializer?.value).map(\.name)
      guard
        let other = used.first(where: { $0 == "self" || $0 == "required" || members.contains($0) })
      else { return nil }
      let reason =
        other == "required" ? "'\(name)' is required" : "'\(name)' depends on '\(other)'"
      return ConfigProblem(
        binding.pattern, code: "not-lazy", "\(reason); make it 'lazy var'",
        fixes: [
          .init("make it 'lazy var'", .init(replacing: variable.bindingSpecifier, by: "lazy var"))
        ])
    }
  }

  extension VariableDeclSyntax {
    /// Whether the value is not stored.
    fileprivate var isComputed: Bool {
      bindings.allSatisfy {
        $0.initializer == nil && $0.accessorBlock.map { $0.accessors.observer == nil } == true
      }
    }
  }

  extension PatternBindingSyntax {
    /// Whether a variable of the type starts as `nil`.
    fileprivate var isOptional: Bool {
      guard let type = typeAnnotation?.type else { return false }
      if let name = type.as(IdentifierTypeSyntax.self) { return name.name.text == "Optional" }
      return type.is(OptionalTypeSyntax.self) || type.is(ImplicitlyUnwrappedOptionalTypeSyntax.self)
    }
  }

  extension AccessorBlockSyntax.Accessors {
    fileprivate var observer: AccessorDeclSyntax? { first(.willSet, .didSet) }
    fileprivate var setter: AccessorDeclSyntax? { first(.set, ._modify) }

    private func first(_ keywords: Keyword...) -> AccessorDeclSyntax? {
      guard case .accessors(let list) = self else { return nil }
      return list.first { accessor in
        keywords.contains { accessor.accessorSpecifier.tokenKind == .keyword($0) }
      }
    }
  }

  extension ExprSyntax {
    /// Whether the expression is `required()`.
    fileprivate var isRequiredCall: Bool {
      guard let call = self.as(FunctionCallExprSyntax.self), call.arguments.isEmpty,
        call.trailingClosure == nil
      else { return false }
      return ["required", "self.required"].contains(call.calledExpression.trimmedDescription)
    }
  }
#endif
