//! Cursor's usage: what its interfaces for teams answer, and the table people download. Counters are disjoint; cents
//! may be fractions, and what is not chargeable costs nothing.

import Bytes
import Events
import JSON

enum Cursor {
  static let format = LogFormat(
    name: "cursor", title: "Cursor usage events", shape: .values,
    recognises: { sample in
      guard let row = Reader.first(sample) else { return false }
      return row["timestamp"] != nil && row["model"] != nil && row["chargedCents"] ?? row["tokenUsage"] != nil
    },
    reader: { _ in Reader() })

  struct Reader: JSONListReader {
    static let lists = ["usageEvents", "usageEventsDisplay"]

    func readOne(_ row: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let time = try row.time("timestamp") else { throw Misread("timestamp is missing") }
      var event = EventDraft()
      event.time = time
      event[text: .provider] = "cursor"
      event[text: .service] = "cursor"
      event[text: .model] = row.string("model")
      event[text: .operation] = "chat"
      event[text: .user] = row.string("userEmail") ?? row.string("serviceAccountId")
      event[text: .session] = row.string("conversationId")
      if let usage = row.object("tokenUsage") {
        event[.inputTokens] = try usage.count("inputTokens")
        event[.outputTokens] = try usage.count("outputTokens")
        event[.cacheWriteTokens] = try usage.count("cacheWriteTokens")
        event[.cacheReadTokens] = try usage.count("cacheReadTokens")
      }
      if let cents = try row.amount("chargedCents", power: -2) {
        event.setCost(row.flag("isChargeable") == false ? 0 : cents)
      }
      // It has no name of its own: what it tells is its identity.
      let key = "\(String(decoding: event.line, as: UTF8.self))"
      event.id = "\(time)-\(Hexadecimal.text(XXH64.hash(Array(key.utf8))))"
      findings.add(event)
    }
  }

  static let table = LogFormat(
    name: "cursor-csv", title: "Cursor usage (CSV)", shape: .rows, hasIds: false,
    recognises: {
      Set($0.header).isSuperset(of: ["Date", "Model", "Input (w/o Cache Write)", "Cache Read"])
    },
    reader: { TableReader(state: $0.state) })

  struct TableReader: RowLogReader {
    var rows: RowTable

    init(state: String) { rows = RowTable(state: state) }

    func read(_ row: RowTable.Row, _ findings: inout Findings) throws(Misread) {
      guard let date = row["Date"], let when = NumberText.time(date) else {
        throw Misread("Date is no instant")
      }
      var event = EventDraft()
      event.time = when.time
      if when.isDay { event[text: .period] = "1d" }
      event[text: .provider] = "cursor"
      event[text: .service] = "cursor"
      event[text: .model] = row["Model"]
      event[text: .operation] = "chat"
      event[text: .user] = row["User"]
      let bare = try row.count("Input (w/o Cache Write)")
      event[.inputTokens] = bare
      event[.cacheWriteTokens] = max(0, try row.count("Input (w/ Cache Write)") - bare)
      event[.cacheReadTokens] = try row.count("Cache Read")
      event[.outputTokens] = try row.count("Output Tokens")
      // `Included` and the like are words for no cost.
      let isWord = row["Cost"]?.contains(where: \.isNumber) == false
      event.setCost(isWord ? 0 : try row.amount("Cost"))
      findings.add(event)
    }
  }
}
