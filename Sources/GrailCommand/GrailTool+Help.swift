extension GrailTool {
  /// What the tool can do, on one screen of 80 columns and 24 lines.
  package static let helpPage = """
    grail COMMAND [RUN…] [options]            grail COMMAND --help says more of one
    Runs are named by id, last, last~2, 3-17, a directory, or a query in quotes:
    grail ls 'layers == 7 and metrics.loss.min < 0.1'

    LOOK      ls                    runs, with what differs between them
              show                  everything of a run
              logs                  what a run printed; -f follows it
              status, stop          what runs now and what died; ask a run to end
              artifacts, sources    what a run made, what it was made from
    COMPARE   diff                  what differs between runs
              best                  the runs in which a metric was best
              plot                  metrics of one run or several
    KEEP      tag, note, rename     what you want to remember of runs
              rm, restore, purge    into the trash, back from it, and empty it
              copy                  runs from one store into another
              doctor                repair a store, end the records of dead runs
    ELSEWHERE export, import        tables of runs and metrics; runs as one file
              new                   a package with a first experiment
              completions           for bash, zsh and fish
    """
}
