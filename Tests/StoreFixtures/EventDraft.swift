/// A stored line in the making; `line` spells it out canonically.
package struct EventDraft {
  package static let dimensions = [
    "provider", "service", "account", "source", "model", "operation", "request_type", "service_tier", "user",
    "project", "session",
  ]
  /// Every count in canonical order; credits stand behind the 17th, money behind the 18th.
  package static let counts = [
    "requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens", "output_tokens", "reasoning_tokens", "input_audio_tokens",
    "output_audio_tokens", "input_image_tokens", "output_image_tokens", "unsplit_tokens", "images",
    "audio_seconds", "searches", "characters", "duration_ms",
  ]
  package static let quotas = ["tokens_remaining", "tokens_limit", "requests_remaining", "sessions_active"]

  /// As JSON spells it, like all texts here.
  package var id: String
  /// Milliseconds since 1970.
  package var time: Int64
  package var period: String?
  package var kind: String?
  package var texts: [String: String] = ["source": "stdin"]
  package var status: String?
  package var numbers: [String: Int64] = [:]
  package var credits: String?
  package var cost: String?
  package var currency: String?
  package var resetsAt: Int64?
  package var revision: Int64?
  package var tags: [String: String] = [:]

  package init(id: String, time: Int64) {
    self.id = id
    self.time = time
  }

  /// The canonical line, without a line end.
  package var line: String {
    var text = "{\"id\":\"\(id)\",\"time\":\"\(Self.timeText(time))\""
    func word(_ name: String, _ value: String?) { if let value { text += ",\"\(name)\":\"\(value)\"" } }
    func number(_ name: String) { if let value = numbers[name] { text += ",\"\(name)\":\(value)" } }
    word("period", period)
    word("kind", kind)
    for name in Self.dimensions { word(name, texts[name]) }
    word("status", status)
    for name in Self.counts.dropLast() { number(name) }
    word("credits", credits)
    number("duration_ms")
    word("cost", cost)
    word("currency", currency)
    for name in Self.quotas { number(name) }
    word("resets_at", resetsAt.map(Self.timeText))
    if let revision, revision > 0 { text += ",\"revision\":\(revision)" }
    if !tags.isEmpty {
      let pairs = tags.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      text += ",\"tags\":{" + pairs.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
    }
    return text + "}"
  }

  /// RFC 3339 with milliseconds, from the civil calendar counted day by day.
  package static func timeText(_ time: Int64) -> String {
    func padded(_ number: Int64, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let rest = time % 86_400_000
    return dayText(Int(time / 86_400_000)) + "T" + padded(rest / 3_600_000, 2) + ":"
      + padded(rest / 60_000 % 60, 2)
      + ":" + padded(rest / 1000 % 60, 2) + "." + padded(rest % 1000, 3) + "Z"
  }

  /// `2026-11-20` of days since 1970.
  package static func dayText(_ days: Int) -> String {
    var left = days
    var year = 1970
    func length(_ year: Int) -> Int { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365 }
    while left >= length(year) {
      left -= length(year)
      year += 1
    }
    var month = 0
    let lengths = [31, length(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    while left >= lengths[month] {
      left -= lengths[month]
      month += 1
    }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month + 1))-\(two(left + 1))"
  }
}
