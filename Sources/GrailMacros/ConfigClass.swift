#if Macros
  import SwiftSyntax
  import SwiftSyntaxBuilder

  /// A class that `@Config` describes.
  struct ConfigClass {
    /// A part of the list of entries, which follows the class's own `#if`.
    private enum Row {
      case entry(ConfigEntry)
      case condition([(head: String, rows: [Row])])
    }

    private(set) var problems: [ConfigProblem] = []
    private let declaration: ClassDeclSyntax
    private let ownMembers: ConfigMembers
    private let hasOwnInitializer: Bool
    private var rows: [Row] = []
    private var names: [String] = []
    private var lacksDefault = false
    private var hasDeprecatedEntry = false
    private let isFinal: Bool

    init(_ declaration: ClassDeclSyntax) {
      self.declaration = declaration
      let members = declaration.memberBlock.members
      ownMembers = ConfigMembers(of: members)
      let initializer = Self.plainInitializer(in: members)
      hasOwnInitializer = initializer != nil
      isFinal = declaration.modifiers.first(.final) != nil
      if !isFinal { problems.append(Self.notFinal(declaration)) }
      if let problem = initializer.flatMap(Self.problem(of:)) { problems.append(problem) }
      rows = readRows(members)
      addCircles()
    }

    // MARK: The class

    /// Why the macro can make nothing of a class.
    ///
    /// - Parameters:
    ///   - declaration: The class.
    ///   - lacksConformance: Whether it is no configuration without the macro.
    /// - Returns: The problem, if there is one.
    static func problem(
      of declaration: ClassDeclSyntax, lacksConformance: Bool
    ) -> ConfigProblem? {
      superclass(of: declaration, lacksConformance: lacksConformance).map { superclass in
        ConfigProblem(
          superclass, code: "superclass",
          superclassMessage(declaration.name.text, superclass.trimmedDescription))
      }
    }

    private static func superclassMessage(_ name: String, _ superclass: String) -> String {
      "'\(name)' has a superclass, and the entries are the properties of one class; remove "
        + "'\(superclass)', and hold what is shared in a property"
    }

    /// A class that is not final is expanded all the same: the compiler stops working where a
    /// macro withholds the conformance of a class that another one with the macro inherits.
    private static func notFinal(_ declaration: ClassDeclSyntax) -> ConfigProblem {
      let name = declaration.name.text
      let fix: ConfigProblem.Fix =
        if let open = declaration.modifiers.first(.open) {
          .init("make it final", .init(replacing: open, by: "public final"))
        } else {
          .init("make it final", .init(replacing: declaration.classKeyword, by: "final class"))
        }
      return ConfigProblem(
        declaration.classKeyword, code: "not-final",
        "'\(name)' can be subclassed, and '@Config' needs a final class; write "
          + "'final class \(name)'",
        fixes: [fix])
    }

    /// What shows that a class has a superclass; a name alone may be a protocol's.
    private static func superclass(
      of declaration: ClassDeclSyntax, lacksConformance: Bool
    ) -> Syntax? {
      let inherited = declaration.inheritanceClause?.inheritedTypes.map(\.type) ?? []
      if let first = inherited.first {
        let saysSo = inherited.contains {
          ["Configuration", "Grail.Configuration"].contains($0.trimmedDescription)
        }
        if !lacksConformance, !saysSo { return Syntax(first) }
        let name = first.trimmedDescription.split(separator: ".").last ?? ""
        // Apple's classes; its Swift protocols have no prefix.
        let rest = name.dropFirst(2)
        if name.hasPrefix("NS") || name.hasPrefix("UI"), rest.first?.isUppercase == true,
          rest.dropFirst().first?.isLowercase == true
        {
          return Syntax(first)
        }
      }
      let signs = SignsOfSuperclass(viewMode: .sourceAccurate)
      signs.walk(declaration.memberBlock)
      return signs.first
    }

    /// The class's own initialiser without parameters.
    private static func plainInitializer(
      in members: MemberBlockItemListSyntax
    ) -> InitializerDeclSyntax? {
      for member in members {
        if let initializer = member.decl.as(InitializerDeclSyntax.self),
          initializer.signature.parameterClause.parameters.isEmpty
        {
          return initializer
        }
      }
      return nil
    }

    private static func problem(of initializer: InitializerDeclSyntax) -> ConfigProblem? {
      let effects = initializer.signature.effectSpecifiers
      guard
        initializer.optionalMark != nil || effects?.throwsClause != nil
          || effects?.asyncSpecifier != nil
      else { return nil }
      return ConfigProblem(
        initializer.initKeyword, code: "initializer",
        "'init()' of a configuration cannot fail, throw or wait, because it makes the defaults; "
          + "report bad values in 'validate(_:)'")
    }

    // MARK: Entries

    private mutating func readRows(_ list: MemberBlockItemListSyntax) -> [Row] {
      var rows: [Row] = []
      for member in list {
        if let variable = member.decl.as(VariableDeclSyntax.self) {
          let read = ConfigEntries(
            variable, members: ownMembers, hasOwnInitializer: hasOwnInitializer)
          problems += read.problems
          lacksDefault = lacksDefault || read.lacksDefault
          hasDeprecatedEntry = hasDeprecatedEntry || variable.attributes.containsDeprecation
          names += read.entries.lazy.map(\.name).filter { [names] in !names.contains($0) }
          rows += read.entries.map(Row.entry)
        } else if let condition = member.decl.as(IfConfigDeclSyntax.self) {
          rows.append(
            .condition(
              condition.clauses.map { clause in
                let head = [clause.poundKeyword.text, clause.condition?.trimmedDescription]
                  .compactMap { $0 }.joined(separator: " ")
                guard case .decls(let list)? = clause.elements else { return (head, []) }
                return (head, readRows(list))
              }))
        }
      }
      return rows
    }

    private mutating func addCircles() {
      for circle in ownMembers.circles() {
        guard let name = circle.first, let token = declaration.memberBlock.property(named: name)
        else { continue }
        problems.append(
          ConfigProblem(
            token, code: "circle",
            "'\(name)' is computed from itself: \(circle.joined(separator: " → ")); give one of "
              + "them a default that needs none of the others"))
      }
    }

    // MARK: Expansion

    /// What the macro adds to the class.
    var members: [DeclSyntax] {
      let access = declaration.memberAccess
      let name = declaration.name.text
      let help = DocumentationText(before: declaration, upTo: declaration.classKeyword).text
      let dependencies = ownMembers.dependencies(among: names)
      // Otherwise the compiler warns of a deprecated entry where it is listed.
      let silencer = hasDeprecatedEntry ? "@available(*, deprecated) " : ""
      let statements = rows.flatMap { self.statements($0, dependencies) }
      var members: [DeclSyntax] = [
        """
        \(raw: silencer)\(raw: access)static var configFields: [Grail.ConfigField<\(raw: name)>] {
          \(raw: superclassCheck)var fields: [Grail.ConfigField<\(raw: name)>] = []
          fields.reserveCapacity(\(raw: names.count))
          \(raw: statements.joined(separator: "\n  "))
          return fields
        }
        """,
        "\(raw: access)static var configHelp: String { \(raw: help.literal) }",
      ]
      if !hasOwnInitializer { members.insert(initializer(access: access), at: 0) }
      return members
    }

    private func initializer(access: String) -> DeclSyntax {
      // Where there is a superclass, the check says so, and nothing need be said of its initializer.
      let attribute = declaration.inheritanceClause == nil ? "" : "@_nonoverride "
      // Nothing else would be said about a property without a default than has been said.
      let body = lacksDefault ? "{ fatalError() }" : "{}"
      return "\(raw: attribute + access + (isFinal ? "" : "required "))init() \(raw: body)"
    }

    /// What asks the compiler whether the first inherited name, which alone may be one, is a
    /// superclass; nobody calls it.
    private var superclassCheck: String {
      guard let parent = declaration.inheritanceClause?.inheritedTypes.first?.plainName else {
        return ""
      }
      let name = declaration.name.text
      let lines = [
        "func check(_ parent: some \(parent), for own: \(name)) {",
        "  @available(*, unavailable, message: \(Self.superclassMessage(name, parent).literal))",
        "  func superclass(_ kind: Grail.ConfigParent.Superclass) {}",
        "  func superclass(_ kind: Grail.ConfigParent.Interface) {}",
        "  let kind = Grail.ConfigParent.kind(of: parent, for: own)",
        "  superclass(kind)",
        "}",
      ]
      return lines.map { "\($0)\n  " }.joined()
    }

    private func statements(_ row: Row, _ dependencies: [String: [String]]) -> [String] {
      switch row {
      case .entry(let entry):
        let field = entry.field(
          of: declaration.name.text, dependencies: dependencies[entry.name] ?? [])
        return ["fields.append(\(field))"]
      case .condition(let clauses):
        let parts = clauses.flatMap { clause in
          [clause.head] + clause.rows.flatMap { statements($0, dependencies) }
        }
        return parts + ["#endif"]
      }
    }
  }

  extension InheritedTypeSyntax {
    /// The type without attributes, unless it only takes something away.
    fileprivate var plainName: String? {
      let plain = type.as(AttributedTypeSyntax.self)?.baseType ?? type
      return plain.is(SuppressedTypeSyntax.self) ? nil : plain.trimmedDescription
    }
  }

  extension MemberBlockSyntax {
    /// The name in the declaration of a property, also inside `#if`.
    fileprivate func property(named name: String) -> TokenSyntax? {
      let finder = PropertyFinder(name)
      finder.walk(members)
      return finder.found
    }
  }

  private final class PropertyFinder: SyntaxVisitor {
    private let name: String
    private(set) var found: TokenSyntax?

    init(_ name: String) {
      self.name = name
      super.init(viewMode: .sourceAccurate)
    }

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
      for binding in node.bindings {
        if let token = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier,
          token.plainName == name, found == nil
        {
          found = token
        }
      }
      return .skipChildren
    }

    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  }

  /// Finds `override` and `super` in a class's own members.
  private final class SignsOfSuperclass: SyntaxVisitor {
    private(set) var first: Syntax?

    override func visit(_ node: DeclModifierSyntax) -> SyntaxVisitorContinueKind {
      if node.name.tokenKind == .keyword(.override) { first = first ?? Syntax(node) }
      return .skipChildren
    }

    override func visit(_ node: SuperExprSyntax) -> SyntaxVisitorContinueKind {
      first = first ?? Syntax(node)
      return .skipChildren
    }

    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  }
#endif
