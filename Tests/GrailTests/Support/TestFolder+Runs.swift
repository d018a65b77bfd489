import Grail
import GrailCore
import GrailRecord
import Logging
import TestSupport

extension TestFolder {
  /// How a test records a run: in this folder, quietly, without a look at the tests' own code.
  var settings: RunSettings {
    var settings = RunSettings()
    settings.store = path("runs")
    settings.logLevel = .critical
    settings.provenance = .none
    settings.provenance.gathersHost = true
    return settings
  }

  /// Runs a closure as an experiment's only content.
  @discardableResult
  func record(_ body: @escaping @Sendable (Run) async throws -> Void) async throws -> RunRecord {
    try await Experiment("test", body: body).run(settings: settings)
  }

  /// Opens a run of the folder's store.
  func reader(_ id: String = "1") throws -> RunReader {
    try RunReader(directory: path("runs/\(id)"))
  }

  /// A JSON file as it stands, bare words such as `NaN` included.
  func json(_ name: String) throws -> Value {
    try JSONParser.parse(WholeFile.read(path(name)))
  }
}
