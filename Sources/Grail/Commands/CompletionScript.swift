/// The script by which a shell completes words, as the parser makes it, mended for words such as
/// `layers=3`.
struct CompletionScript {
  /// The script.
  let text: String

  /// Mends a script.
  ///
  /// - Parameter parsers: The parser's script; one for a shell that is not known stays as it is.
  init(_ parsers: String) {
    let lines = parsers.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let mended =
      if parsers.hasPrefix("#!/bin/bash") {
        Self.bash(lines)
      } else if parsers.hasPrefix("#compdef ") {
        Self.zsh(lines)
      } else {
        Self.fish(lines)
      }
    text = mended.joined(separator: "\n")
  }

  /// The script for bash, whose way with words the parser's script does not meet.
  ///
  /// The parser has bash treat words as names of files, so that `layers=` gets a backslash and a
  /// space. Bash takes `=` for a word of its own, so that nothing is offered right after it.
  private static func bash(_ lines: [String]) -> [String] {
    guard let place = lines.lastIndex(where: { $0.hasPrefix("complete -o filenames -F ") }) else {
      return lines
    }
    let words = lines[place].split(separator: " ")
    let (function, program) = (words[words.count - 2], words[words.count - 1])
    let mended = """
      \(function)_words() {
          if [[ "${COMP_WORDS[COMP_CWORD]}" == "=" ]]; then
              COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD+1}" "")
              COMP_CWORD=$((COMP_CWORD + 1))
          fi
          \(function) "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          if [[ "${COMPREPLY[*]}" == *= ]]; then
              compopt -o nospace 2>/dev/null
          fi
          return 0
      }

      complete -o default -F \(function)_words \(program)
      """
    return lines[..<place] + [mended] + lines[(place + 1)...]
  }

  /// The parser has zsh expect a subcommand, of which there are none, in place of the words; and a
  /// space would follow `layers=`.
  private static func zsh(_ lines: [String]) -> [String] {
    lines.filter { !$0.hasSuffix("'(-): :->command'") && !$0.hasSuffix("'(-)*:: :->arg'") }
      .map { line in
        guard line.hasSuffix(#"_complete "${completions[@]:0:-1}""#) else { return line }
        let function = line.drop { $0 == " " }.prefix { $0 != " " }
        return """
                  local -ar found=("${completions[@]:0:-1}")
                  compadd -S '' -- "${(@M)found:#*=}"
                  \(function) "${(@)found:#*=}"
          """
      }
  }

  /// The parser offers a subcommand `help` behind the words.
  private static func fish(_ lines: [String]) -> [String] {
    lines.filter { !$0.contains(" -fa 'help' -d ") }
  }
}
