import GRDB
import GrailCore

/// The tables of the index.
///
/// An entry's rows lie side by side for all runs, so that asking for one entry of every run
/// reads only what it needs.
enum IndexSchema {
  /// An index of another version is made again.
  static let version = 2

  static func create(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE run(
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          number INTEGER,
          key TEXT,
          began INTEGER,
          settled INTEGER NOT NULL,
          state BLOB,
          paths BLOB NOT NULL,
          metrics BLOB NOT NULL);
        CREATE INDEX run_place ON run(began DESC, number DESC, name);
        CREATE INDEX run_unsettled ON run(name) WHERE settled = 0;
        CREATE INDEX run_key ON run(key);
        CREATE TABLE path(
          id INTEGER PRIMARY KEY, section TEXT NOT NULL, name BLOB NOT NULL,
          has_content INTEGER NOT NULL DEFAULT 0, UNIQUE(section, name));
        CREATE TABLE entry(
          path INTEGER NOT NULL, run INTEGER NOT NULL, value, content INTEGER,
          PRIMARY KEY(path, run)) WITHOUT ROWID;
        CREATE TABLE content(
          id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, value BLOB NOT NULL);
        CREATE TABLE metric(
          id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE,
          has_content INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE summary(
          metric INTEGER NOT NULL, run INTEGER NOT NULL, count INTEGER NOT NULL, mean,
          first, first_content INTEGER, first_step INTEGER, first_time BLOB,
          last, last_content INTEGER, last_step INTEGER, last_time BLOB,
          min, min_step INTEGER, min_time BLOB,
          max, max_step INTEGER, max_time BLOB,
          PRIMARY KEY(metric, run)) WITHOUT ROWID;
        CREATE TABLE change(
          name TEXT NOT NULL, reference TEXT NOT NULL, time INTEGER NOT NULL,
          edits BLOB NOT NULL, PRIMARY KEY(name, reference)) WITHOUT ROWID;
        CREATE INDEX change_reference ON change(reference, time, name);
        CREATE TABLE continued(name TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE fact(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        """)
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }
}

extension QueryField.Statistic {
  /// The column that holds it, and the one with its content if it has one.
  var columns: (value: String, content: String?) {
    switch self {
    case .count: ("count", nil)
    case .first: ("first", "first_content")
    case .last: ("last", "last_content")
    case .min: ("min", nil)
    case .max: ("max", nil)
    case .mean: ("mean", nil)
    case .step: ("last_step", nil)
    case .time: ("last_time", nil)
    case .firstStep: ("first_step", nil)
    case .firstTime: ("first_time", nil)
    case .minStep: ("min_step", nil)
    case .minTime: ("min_time", nil)
    case .maxStep: ("max_step", nil)
    case .maxTime: ("max_time", nil)
    }
  }
}
