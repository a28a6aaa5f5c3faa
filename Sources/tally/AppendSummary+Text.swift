import Bytes
import Events
import Ingest

extension AppendSummary {
  private static let shownNamesMax = 8

  /// One line for people.
  var text: String {
    var parts = ["\(accepted) accepted", "\(rejected) rejected" + (rejectsPath.map { " (\($0))" } ?? "")]
    if spooled > 0 { parts.append("\(spooled) spooled for the next append") }
    if lost > 0 { parts.append("\(lost) NOT WRITTEN: send them again") }
    if drained > 0 { parts.append("\(drained) from the spool") }
    if !droppedFields.isEmpty {
      let names = droppedByFrequency.prefix(Self.shownNamesMax).map { "\($0.name) \($0.count)" }
      let more = droppedFields.count > Self.shownNamesMax ? " …" : ""
      parts.append("unknown fields dropped: \(names.joined(separator: ", "))\(more)")
    }
    let head = isDryRun ? "dry run" : batch.isEmpty ? "nothing can be kept" : "batch \(batch)"
    return "\(head): \(parts.joined(separator: ", "))"
  }

  /// One JSON object for machines.
  var json: String {
    var output = ByteWriter(capacity: 512)
    output.append(
      "{\"batch\":\"\(batch)\",\"dry_run\":\(isDryRun),\"accepted\":\(accepted),\"rejected\":\(rejected)")
    output.append(",\"spooled\":\(spooled),\"lost\":\(lost),\"drained\":\(drained),\"rejects_file\":")
    if let rejectsPath {
      output.append("\"")
      JSONText.append(rejectsPath, to: &output)
      output.append("\"")
    } else {
      output.append("null")
    }
    output.append(",\"dropped_fields\":{")
    for (index, field) in droppedByFrequency.enumerated() {
      output.append(index == 0 ? "\"" : ",\"")
      JSONText.append(field.name, to: &output)
      output.append("\":\(field.count)")
    }
    output.append("}}")
    return String(decoding: output.array, as: UTF8.self)
  }
}
