#if Macros
  import SwiftSyntax

  /// Where a declaration stands, and whether a macro can extend it from there.
  struct ConfigPlace {
    let problem: ConfigProblem?
    /// Whether the declaration is a member of another type.
    let isNested: Bool

    init(_ declaration: some DeclGroupSyntax, attribute: AttributeSyntax, context: [Syntax]) {
      let name = declaration.declaredName?.trimmedDescription ?? "it"
      // The innermost context may be the declaration itself.
      let outer = context.filter {
        $0.asProtocol((any DeclGroupSyntax).self)?.declaredName?.text
          != declaration.declaredName?.text
      }
      isNested = !outer.isEmpty
      if outer.contains(where: \.isLocalContext) {
        problem = ConfigProblem(
          attribute, code: "local",
          "'\(name)' is declared inside a function, where no macro can extend it; move it out")
      } else if !outer.isEmpty, let modifier = declaration.modifiers.first(.private) {
        problem = ConfigProblem(
          modifier, code: "nested-private",
          "'\(name)' is private to the type around it, where no macro can extend it; "
            + "make it 'fileprivate'",
          fixes: [.init("make it 'fileprivate'", .init(replacing: modifier, by: "fileprivate"))])
      } else if let actor = declaration.attributes.first(where: { $0.hasSuffix("Actor") }) {
        let actorName = actor.trimmedDescription
        problem = ConfigProblem(
          actor, code: "isolated",
          "'\(name)' is bound to '\(actorName)', and a configuration is read from anywhere; "
            + "remove '\(actorName)'",
          fixes: [.init("remove '\(actorName)'", .init(removing: actor))])
      } else {
        problem = nil
      }
    }
  }

  extension Syntax {
    /// Whether declarations inside are local.
    fileprivate var isLocalContext: Bool {
      switch kind {
      case .functionDecl, .initializerDecl, .deinitializerDecl, .accessorDecl, .closureExpr,
        .subscriptDecl, .variableDecl, .patternBinding:
        true
      default: false
      }
    }
  }
#endif
