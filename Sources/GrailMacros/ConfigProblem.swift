#if Macros
  import SwiftDiagnostics
  import SwiftSyntax

  /// What is wrong with a configuration's declaration: where, what, and what to do.
  struct ConfigProblem {
    /// A change of the source that solves the problem.
    struct Fix {
      var message: String
      var edits: [Edit]

      init(_ message: String, _ edits: Edit...) { (self.message, self.edits) = (message, edits) }
    }

    /// A replacement of text.
    struct Edit {
      var node: Syntax
      var range: Range<AbsolutePosition>
      var text: String

      /// Replaces a node, but not the space and the comments around it.
      init(replacing node: some SyntaxProtocol, by text: String) {
        self.node = Syntax(node)
        range = node.positionAfterSkippingLeadingTrivia..<node.endPositionBeforeTrailingTrivia
        self.text = text
      }

      /// Removes a node with the space after it.
      init(removing node: some SyntaxProtocol) {
        self.node = Syntax(node)
        range = node.positionAfterSkippingLeadingTrivia..<node.endPosition
        text = ""
      }

      /// Inserts text after a node.
      init(after node: some SyntaxProtocol, _ text: String) {
        self.node = Syntax(node)
        range = node.endPositionBeforeTrailingTrivia..<node.endPositionBeforeTrailingTrivia
        self.text = text
      }
    }

    let node: Syntax
    let code: String
    let message: String
    let fixes: [Fix]

    init(_ node: some SyntaxProtocol, code: String, _ message: String, fixes: [Fix] = []) {
      self.node = Syntax(node)
      (self.code, self.message, self.fixes) = (code, message, fixes)
    }

    /// The problem as the compiler takes it.
    var diagnostic: Diagnostic {
      let id = MessageID(domain: "GrailMacros", id: code)
      return Diagnostic(
        node: node, message: Message(message: message, diagnosticID: id),
        fixIts: fixes.map { fix in
          FixIt(
            message: FixMessage(message: fix.message, fixItID: id),
            changes: fix.edits.map { .replaceText(range: $0.range, with: $0.text, in: $0.node) })
        })
    }

    private struct Message: DiagnosticMessage {
      let message: String
      let diagnosticID: MessageID
      var severity: DiagnosticSeverity { .error }
    }

    private struct FixMessage: FixItMessage {
      let message: String
      let fixItID: MessageID
    }
  }
#endif
