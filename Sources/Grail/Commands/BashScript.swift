/// The completion script for bash as the parser makes it, mended for words such as `layers=3`.
///
/// The parser has bash treat words as names of files, so that `layers=` gets a backslash and a
/// space. Bash takes `=` for a word of its own, so that nothing is offered right after it.
struct BashScript {
  /// The script.
  let text: String

  /// Mends a script.
  ///
  /// - Parameter parsers: The parser's script; one for another shell stays as it is.
  init(_ parsers: String) {
    let lines = parsers.split(separator: "\n", omittingEmptySubsequences: false)
    guard parsers.hasPrefix("#!/bin/bash"),
      let place = lines.lastIndex(where: { $0.hasPrefix("complete -o filenames -F ") })
    else {
      text = parsers
      return
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
    text = (lines[..<place] + [mended[...]] + lines[(place + 1)...]).joined(separator: "\n")
  }
}
