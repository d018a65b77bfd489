#if Macros
  import SwiftSyntax

  extension ConfigProblem {
    /// The macro is attached to something other than a class or an enum.
    static func notAClass(
      _ declaration: some DeclGroupSyntax, _ attribute: AttributeSyntax
    ) -> ConfigProblem {
      let name = declaration.declaredName?.text ?? "it"
      if let structure = declaration.as(StructDeclSyntax.self) {
        return ConfigProblem(
          structure.structKeyword, code: "struct",
          "'\(name)' is a struct, and '@Config' needs a final class; a struct needs no macro if "
            + "no default depends on another: 'struct \(name): Configurable'",
          fixes: [
            .init(
              "make it a final class", .init(replacing: structure.structKeyword, by: "final class")),
            .init(
              "conform to 'Configurable' instead", .init(removing: attribute),
              structure.inheritanceClause.map { .init(after: $0, ", Configurable") }
                ?? .init(
                  after: structure.genericParameterClause.map(Syntax.init)
                    ?? Syntax(structure.name),
                  ": Configurable")),
          ])
      }
      if let actor = declaration.as(ActorDeclSyntax.self) {
        return ConfigProblem(
          actor.actorKeyword, code: "actor",
          "'\(name)' is an actor, and '@Config' needs a final class",
          fixes: [
            .init("make it a final class", .init(replacing: actor.actorKeyword, by: "final class"))
          ])
      }
      let kind = declaration.is(ProtocolDeclSyntax.self) ? "a protocol" : "an extension"
      return ConfigProblem(
        attribute, code: "kind",
        "'@Config' is attached to \(kind) of '\(name)', and needs the declaration of a final class")
    }
  }
#endif
