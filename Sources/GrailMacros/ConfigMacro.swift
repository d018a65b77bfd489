#if Macros
  import SwiftDiagnostics
  package import SwiftSyntax
  import SwiftSyntaxBuilder
  package import SwiftSyntaxMacros

  /// The macro `@Config`: lists the entries of a final class, or the branches of an enum.
  package struct ConfigMacro {
    /// What the macro makes of a declaration.
    private struct Expansion {
      /// A class whose members the macro adds to.
      var configuration: ClassDeclSyntax?
      /// What comes after the type's name in an extension.
      var extensionText: String?
      /// What is added to an enum itself.
      var enumMembers: [String] = []
      var problems: [ConfigProblem] = []
    }

    private static func expand(
      _ declaration: some DeclGroupSyntax, attribute: AttributeSyntax, lacking: [TypeSyntax],
      in context: some MacroExpansionContext
    ) -> Expansion {
      let place = ConfigPlace(declaration, attribute: attribute, context: context.lexicalContext)
      if let problem = place.problem { return Expansion(problems: [problem]) }
      if let enumeration = declaration.as(EnumDeclSyntax.self) {
        let choice = ConfigChoiceEnum(enumeration, attribute: attribute)
        guard choice.problems.isEmpty else { return Expansion(problems: choice.problems) }
        // The compiler checks what is added to an enum itself only when it generates code, and
        // stops working where a type is wrong; an extension of a nested one does not know the
        // types around it.
        return place.isNested
          ? Expansion(enumMembers: choice.members)
          : Expansion(extensionText: " {\n\(choice.members.joined(separator: "\n\n"))\n}")
      }
      guard let classDeclaration = declaration.as(ClassDeclSyntax.self) else {
        return Expansion(problems: [.notAClass(declaration, attribute)])
      }
      let lacksConformance = lacking.contains { $0.trimmedDescription.hasSuffix("Configuration") }
      if let problem = ConfigClass.problem(
        of: classDeclaration, lacksConformance: lacksConformance)
      {
        return Expansion(problems: [problem])
      }
      return Expansion(
        configuration: classDeclaration,
        extensionText: lacksConformance ? ": Grail.Configuration {}" : nil)
    }
  }

  extension ConfigMacro: MemberMacro {
    package static func expansion(
      of node: AttributeSyntax, providingMembersOf declaration: some DeclGroupSyntax,
      conformingTo protocols: [TypeSyntax], in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
      let expansion = expand(declaration, attribute: node, lacking: protocols, in: context)
      let configuration = expansion.configuration.map(ConfigClass.init)
      for problem in expansion.problems + (configuration?.problems ?? []) {
        context.diagnose(problem.diagnostic)
      }
      return configuration?.members ?? expansion.enumMembers.map { "\(raw: $0)" }
    }
  }

  extension ConfigMacro: ExtensionMacro {
    package static func expansion(
      of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
      providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
      in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
      // The other role reports what is wrong.
      let expansion = expand(declaration, attribute: node, lacking: protocols, in: context)
      guard let text = expansion.extensionText else { return [] }
      return [try ExtensionDeclSyntax("extension \(type.trimmed)\(raw: text)")]
    }
  }
#endif
