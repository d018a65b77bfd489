#if Macros
  @testable import GrailMacros
  import SwiftParser
  import SwiftSyntax
  import Testing

  @Suite struct DocumentationTextTests {
    private func last(_ source: String) throws -> VariableDeclSyntax {
      let file = Parser.parse(source: source)
      return try #require(file.statements.last?.item.as(VariableDeclSyntax.self))
    }

    @Test(arguments: [
      ("/// One line.\n", "One line."),
      ("/// Two\n///   lines.\n", "Two lines."),
      ("///\n/// A.\n///\n///\n/// B.\n///\n", "A.\n\nB."),
      ("/** A block. */ ", "A block."),
      ("/**\n * A block\n * of two.\n *\n * B.\n */\n", "A block of two.\n\nB."),
      ("/**\n  A\n\n  B\n*/\n", "A\n\nB"),
      ("/// List:\n/// - a\n/// - b\n///   more\n/// 1. c\n", "List:\n- a\n- b more\n1. c"),
      ("/// See:\n/// ```\n/// a\n///   b\n///\n/// c\n/// ```\n", "See:\n```\na\n  b\n\nc\n```"),
      ("/// Before.\n@available(*, deprecated)\n/// After.\n", "Before. After."),
      ("/// Of something else.\n\n/// Own.\n", "Own."),
      ("// No documentation.\n", ""),
      ("/// A.\n// Not this.\n/// B.\n", "A. B."),
      ("let before = 1 /// About before.\n", ""),
      ("", ""),
    ])
    func `a comment before is joined`(comment: String, text: String) throws {
      let variable = try last(comment + "var a = 1")
      let found = DocumentationText(before: variable, upTo: variable.bindingSpecifier).text
      #expect(found == text)
    }

    @Test(arguments: [
      (" // How many.", "How many."), (" /* How many. */", "How many."),
      (" /// How many.", "How many."), ("\n// Of what follows.", ""), (" // TODO: more", ""),
      ("; // How many.", "How many."), ("", ""), (" // swift-format-ignore", ""),
    ])
    func `a comment behind is found`(comment: String, text: String) throws {
      #expect(DocumentationText(after: try last("var a = 1" + comment)).text == text)
    }

    @Test(arguments: [
      ("a \"b\" \\(c)", #""a \"b\" \\(c)""#), ("a\nb\t", #""a\nb\t""#), ("é😀", "\"é😀\""),
      ("\u{0}\u{7f}", #""\u{0}\u{7f}""#),
    ])
    func `a text becomes a literal`(text: String, literal: String) {
      #expect(text.literal == literal)
    }
  }
#endif
