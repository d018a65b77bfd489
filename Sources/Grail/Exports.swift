// One import gives an experiment all that it uses: its run, the values of the domain, and the
// reader of what was recorded.

@_exported public import GrailCore
@_exported public import GrailRecord
@_exported public import GrailRun
