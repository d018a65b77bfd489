// The protocols, and the values that their checks are about.

@_exported public import GrailCore
