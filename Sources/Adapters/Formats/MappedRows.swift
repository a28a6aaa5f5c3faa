//! Any delimited text, by a map from columns to fields.

import Events

package enum MappedRows {
  /// A format that reads rows by a map, which names of columns complete.
  ///
  /// - Parameter name: of the format; also the source of its events.
  package static func format(name: String, _ map: FieldMap) -> LogFormat {
    LogFormat(
      name: name, title: name == "csv" ? "CSV" : name, shape: .rows, hasIds: false,
      recognises: { _ in false },
      reader: { Reader(map: map, state: $0.state) })
  }

  struct Reader: LogReader {
    private let said: FieldMap
    private var map: FieldMap?
    private var rows: RowTable
    var state: String { rows.state }

    init(map: FieldMap, state: String) {
      said = map
      rows = RowTable(state: state)
    }

    mutating func read(_ record: RawSpan, _ findings: inout Findings) {
      do throws(Misread) {
        guard let row = try rows.row(record) else { return try begin(&findings) }
        if map == nil { try begin(&findings) }
        guard let map else { return }
        if row.fields.allSatisfy(\.isEmpty) { return findings.skip("an empty row") }
        if let time = map[.time].flatMap({ row[$0] }), time.lowercased().hasPrefix("total") {
          return findings.skip("a total, not a use")
        }
        var event = EventDraft()
        for pair in map.places { if let text = row[pair.place] { try map.set(pair.field, text, &event) } }
        try map.finish(&event)
        if event.time == nil { throw Misread("\(map[.time] ?? "time") is empty") }
        findings.add(event)
      } catch {
        findings.fail(error)
      }
    }

    private mutating func begin(_ findings: inout Findings) throws(Misread) {
      let guessed = said.guessed(from: rows.header)
      try guessed.check(header: rows.header)
      map = guessed
      findings.skip("the header")
    }
  }
}
