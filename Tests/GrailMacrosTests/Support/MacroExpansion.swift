#if Macros
  import GrailMacros
  import SwiftDiagnostics
  import SwiftParser
  import SwiftSyntax
  import SwiftSyntaxBuilder
  import SwiftSyntaxMacroExpansion
  import SwiftSyntaxMacros
  import SwiftSyntaxMacrosGenericTestSupport
  import Testing

  private let macros = [
    "Config": MacroSpec(type: ConfigMacro.self, conformances: ["Configuration"])
  ]

  /// Checks what the macro makes of a source without mistakes.
  func assertExpansion(
    _ source: String, expandsTo expected: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    assertMacroExpansion(
      source, expandedSource: expected, macroSpecs: macros, indentationWidth: .spaces(2),
      failureHandler: { Issue.record("\($0.message)", sourceLocation: sourceLocation) })
  }

  /// What the macro says of a source, and what its offers make of it.
  struct MacroRefusal {
    /// The messages, in order, one a line.
    var messages: String
    /// The source with `▸` at each place that is spoken of.
    var marked: String
    /// The messages of the offers, in order.
    var offers: [String] = []
    /// The source after each offer.
    var fixed: [String] = []

    /// Expands a source.
    ///
    /// - Parameters:
    ///   - source: The source.
    ///   - conformances: The protocols that the compiler says are lacking.
    init(of source: String, conformances: [TypeSyntax] = ["Configuration"]) {
      let file = Parser.parse(source: source)
      let context = BasicMacroExpansionContext(
        sourceFiles: [file: .init(moduleName: "Test", fullFilePath: "test.swift")])
      _ = file.expand(
        macroSpecs: ["Config": MacroSpec(type: ConfigMacro.self, conformances: conformances)],
        contextGenerator: {
          BasicMacroExpansionContext(
            sharingWith: context, lexicalContext: $0.allMacroLexicalContexts())
        })
      func offset(_ position: AbsolutePosition, _ node: Syntax) -> Int {
        context.location(for: position, anchoredAt: node, fileName: "test.swift").offset
      }
      messages = context.diagnostics.map(\.message).joined(separator: "\n")
      marked = source
      let places = context.diagnostics.map { offset($0.position, $0.node) }
      for place in places.sorted(by: >) {
        marked.utf8Replace(place..<place, "▸")
      }
      for offer in context.diagnostics.flatMap(\.fixIts) {
        var text = source
        for change in offer.changes.reversed() {
          guard case .replaceText(let range, let replacement, let node) = change else { continue }
          text.utf8Replace(
            offset(range.lowerBound, node)..<offset(range.upperBound, node), replacement)
        }
        offers.append(offer.message.message)
        fixed.append(text)
      }
    }
  }

  extension String {
    fileprivate mutating func utf8Replace(_ range: Range<Int>, _ text: String) {
      let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
      let end = utf8.index(utf8.startIndex, offsetBy: range.upperBound)
      replaceSubrange(start..<end, with: text)
    }
  }
#endif
