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

  struct Reader: RowLogReader {
    private let said: FieldMap
    /// What was said and guessed; nil until the header is known.
    private var map: FieldMap?
    var rows: RowTable

    init(map: FieldMap, state: String) {
      said = map
      rows = RowTable(state: state)
    }

    mutating func read(_ row: RowTable.Row, _ findings: inout Findings) throws(Misread) {
      let map = try completed(row.header)
      if row.fields.allSatisfy(\.isEmpty) { return findings.skip("an empty row") }
      if let time = map[.time].flatMap({ row[$0] }), time.lowercased().hasPrefix("total") {
        return findings.skip("a total, not a use")
      }
      var event = EventDraft()
      for pair in map.places { if let text = row[pair.place] { try map.set(pair.field, text, &event) } }
      try map.finish(&event)
      if event.time == nil { throw Misread("\(map[.time] ?? "time") is empty") }
      findings.add(event)
    }

    private mutating func completed(_ header: [String]) throws(Misread) -> FieldMap {
      if let map { return map }
      let guessed = said.guessed(from: header)
      try guessed.check(header: header)
      map = guessed
      return guessed
    }
  }
}
