import GrailCore
import GrailRecord
import OrderedCollections
import Synchronization

/// Finds out about a run's program and machine while the run goes on, on threads of its own.
///
/// What is found is given out as soon as it is known. The end of a run that is shorter than the
/// settings' minimum time waits for the rest; what is not known then is absent.
final class ProvenanceCollector: Sendable {
  /// What is looked at.
  struct Task: Sendable {
    var settings: ProvenanceSettings
    /// The file that declares the experiment.
    var declaredIn: String?
    var store: StoreFolder
    var environment: ProcessEnvironment
  }

  private let task: Task
  private let deliver: @Sendable (RunEvent) -> Void
  private let state = Monitor(State())
  private let begin = ContinuousClock.now
  /// When git is given up, and whoever asks for the time limit of programs.
  private let deadline: Deadline
  /// When graphics processors are given up.
  private let graphicsDeadline: Deadline
  /// When the program's digest is given up.
  private let digestDeadline: Deadline
  /// When the sources are given up, which only a slow disk holds up.
  private let longDeadline = Deadline(after: .seconds(1_000_000_000))
  /// How long the end waits for a file that is being written, which only a slow disk holds up.
  private static let writingTime = Duration.seconds(1)

  private struct State {
    /// What is still being found out, by name, and whether it is the author's.
    var pending: [String: Bool] = [:]
    var isClosed = false
    /// How many files of the store are being written.
    var writeCount = 0
    /// The sources, to be looked at again at the end.
    var sources: [SourceFile] = []
    var baseDirectory = ""
  }

  /// Begins to find out.
  ///
  /// - Parameters:
  ///   - task: What is looked at.
  ///   - deliver: Is given each finding, never two at once and none after the end.
  init(_ task: Task, deliver: @escaping @Sendable (RunEvent) -> Void) {
    (self.task, self.deliver) = (task, deliver)
    deadline = Deadline(after: task.settings.timeLimit)
    graphicsDeadline = Deadline(after: task.settings.timeLimit)
    digestDeadline = Deadline(after: task.settings.timeLimit)
    start("code", isAuthors: false) { $0.findCode() }
    if task.settings.gathersGPUs {
      start("graphics processors", isAuthors: false) { $0.findGraphicsProcessors() }
    }
    for (name, gather) in task.settings.gatherers {
      start(name, isAuthors: true) { $0.find(name, by: gather) }
    }
  }

  private func start(
    _ name: String, isAuthors: Bool, _ body: @escaping @Sendable (ProvenanceCollector) -> Void
  ) {
    let name = isAuthors ? "gatherer '\(name)'" : name
    state.withLock { $0.pending[name] = isAuthors }
    let isStarted = WorkerThread.detach { [self] in
      body(self)
      state.change { $0.pending[name] = nil }
    }
    // Without a thread there is nothing to wait for.
    if !isStarted { state.change { $0.pending[name] = nil } }
  }

  /// Waits for what is not known yet, and looks whether sources changed meanwhile; call it once.
  func finish() {
    let age = ContinuousClock.now - begin
    let minimum = min(max(task.settings.minimumTime, .zero), .seconds(1_000_000))
    deadline.shorten(to: isMute(Self.git) ? .zero : minimum - age)
    graphicsDeadline.shorten(to: isMute(Self.nvidiaSMI) ? .zero : minimum / 4 - age)
    digestDeadline.shorten(to: minimum / 4 - age)
    longDeadline.shorten(to: minimum * 4 - age)
    // A little longer, for those that are told to give up.
    _ = state.wait(atMost: max(minimum * 4 - age, .zero) + .milliseconds(150)) { state in
      state.pending.values.allSatisfy(\.self) ? true : nil
    }
    let rest = minimum - (ContinuousClock.now - begin)
    _ = state.wait(atMost: max(rest, .zero)) { $0.pending.isEmpty ? true : nil }
    let late = state.withLock { $0.pending.filter(\.value).keys.sorted() }
    for name in late { warn("the \(name) did not end in time; its entry is absent") }
    noteChanges()
    state.withLock { $0.isClosed = true }
    // The process may end now, and would leave a part of a file.
    _ = state.wait(atMost: Self.writingTime) { $0.writeCount == 0 ? true : nil }
  }

  // MARK: - Findings

  /// Writes a file of the store, which the end waits for; once the end is over, none is begun.
  private func write<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result? {
    let isOpen = state.withLock { state in
      if !state.isClosed { state.writeCount += 1 }
      return !state.isClosed
    }
    guard isOpen else { return nil }
    defer { state.change { $0.writeCount -= 1 } }
    return try body()
  }

  private func give(_ event: RunEvent) {
    state.withLock { state in
      if !state.isClosed { deliver(event) }
    }
  }

  private func give(_ fill: (inout RunProvenance) -> Void) {
    var provenance = RunProvenance()
    fill(&provenance)
    if !provenance.isEmpty { give(.provenance(provenance)) }
  }

  private func warn(_ message: String) {
    give(.warning(RunWarning(time: SystemClock.now(), message: message)))
  }

  /// The program and what it was built from: what is quick first.
  private func findCode() {
    let settings = task.settings
    // Git works while the sources are looked for and read.
    var queries =
      settings.gathersRepository
      ? task.declaredIn.map { file in
        EarlyQueries.take(declaredIn: file)
          ?? GitQueries(declaredIn: file, environment: task.environment)
      } : nil
    let executable = settings.gathersExecutable ? ExecutableFacts.describe() : nil
    let found = task.declaredIn.flatMap { file in
      settings.gathersSources || settings.gathersRepository
        ? PackageSources(
          declaredIn: file, build: ExecutableFacts.build, further: settings.sourceFiles) : nil
    }
    queries?.add(found?.packages ?? [])
    give { provenance in
      if settings.gathersHost {
        provenance.host = HostDescription.further
        provenance.host["swift_version"] = HostDescription.swiftVersion(build: found?.build)
      }
      let variables = task.environment.recorded(settings.environment)
      if !variables.isEmpty { provenance.host["ENV"] = .map(variables) }
      provenance.executable = executable?.record
      provenance.dependencies =
        settings.gathersSources
        ? found?.dependencies(further: settings.dependencies) ?? settings.dependencies : []
      provenance.baseDirectory = found?.baseDirectory
      provenance.mainFile = found?.mainFile
    }
    var sources = SourceStore(store: task.store)
    if settings.gathersSources, let found { keep(found, in: &sources) }
    if let executable { complete(executable.record, executable.identity, in: &sources) }
    if let found { take(queries?.all ?? [], of: found, in: &sources) }
    if let found, let executable { noteNewer(found, than: executable.identity) }
    do throws(FileError) {
      try write { () throws(FileError) in try sources.cache.save() }
    } catch {
      // Without it the files are read again by the next run.
    }
  }

  private func keep(_ found: PackageSources, in sources: inout SourceStore) {
    var records: [SourceRecord] = []
    var problems: [String] = []
    for file in found.files where !longDeadline.isOver {
      do throws(FileError) {
        let stored = try write { () throws(FileError) in
          try sources.keep(file.path, identity: file.identity)
        }
        guard let stored else { return }
        records.append(
          SourceRecord(path: file.path.relative(to: found.baseDirectory), storedPath: stored))
      } catch {
        problems.append(error.description)
      }
    }
    state.withLock { state in
      state.sources = found.files
      state.baseDirectory = found.baseDirectory
    }
    give { $0.sources = records }
    let missing = found.files.count - records.count + found.omittedCount
    if missing > 0 {
      let reason =
        problems.first ?? (longDeadline.isOver ? "the disk is too slow" : "too many or too large")
      warn("\(missing) of \(records.count + missing) sources are not kept: \(reason)")
    }
  }

  /// Takes the answers of git.
  private func take(
    _ queries: [Result<GitQuery, GitFailure>], of found: PackageSources,
    in sources: inout SourceStore
  ) {
    var trees: [WorkingTreeRecord] = []
    for case .success(let query) in queries {
      guard case .success(let (answer, status)) = query.answer(until: deadline) else {
        noteMute(Self.git, ifOver: deadline)
        continue
      }
      var tree = answer
      tree.untracked = found.untracked(status, in: tree.folder)
      if tree.isDirty || !tree.untracked.isEmpty {
        let (changes, omitted) = query.changes(
          status, untracked: tree.untracked, until: deadline)
        tree.omitted = omitted
        do throws(FileError) {
          if let changes, !changes.isEmpty {
            tree.storedChanges = try write { () throws(FileError) in
              try sources.keep(changes, name: "\(tree.folder.lastPart).diff")
            }
          } else if changes == nil, !deadline.isOver {
            // Where only the time is over, the record says by their absence that they are not known.
            warn("the changes in '\(tree.folder)' are not kept: too large, or git cannot tell them")
          }
        } catch {
          warn("the changes in '\(tree.folder)' are not kept: \(error)")
        }
      }
      trees.append(tree)
    }
    give { $0.workingTrees = trees }
  }

  /// The digest of the program's file, and the file itself where it is wanted.
  private func complete(
    _ record: ExecutableRecord, _ identity: FileIdentity, in sources: inout SourceStore
  ) {
    var record = record
    let limit = task.settings.keepsExecutable ? longDeadline : digestDeadline
    record.sha256 = ExecutableFacts.digest(of: identity, cache: &sources.cache, until: limit)
    if task.settings.keepsExecutable {
      do throws(FileError) {
        record.storedPath = try write { () throws(FileError) in
          try ExecutableFacts.keep(record.path, in: sources)
        }
      } catch {
        warn("the executable is not kept: \(error)")
      }
    }
    give { $0.executable = record }
  }

  private func findGraphicsProcessors() {
    guard let program = task.environment.program(Self.nvidiaSMI) else { return }
    let answer = GraphicsProcessors.describe(
      program: program, environment: task.environment, until: graphicsDeadline)
    if let answer {
      give { $0.host["gpus"] = answer }
    } else {
      noteMute(Self.nvidiaSMI, ifOver: graphicsDeadline)
    }
  }

  private func find(_ name: String, by gather: @Sendable () throws -> any Encodable) {
    do {
      let value = Value(recording: try gather())
      give { $0.host[name] = value }
    } catch {
      warn("the gatherer '\(name)' failed: \(error)")
    }
  }

  // MARK: - Programs that do not answer

  private static let git = "git"
  private static let nvidiaSMI = "nvidia-smi"

  /// The files of programs that did not answer an earlier run of this process in time: no end
  /// waits for them again.
  private static let mute = Mutex<Set<String>>([])

  private func isMute(_ program: String) -> Bool {
    guard let path = task.environment.program(program) else { return false }
    return Self.mute.withLock { $0.contains(path) }
  }

  private func noteMute(_ program: String, ifOver deadline: Deadline) {
    guard deadline.isOver, let path = task.environment.program(program) else { return }
    Self.mute.withLock { _ = $0.insert(path) }
  }

  // MARK: - Notes

  /// Notes which sources were written after the program was linked.
  private func noteNewer(_ found: PackageSources, than executable: FileIdentity) {
    let newer = found.files.filter { file in
      file.isBuilt && file.identity.modified > executable.modified
    }
    note(
      newer, base: found.baseDirectory, "newer than the executable: the program ran without",
      "its last changes", "their last changes")
  }

  /// Notes which sources were written while the run went on.
  private func noteChanges() {
    let (sources, base) = state.withLock { ($0.sources, $0.baseDirectory) }
    let changed = sources.filter { file in
      FileIdentity(path: file.path)?.differs(from: file.identity) ?? true
    }
    note(
      changed, base: base, "changed during the run: the record has the content of its start,",
      "not the new one", "not the new ones")
  }

  private func note(
    _ files: [SourceFile], base: String, _ what: String, _ one: String, _ many: String
  ) {
    guard let first = files.first?.path.relative(to: base) else { return }
    warn(
      files.count == 1
        ? "the source '\(first)' is \(what) \(one)"
        : "\(files.count) sources are \(what) \(many); '\(first)' is the first")
  }
}
