import Adapters
import Bytes
import Files
import Ingest

/// What `tally import` says.
enum ImportText {
  /// `Claude Code: 12 files, 3 with news (4.2 MB): 120 events, 40 told before, 2990 no usage in it`.
  static func summary(_ format: LogFormat, _ count: ImportCount) -> String {
    var text = "\(format.title): \(count.files) \(count.files == 1 ? "file" : "files")"
    if count.changedFiles == 0 { return "\(text), nothing new" }
    text += ", \(count.changedFiles) with news (\(size(count.sizeBytes))): \(events(count.tally.events))"
    if count.tally.repeats > 0 { text += ", \(count.tally.repeats) told before" }
    if count.tally.faults > 0 { text += ", \(count.tally.faults) rejected" }
    for (reason, count) in count.tally.skips.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      text += ", \(count) skipped: \(reason)"
    }
    if count.unfinishedFiles > 0 { text += ", \(count.unfinishedFiles) with an unfinished end" }
    return text
  }

  private static func events(_ count: UInt64) -> String { "\(count) \(count == 1 ? "event" : "events")" }

  /// Decimal units, one digit behind the point.
  private static func size(_ bytes: Int) -> String {
    if bytes < 1_000_000 { return "\((bytes + 999) / 1000) kB" }
    let tenths = bytes / 100_000
    return "\(tenths / 10).\(tenths % 10) MB"
  }

  /// Prints the first events as they would be stored.
  static func firstEvents(_ output: StandardOutput) -> (Explanation) -> Void {
    var left = 5
    return { explanation in
      for event in explanation.events where left > 0 {
        left -= 1
        output.write(PlainText.escaped(json: String(decoding: event.line, as: UTF8.self)) + "\n")
      }
    }
  }

  /// Prints what became of each record on standard output.
  static func explainer(_ output: StandardOutput) -> (Explanation) -> Void {
    var seen: Set<String> = []
    return { explanation in
      var text = ""
      for event in explanation.events {
        let isNew = seen.insert(event.id).inserted || event.id.isEmpty
        let line = PlainText.escaped(json: String(decoding: event.line, as: UTF8.self))
        text += "\(explanation.line): \(isNew ? "event" : "event, told again") \(line)\n"
      }
      for reason in explanation.skips { text += "\(explanation.line): skipped: \(reason)\n" }
      for fault in explanation.faults {
        text += "\(explanation.line): rejected: \(PlainText.printable(fault))\n"
      }
      output.write(text)
    }
  }
}
