// One import gives a program that reads runs all that it uses: the stores, and the values of the
// domain.

@_exported public import GrailCore
@_exported public import GrailRecord
