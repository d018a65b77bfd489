#if Macros
  import SwiftSyntax

  extension DeclGroupSyntax {
    /// The name that the declaration gives, or the extended type.
    var declaredName: TokenSyntax? {
      asProtocol((any NamedDeclSyntax).self)?.name.trimmed
        ?? self.as(ExtensionDeclSyntax.self)?.extendedType.lastToken(viewMode: .sourceAccurate)?
        .trimmed
    }

    /// What precedes a declaration in the expansion so that it is as visible as the type.
    var memberAccess: String {
      if modifiers.first(.public) != nil || modifiers.first(.open) != nil { return "public " }
      return modifiers.first(.package) == nil ? "" : "package "
    }
  }

  extension DeclModifierListSyntax {
    /// A modifier without a detail such as `(set)`.
    func first(_ keyword: Keyword) -> DeclModifierSyntax? {
      first { $0.name.tokenKind == .keyword(keyword) && $0.detail == nil }
    }

    /// Whether what is declared belongs to the type, not to its instances.
    var isStatic: Bool { first(.static) != nil || first(.class) != nil }

    /// Whether what is declared is visible in this file at most.
    var isPrivate: Bool { first(.private) != nil || first(.fileprivate) != nil }
  }

  extension AttributeListSyntax {
    /// An attribute whose type's name, without the types around it, is as wanted.
    func first(where isWanted: (String) -> Bool) -> AttributeSyntax? {
      for case .attribute(let attribute) in self where isWanted(attribute.lastName) {
        return attribute
      }
      return nil
    }
  }

  extension AttributeListSyntax {
    /// Whether what is declared should not be used any more.
    var containsDeprecation: Bool {
      first { $0 == "available" }?.arguments?.trimmedDescription.contains("deprecated") == true
    }
  }

  extension AttributeSyntax {
    /// The name without the types around it.
    fileprivate var lastName: String {
      if let member = attributeName.as(MemberTypeSyntax.self) { return member.name.text }
      return attributeName.as(IdentifierTypeSyntax.self)?.name.text
        ?? attributeName.trimmedDescription
    }
  }

  extension TokenSyntax {
    /// The name without backticks.
    var plainName: String {
      text.count > 2 && text.hasPrefix("`") && text.hasSuffix("`")
        ? String(text.dropFirst().dropLast()) : text
    }
  }

  extension String {
    /// Whether the text is a name that needs no backticks but for being a word of the language.
    var isPlainIdentifier: Bool {
      guard let first, first == "_" || first.isLetter else { return false }
      return allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }

    /// The text as a literal of Swift.
    var literal: String {
      var literal = "\""
      for scalar in unicodeScalars {
        switch scalar {
        case "\"": literal += "\\\""
        case "\\": literal += "\\\\"
        case "\n": literal += "\\n"
        case "\t": literal += "\\t"
        case _ where scalar.properties.generalCategory == .control:
          literal += "\\u{\(String(scalar.value, radix: 16))}"
        default: literal.unicodeScalars.append(scalar)
        }
      }
      return literal + "\""
    }
  }
#endif
