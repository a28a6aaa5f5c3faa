package import Bytes

/// What one run of append did.
package struct AppendSummary: Equatable, Sendable {
  package var batch = ""
  /// Events that are durable (or, in a dry run, would be stored).
  package var accepted: UInt64 = 0
  package var rejected: UInt64 = 0
  /// Accepted lines that could not be written and were put into the spool instead.
  package var spooled: UInt64 = 0
  /// Accepted lines that could be neither written nor spooled: the sender must send them again.
  package var lost: UInt64 = 0
  /// Events of earlier runs that were waiting in the spool and are durable now.
  package var drained: UInt64 = 0
  /// Where the rejects are; nil when there are none or nothing was written.
  package var rejectsPath: String?
  /// Unknown fields that were dropped, by name, with how often.
  package var droppedFields: [ByteText: UInt64] = [:]
  /// What happened besides, one sentence each.
  package var notes: [String] = []
  package var isDryRun = false

  package init() {}

  /// The dropped fields, most frequent first, then by name.
  package var droppedByFrequency: [(name: String, count: UInt64)] {
    droppedFields.map { ($0.key.text, $0.value) }.sorted {
      $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.precedesInBytes($1.0)
    }
  }
}
