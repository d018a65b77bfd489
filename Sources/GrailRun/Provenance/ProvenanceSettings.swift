/// What is found out about a run's program and machine, beside the run's work.
///
/// Nothing here delays the start of a run or makes it fail: what cannot be found out is absent.
public struct ProvenanceSettings: Sendable {
  /// Whether the machine is described: name, system, processor, memory.
  public var gathersHost = true
  /// Whether the graphics processors are described, where there is a program `nvidia-smi`.
  public var gathersGPUs = true
  /// Whether the source files of the package are kept, and its dependencies listed.
  public var gathersSources = true
  /// Whether the commit, the branch and the differences from it are recorded.
  public var gathersRepository = true
  /// Whether the program's file is described, by the linker's id and its digest.
  public var gathersExecutable = true
  /// Whether the program's file is kept in the store, once for all runs of it.
  public var keepsExecutable = false
  /// The variables of the environment that are recorded; a name that ends in `*` stands for all
  /// that begin so.
  ///
  /// The value of one whose name is that of a secret, as in `AWS_SECRET_ACCESS_KEY`, is never
  /// recorded, and neither are user and password of a URL.
  public var environment = Self.usualEnvironment
  /// Further files to keep among the sources, relative to the package's folder or absolute.
  public var sourceFiles: [String] = []
  /// Further dependencies to list, as `name==version`.
  public var dependencies: [String] = []
  /// What else is found out about the machine, by the name of its entry in the record's `host`.
  ///
  /// Each closure is called once a run, on a thread of its own; one that throws, or that takes
  /// longer than the time limits, is noted as a warning.
  public var gatherers: [String: @Sendable () throws -> any Encodable] = [:]
  /// How long a program such as git may take while the run goes on.
  public var timeLimit = Duration.seconds(60)
  /// How long is given at least: the end of a run that is shorter waits for what is left of it,
  /// unless all is found out; a longer run never waits.
  ///
  /// Graphics processors and the program's digest get a quarter of it, sources four times as much.
  /// A program that gave no answer in time is not waited for again in this process.
  public var minimumTime = Duration.seconds(2)

  /// The variables that are recorded unless others are named: what decides about devices, threads
  /// and libraries, the language, and the place in a queue.
  public static let usualEnvironment = [
    "CUDA_VISIBLE_DEVICES", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "LD_PRELOAD",
    "MKL_NUM_THREADS", "NVIDIA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "ROCR_VISIBLE_DEVICES", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_CPUS_PER_TASK",
    "SLURM_JOB_ID", "SLURM_JOB_NAME", "SLURM_JOB_NODELIST", "SLURM_JOB_PARTITION", "SLURM_NTASKS",
    "SLURM_PROCID", "SLURM_RESTART_COUNT", "TZ",
  ]

  /// Creates the settings that a run has unless it is told otherwise.
  public init() {}

  /// Settings by which nothing is found out.
  public static var none: ProvenanceSettings {
    var settings = ProvenanceSettings()
    (settings.gathersHost, settings.gathersGPUs) = (false, false)
    (settings.gathersSources, settings.gathersRepository) = (false, false)
    (settings.gathersExecutable, settings.environment) = (false, [])
    return settings
  }
}
