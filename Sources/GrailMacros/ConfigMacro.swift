#if Macros
  import SwiftDiagnostics
  package import SwiftSyntax
  import SwiftSyntaxBuilder
  package import SwiftSyntaxMacros

  /// The macro `@Config`: lists the entries of a final class, or the branches of an enum.
  package struct ConfigMacro {
    /// What the macro makes of a declaration.
    private struct Expansion {
      var members: [DeclSyntax] = []
      var conformance: String?
      var problems: [ConfigProblem] = []

      init(members: [DeclSyntax], conformance: String, problems: [ConfigProblem]) {
        (self.members, self.conformance, self.problems) = (members, conformance, problems)
      }

      init(refusedFor problem: ConfigProblem) { problems = [problem] }
    }

    private static func expand(
      _ declaration: some DeclGroupSyntax, attribute: AttributeSyntax,
      in context: some MacroExpansionContext
    ) -> Expansion {
      let place = ConfigPlace(declaration, attribute: attribute, context: context.lexicalContext)
      if let problem = place.problem { return Expansion(refusedFor: problem) }
      if let enumeration = declaration.as(EnumDeclSyntax.self) {
        let choice = ConfigChoiceEnum(enumeration, attribute: attribute)
        return Expansion(
          members: choice.members, conformance: "ConfigChoice", problems: choice.problems)
      }
      guard let classDeclaration = declaration.as(ClassDeclSyntax.self) else {
        return Expansion(refusedFor: .notAClass(declaration, attribute))
      }
      if let problem = ConfigClass.problem(of: classDeclaration) {
        return Expansion(refusedFor: problem)
      }
      let configuration = ConfigClass(classDeclaration)
      return Expansion(
        members: configuration.members, conformance: "Configuration",
        problems: configuration.problems)
    }
  }

  extension ConfigMacro: MemberMacro {
    package static func expansion(
      of node: AttributeSyntax, providingMembersOf declaration: some DeclGroupSyntax,
      conformingTo protocols: [TypeSyntax], in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
      let expansion = expand(declaration, attribute: node, in: context)
      for problem in expansion.problems { context.diagnose(problem.diagnostic) }
      return expansion.members
    }
  }

  extension ConfigMacro: ExtensionMacro {
    package static func expansion(
      of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
      providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
      in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
      // The other role reports what is wrong.
      guard let conformance = expand(declaration, attribute: node, in: context).conformance,
        protocols.contains(where: { $0.trimmedDescription.hasSuffix(conformance) })
      else { return [] }
      return [
        try ExtensionDeclSyntax("extension \(type.trimmed): Grail.\(raw: conformance) {}")
      ]
    }
  }
#endif
