//! A format is all that tally knows of one kind of foreign file: where it lies, how it looks, and who reads it. Each
//! is one file in `Formats/` and one line in `LogFormats.all`.
//!
//! Most of the log of an agent is conversation, so only records that contain every needle of the format are parsed
//! (`needles`).

package import JSON

/// How the bytes of an input are cut into records.
package enum RecordShape: Equatable, Sendable {
  /// A record a line.
  case lines
  /// JSON values one after the other, on one line or many, the elements of a list, or the `data:` of an event stream.
  case values
  /// Rows of delimited text; quoted fields may hold line ends.
  case rows
}

/// A kind of file or stream that holds uses of AI services in somebody else's words.
package struct LogFormat: Sendable {
  /// What `--as` calls it; also the source of its events and the namespace of their ids.
  package let name: String
  /// What people call it: `Claude Code`.
  package let title: String
  /// How its bytes are cut.
  package let shape: RecordShape
  /// A record with none of these texts in it tells of no use and is not parsed; none when every record is.
  package var needles: [StaticString] = []
  /// Where an agent on this machine keeps such files; none for files that only their owner can name.
  package var places: [LogPlace] = []
  /// Whether its readers give every event an id; else a record's own bytes and its ordinal make one.
  package var hasIds = true
  /// Whether a file that grew by a few bytes may be another file up to there: the agent writes it anew each time.
  package var isRewritten = false
  /// Of a format that is an SQLite database the question whose rows are its records, an object each.
  package var query: String?
  /// Whether these beginnings of a file can only be of this kind.
  package let recognises: @Sendable (LogSample) -> Bool
  /// Someone to read an input.
  package let reader: @Sendable (LogContext) -> any LogReader

  package init(
    name: String, title: String, shape: RecordShape, needles: [StaticString] = [], places: [LogPlace] = [],
    hasIds: Bool = true, isRewritten: Bool = false, query: String? = nil,
    recognises: @escaping @Sendable (LogSample) -> Bool,
    reader: @escaping @Sendable (LogContext) -> any LogReader
  ) {
    self.name = name
    self.title = title
    self.shape = shape
    self.needles = needles
    self.places = places
    self.hasIds = hasIds
    self.isRewritten = isRewritten
    self.query = query
    self.recognises = recognises
    self.reader = reader
  }
}

/// What a reader is told of its input.
package struct LogContext: Sendable {
  /// The path as found, or `stdin`.
  package var path: String
  /// Who bills, where the input does not say and a person did.
  package var provider: String?
  /// When it was, where the input does not say, in milliseconds since 1970; nil when nobody knows.
  package var time: Int64? { givenTime ?? clock?() }
  private let givenTime: Int64?
  /// The time of arrival, of what comes through a pipe.
  private let clock: (@Sendable () -> Int64)?
  /// What `LogReader.state` was at the end of the part that was read before; empty at the beginning.
  package var state: String

  package init(
    path: String, provider: String? = nil, time: Int64? = nil, state: String = "",
    clock: (@Sendable () -> Int64)? = nil
  ) {
    self.path = path
    self.provider = provider
    givenTime = time
    self.state = state
    self.clock = clock
  }
}

/// The beginning of a file, for finding out what it is.
package struct LogSample: Sendable {
  package let path: String
  /// Its first records that are JSON objects, a few of them.
  package let objects: [JSONNode]
  /// The fields of its first row, if it is delimited text.
  package let header: [String]
  /// Whether it is an SQLite database.
  package let isDatabase: Bool

  package init(path: String, objects: [JSONNode] = [], header: [String] = [], isDatabase: Bool = false) {
    self.path = path
    self.isDatabase = isDatabase
    self.objects = objects
    self.header = header
  }
}

/// Reads one input, record by record.
package protocol LogReader {
  /// Reads a record: bytes without a line end.
  mutating func read(_ record: RawSpan, _ findings: inout Findings)

  /// The input ends; what waited for more comes out now.
  mutating func finish(_ findings: inout Findings)

  /// What a reader of the bytes behind these must know; empty when nothing.
  var state: String { get }
}

extension LogReader {
  package mutating func finish(_ findings: inout Findings) {}
  package var state: String { "" }
}

/// A reader of records that are JSON objects.
package protocol JSONLogReader: LogReader {
  /// Reads a record.
  mutating func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread)
}

extension JSONLogReader {
  package mutating func read(_ record: RawSpan, _ findings: inout Findings) {
    do throws(Misread) {
      try read(JSONNode(record: record), &findings)
    } catch {
      findings.fail(error)
    }
  }
}
