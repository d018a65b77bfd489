#if Macros
  import SwiftCompilerPlugin
  import SwiftSyntaxMacros

  /// What the compiler loads.
  @main struct GrailPlugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [ConfigMacro.self]
  }
#else
  /// Without the trait `Macros` there is nothing to load, but a program needs a beginning.
  @main struct GrailPlugin {
    static func main() {}
  }
#endif
