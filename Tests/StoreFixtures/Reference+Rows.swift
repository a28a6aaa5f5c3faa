import Foundation

extension Reference {
  /// The rows of a rollup (`minute`, `day` or `session`) in their order: column → text, absent values left out.
  package func rows(_ rollup: String, tags: [String]) -> [[String: String]] {
    var rows: [[String]: [String: String]] = [:]
    var sums: [[String]: [String: Decimal]] = [:]
    var quotas: [[String]: ReferenceEvent] = [:]
    for event in winners where rollup != "session" || event.kind != "quota" {
      let key = key(event, rollup, tags)
      if rows[key] == nil { rows[key] = labels(event, rollup, tags) }
      if event.kind == "quota" {
        if let last = quotas[key], !isLater(event, last) { continue }
        quotas[key] = event
      } else {
        add(event, to: &sums[key, default: [:]])
        if rollup == "session" { stretch(&rows[key, default: [:]], event.time) }
      }
    }
    for (key, event) in quotas {
      for name in EventDraft.quotas { rows[key]?[name] = event.number(name).map { "\($0)" } }
      if let reset = event.text("resets_at"), let time = try? Self.time(of: "\"time\":\"\(reset)\"") {
        rows[key]?["resets_at"] = "\(time)"
      }
    }
    return rows.keys.sorted(by: Self.precedes).map { key in
      var row = rows[key] ?? [:]
      for name in Self.measures { row[name] = "\(sums[key]?[name] ?? 0)" }
      return row
    }
  }

  package static let measures =
    EventDraft.counts + [
      "errors", "conflicts", "unpriced_requests", "unreported_requests", "uncomputed_requests",
      "approximate_requests", "credits", "cost_reported", "cost_computed", "cost_computed_unreported",
    ]

  private func isLater(_ a: ReferenceEvent, _ b: ReferenceEvent) -> Bool {
    a.time != b.time ? a.time > b.time : Array(b.line.utf8).lexicographicallyPrecedes(Array(a.line.utf8))
  }

  private func stretch(_ row: inout [String: String], _ time: Int64) {
    let first = row["first_time"].flatMap { Int64($0) } ?? time
    let last = row["last_time"].flatMap { Int64($0) } ?? time
    row["first_time"] = "\(min(first, time))"
    row["last_time"] = "\(max(last, time))"
  }

  private func labels(_ event: ReferenceEvent, _ rollup: String, _ tags: [String]) -> [String: String] {
    var row = ["kind": event.kind]
    row["period"] = event.text("period")
    for name in EventDraft.dimensions where name != "session" { row[name] = event.text(name) }
    for tag in tags { row["tag_\(tag)"] = (event.fields["tags"] as? [String: String])?[tag] }
    if event.text("cost") != nil { row["currency_reported"] = event.text("currency") }
    switch rollup {
    case "minute": row["minute"] = "\(event.time / 60_000 * 60_000)"
    case "day": row["day"] = "\(event.time / 86_400_000)"
    default: row["session"] = event.text("session")
    }
    return row
  }

  /// What makes rows the same, and their order: parts compare as bytes, an absent one ("") first.
  private func key(_ event: ReferenceEvent, _ rollup: String, _ tags: [String]) -> [String] {
    let minute = event.time / 60_000 % 1440
    let bucket =
      rollup == "minute" ? String(10_000 + minute) : rollup == "day" ? "" : event.text("session") ?? ""
    let kinds = ["usage": "0", "billed": "1", "quota": "2"]
    let periods = ["1m": "1", "1h": "2", "1d": "3"]
    let row = labels(event, rollup, tags)
    var key = [bucket, kinds[event.kind] ?? "?", periods[row["period"] ?? ""] ?? "0"]
    key += EventDraft.dimensions.filter { $0 != "session" }.map { row[$0] ?? "" }
    key += tags.map { row["tag_\($0)"] ?? "" }
    // Swift takes differently composed texts for one; rows do not.
    return (key + [row["currency_reported"] ?? ""]).map { text in
      text.utf8.map { byte in String(UInt16(byte) + 256, radix: 16) }.joined()
    }
  }

  private static func precedes(_ a: [String], _ b: [String]) -> Bool {
    for (left, right) in zip(a, b) where left != right {
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return false
  }

  private func add(_ event: ReferenceEvent, to sums: inout [String: Decimal]) {
    func add(_ name: String, _ value: Decimal) { sums[name, default: 0] += value }
    add("requests", Decimal(event.requests))
    for name in EventDraft.counts.dropFirst() { add(name, Decimal(event.number(name) ?? 0)) }
    if event.text("status") == "error" { add("errors", Decimal(max(event.requests, 1))) }
    if isContested(event) { add("conflicts", 1) }
    let pico = Decimal(sign: .plus, exponent: 12, significand: 1)
    add("credits", (event.decimal("credits") ?? 0) * pico)
    if let cost = event.decimal("cost") {
      add("cost_reported", cost * pico)
    } else if !event.isFree {
      add("unpriced_requests", Decimal(max(event.requests, 1)))
      add("unreported_requests", Decimal(max(event.requests, 1)))
    }
    // Without a catalog nothing is computed; a bill never is.
    if event.kind == "usage", !event.isFree { add("uncomputed_requests", Decimal(max(event.requests, 1))) }
  }
}
