#if Macros
  import SwiftSyntax

  /// What comments say about a declaration, as plain text.
  ///
  /// Lines of one paragraph become one line; paragraphs keep a blank line between them, and items
  /// of lists and lines of code a line of their own.
  struct DocumentationText {
    let text: String

    /// Reads the documentation comment before a declaration.
    ///
    /// - Parameters:
    ///   - declaration: The declaration.
    ///   - introducer: Its keyword, up to which the comment may stand, also after attributes.
    init(before declaration: some SyntaxProtocol, upTo introducer: TokenSyntax) {
      var lines: [String] = []
      for token in declaration.tokens(viewMode: .sourceAccurate) {
        var pieces = token.leadingTrivia.pieces[...]
        if lines.isEmpty, token.previousToken(viewMode: .sourceAccurate) != nil {
          // The rest of the line before is about what stands there.
          pieces = pieces.drop { !$0.isNewline }
        }
        // A blank line separates a comment from an earlier one, which is about something else.
        var newlines = 0
        for piece in pieces {
          switch piece {
          case .newlines(let count), .carriageReturnLineFeeds(let count): newlines += count
          case .docLineComment(let comment):
            if newlines > 1 { lines = [] }
            lines.append(Self.withoutOneSpace(comment.dropFirst(3)))
            newlines = 0
          case .docBlockComment(let comment):
            if newlines > 1 { lines = [] }
            lines += Self.lines(inBlock: comment.dropFirst(3))
            newlines = 0
          case .lineComment, .blockComment: newlines = 0
          default: break
          }
        }
        if token == introducer { break }
      }
      text = Self.join(lines)
    }

    /// Reads a comment that ends the last line of a declaration.
    ///
    /// - Parameter declaration: The declaration.
    init(after declaration: some SyntaxProtocol) {
      guard let last = declaration.lastToken(viewMode: .sourceAccurate) else {
        text = ""
        return
      }
      var pieces = last.trailingTrivia.pieces
      var next = last.nextToken(viewMode: .sourceAccurate)
      if let semicolon = next, semicolon.tokenKind == .semicolon {
        pieces += semicolon.leadingTrivia.pieces + semicolon.trailingTrivia.pieces
        next = semicolon.nextToken(viewMode: .sourceAccurate)
      }
      if let next { pieces += next.leadingTrivia.pieces }
      let line = pieces.prefix { !$0.isNewline }
      text = line.lazy.compactMap(Self.remark).first ?? ""
    }

    /// A comment that is about the declaration, and not for tools or for later.
    private static func remark(_ piece: TriviaPiece) -> String? {
      let lines: [String]
      switch piece {
      case .lineComment(let comment): lines = [withoutOneSpace(comment.dropFirst(2))]
      case .docLineComment(let comment): lines = [withoutOneSpace(comment.dropFirst(3))]
      case .blockComment(let comment): lines = Self.lines(inBlock: comment.dropFirst(2))
      default: return nil
      }
      let text = join(lines)
      let foreign = ["TODO", "FIXME", "MARK:", "swift-format", "swiftlint", "swiftformat"]
      return text.isEmpty || foreign.contains { text.hasPrefix($0) } ? nil : text
    }

    private static func withoutOneSpace(_ line: Substring) -> String {
      String(line.first == " " ? line.dropFirst() : line)
    }

    private static func lines(inBlock comment: Substring) -> [String] {
      let content = comment.hasSuffix("*/") ? comment.dropLast(2) : comment
      return content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
        let line = $0.drop { $0 == " " || $0 == "\t" }
        return line.first == "*" ? withoutOneSpace(line.dropFirst()) : String(line)
      }
    }

    private static func join(_ lines: [String]) -> String {
      var text = ""
      var isCode = false
      var isParagraph = false
      for line in lines {
        let content = line.trimmed
        let isFence = content.hasPrefix("```")
        if content.isEmpty, !isCode {
          isParagraph = false
          continue
        }
        if !text.isEmpty {
          text += !isParagraph ? "\n\n" : isCode || isFence || line.isListItem ? "\n" : " "
        }
        text += isCode ? line.trimmedAtEnd : content
        if isFence { isCode.toggle() }
        isParagraph = true
      }
      return text
    }
  }

  extension String {
    fileprivate var isListItem: Bool {
      let line = trimmed
      if ["- ", "* ", "+ "].contains(where: line.hasPrefix) { return true }
      let rest = line.drop { $0.isASCII && $0.isNumber }
      return rest.count < line.count && (rest.hasPrefix(". ") || rest.hasPrefix(") "))
    }

    fileprivate var trimmed: String { String(drop { $0.isWhitespace }).trimmedAtEnd }

    fileprivate var trimmedAtEnd: String {
      var text = self[...]
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }
  }
#endif
