#if Macros
  import SwiftSyntax

  /// A use of one of an object's own members, by its bare name or after `self.`.
  struct MemberReference {
    /// The member's name; `self` where the object is used as a whole.
    var name: String
    /// The labels of the arguments where it is called; no label is empty.
    var labels: [String]?
    /// Whether the code may run without using it.
    var isConditional: Bool
  }

  /// Finds what an expression or a body uses of the object that it belongs to.
  ///
  /// Names that are declared inside, such as parameters of closures, are no members.
  final class MemberReferences: SyntaxVisitor {
    private(set) var found: [MemberReference] = []
    private var scopes: [Set<String>] = [[]]
    /// How many conditions have to hold for what is being read to run.
    private var conditions = 0

    init(parameters: [String] = []) {
      scopes = [Set(parameters)]
      super.init(viewMode: .sourceAccurate)
    }

    /// What a piece of code uses.
    static func of(_ code: (some SyntaxProtocol)?, parameters: [String] = []) -> [MemberReference] {
      guard let code else { return [] }
      let finder = MemberReferences(parameters: parameters)
      finder.walk(code)
      return finder.found
    }

    // MARK: Names

    private func declare(_ name: TokenSyntax) {
      if name.tokenKind == .keyword(.self) { return }
      scopes[scopes.count - 1].insert(name.plainName)
    }

    private func declareNames(in pattern: some SyntaxProtocol) {
      let names = PatternNames(viewMode: .sourceAccurate)
      names.walk(pattern)
      for name in names.found { declare(name) }
    }

    private func inScope(isConditional: Bool = false, _ body: () -> Void) {
      scopes.append([])
      conditions += isConditional ? 1 : 0
      body()
      conditions -= isConditional ? 1 : 0
      scopes.removeLast()
    }

    private func walk(all nodes: (any SyntaxProtocol)?...) {
      for node in nodes { if let node { walk(node) } }
    }

    private func note(_ name: TokenSyntax, labels: [String]? = nil) {
      let plain = name.plainName
      guard !scopes.contains(where: { $0.contains(plain) }) else { return }
      noteMember(plain, labels: labels)
    }

    private func noteMember(_ name: String, labels: [String]? = nil) {
      found.append(MemberReference(name: name, labels: labels, isConditional: conditions > 0))
    }

    // MARK: Uses

    override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
      switch node.baseName.tokenKind {
      case .keyword(.self): noteMember("self")
      case .identifier: note(node.baseName)
      default: break
      }
      return .skipChildren
    }

    override func visit(_ node: MemberAccessExprSyntax) -> SyntaxVisitorContinueKind {
      if let name = node.memberOfSelf {
        noteMember(name)
      } else if let base = node.base {
        walk(base)
      }
      return .skipChildren
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
      let labels = node.arguments.map { $0.label?.plainName ?? "" }
      if let callee = node.calledExpression.as(DeclReferenceExprSyntax.self),
        case .identifier = callee.baseName.tokenKind
      {
        note(callee.baseName, labels: labels)
      } else if let name = node.calledExpression.as(MemberAccessExprSyntax.self)?.memberOfSelf {
        noteMember(name, labels: labels)
      } else {
        walk(node.calledExpression)
      }
      walk(all: node.arguments, node.trailingClosure, node.additionalTrailingClosures)
      return .skipChildren
    }

    override func visit(_ node: KeyPathExprSyntax) -> SyntaxVisitorContinueKind {
      // The components are members of something else.
      for component in node.components {
        if let arguments = component.component.as(KeyPathSubscriptComponentSyntax.self)?.arguments {
          walk(arguments)
        }
      }
      return .skipChildren
    }

    // MARK: Conditions

    override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
      var isConditional = false
      for element in node.elements {
        inScope(isConditional: isConditional || element.is(UnresolvedTernaryExprSyntax.self)) {
          walk(element)
        }
        isConditional =
          isConditional || element.is(UnresolvedTernaryExprSyntax.self)
          || ["??", "&&", "||"].contains(element.trimmedDescription)
      }
      return .skipChildren
    }

    override func visit(_ node: IfExprSyntax) -> SyntaxVisitorContinueKind {
      inScope {
        walk(node.conditions)
        conditions += 1
        walk(node.body)
        conditions -= 1
      }
      inScope(isConditional: true) { walk(all: node.elseBody) }
      return .skipChildren
    }

    override func visit(_ node: GuardStmtSyntax) -> SyntaxVisitorContinueKind {
      inScope(isConditional: true) { walk(node.body) }
      // What it binds is known to what follows.
      walk(node.conditions)
      return .skipChildren
    }

    override func visit(_ node: WhileStmtSyntax) -> SyntaxVisitorContinueKind {
      inScope {
        walk(node.conditions)
        conditions += 1
        walk(node.body)
        conditions -= 1
      }
      return .skipChildren
    }

    override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
      walk(node.sequence)
      inScope(isConditional: true) {
        declareNames(in: node.pattern)
        walk(all: node.whereClause, node.body)
      }
      return .skipChildren
    }

    override func visit(_ node: SwitchCaseSyntax) -> SyntaxVisitorContinueKind {
      inScope(isConditional: true) { walk(all: node.label, node.statements) }
      return .skipChildren
    }

    override func visit(_ node: SwitchCaseItemSyntax) -> SyntaxVisitorContinueKind {
      walk(node.pattern)
      declareNames(in: node.pattern)
      walk(all: node.whereClause)
      return .skipChildren
    }

    override func visit(_ node: CatchClauseSyntax) -> SyntaxVisitorContinueKind {
      inScope(isConditional: true) {
        if node.catchItems.isEmpty { declare(.identifier("error")) }
        walk(all: node.catchItems, node.body)
      }
      return .skipChildren
    }

    override func visit(_ node: CatchItemSyntax) -> SyntaxVisitorContinueKind {
      walk(all: node.pattern)
      if let pattern = node.pattern { declareNames(in: pattern) }
      walk(all: node.whereClause)
      return .skipChildren
    }

    override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
      if let initializer = node.initializer {
        walk(initializer)
      } else if let name = node.pattern.as(IdentifierPatternSyntax.self)?.identifier {
        note(name)
      }
      declareNames(in: node.pattern)
      return .skipChildren
    }

    override func visit(_ node: MatchingPatternConditionSyntax) -> SyntaxVisitorContinueKind {
      walk(all: node.initializer, node.pattern)
      declareNames(in: node.pattern)
      return .skipChildren
    }

    // MARK: Scopes

    override func visit(_ node: CodeBlockItemListSyntax) -> SyntaxVisitorContinueKind {
      inScope {
        for item in node {
          if let function = item.item.as(FunctionDeclSyntax.self) { declare(function.name) }
        }
        var left = 0
        for item in node {
          walk(item)
          // What follows such a statement may not be reached.
          if item.item.is(StmtSyntax.self), !item.item.is(ReturnStmtSyntax.self) {
            conditions += 1
            left += 1
          }
        }
        conditions -= left
      }
      return .skipChildren
    }

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
      for binding in node.bindings {
        walk(all: binding.initializer, binding.accessorBlock)
        declareNames(in: binding.pattern)
      }
      return .skipChildren
    }

    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
      for capture in node.signature?.capture?.items ?? [] {
        if let initializer = capture.initializer {
          walk(initializer)
        } else if capture.name.tokenKind != .keyword(.self) {
          note(capture.name)
        }
      }
      inScope(isConditional: true) {
        for capture in node.signature?.capture?.items ?? [] { declare(capture.name) }
        switch node.signature?.parameterClause {
        case .simpleInput(let parameters): for parameter in parameters { declare(parameter.name) }
        case .parameterClause(let clause):
          for parameter in clause.parameters {
            declare(parameter.secondName ?? parameter.firstName)
          }
        case nil: break
        }
        walk(node.statements)
      }
      return .skipChildren
    }

    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
      inScope(isConditional: true) {
        for parameter in node.signature.parameterClause.parameters {
          declare(parameter.secondName ?? parameter.firstName)
        }
        walk(all: node.body)
      }
      return .skipChildren
    }

    // In a type that is declared inside, `self` is another object.
    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: ActorDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }

    // Types are no members.
    override func visit(_ node: TypeAnnotationSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: AttributeSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  }

  extension MemberAccessExprSyntax {
    /// The member's name if the base is `self`, `self?` or `self!`.
    fileprivate var memberOfSelf: String? {
      var base = base
      while true {
        if let chain = base?.as(OptionalChainingExprSyntax.self) {
          base = chain.expression
        } else if let unwrap = base?.as(ForceUnwrapExprSyntax.self) {
          base = unwrap.expression
        } else {
          break
        }
      }
      guard base?.as(DeclReferenceExprSyntax.self)?.baseName.tokenKind == .keyword(.self),
        case .identifier = declName.baseName.tokenKind
      else { return nil }
      return declName.baseName.plainName
    }
  }

  /// Finds the names that a pattern binds.
  private final class PatternNames: SyntaxVisitor {
    private(set) var found: [TokenSyntax] = []

    override func visit(_ node: IdentifierPatternSyntax) -> SyntaxVisitorContinueKind {
      found.append(node.identifier)
      return .skipChildren
    }
  }
#endif
