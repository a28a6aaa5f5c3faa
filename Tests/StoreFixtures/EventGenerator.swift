package import TestSupport

/// Random stored lines of one UTC day with everything that makes folding hard: repeats, revisions, larger snapshots,
/// conflicts, voids, quota and billed lines, providers' buckets, errors, money in several currencies, tags, absent
/// dimensions, escapes, and one id under several kinds.
package struct EventGenerator {
  package var random: SeededGenerator
  /// Days since 1970.
  package let day: Int
  /// Starts every id, so that days and writers can share or not share ids.
  package var idPrefix = "stdin:"
  /// Currencies of reported costs.
  package var currencies = ["USD", "EUR", "JPY"]
  package var hasPeriods = true
  package var hasQuotas = true

  /// All texts as canonical JSON spells them.
  private static let pools: [String: [String]] = [
    "provider": ["openai", "anthropic", "groq"],
    "service": ["chatgpt", "claude", "codex"],
    "account": ["team", "work \\\"2\\\"", "zürich"],
    "source": ["stdin", "csv"],
    "model": [
      "gpt-5", "gpt-5-mini", "claude-opus-4", "claude-opus-4-1", "模型", "a\\\\b", "e\u{301}", "é",
      "\\u0001\\t\\n", "🤖",
    ],
    "operation": ["chat", "embeddings"],
    "request_type": ["batch"],
    "service_tier": ["flex", "priority"],
    "user": ["ann", "bob", "émile", "o'neil"],
    "project": ["alpha", "beta", "a,b;c"],
    "session": ["s1", "s2", "s\\\"3", "s-ü"],
  ]

  package init(seed: UInt64, day: Int) {
    random = SeededGenerator(seed)
    self.day = day
  }

  /// About `count` lines, in no order.
  package mutating func lines(_ count: Int) -> [String] {
    var drafts: [EventDraft] = []
    while drafts.count < count {
      if !drafts.isEmpty, chance(3), let known = drafts.randomElement(using: &random) {
        drafts.append(contentsOf: rivals(of: known))
      } else {
        drafts.append(fresh(number: drafts.count))
      }
    }
    return drafts.map(\.line).shuffled(using: &random)
  }

  package mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }

  /// A new event.
  package mutating func fresh(number: Int) -> EventDraft {
    var draft = EventDraft(id: "\(idPrefix)\(number)", time: time())
    if chance(10) { draft.id = "\(idPrefix)ü\\\"\(number)" }
    let density = Int.random(in: 1...4, using: &random)
    for name in EventDraft.dimensions where name == "source" || !chance(density) {
      draft.texts[name] = Self.pools[name]?.randomElement(using: &random)
    }
    switch Int.random(in: 0..<12, using: &random) {
    case 0 where hasQuotas: quota(&draft)
    case 1: billed(&draft)
    default: usage(&draft)
    }
    if chance(4) {
      draft.tags["team"] = ["red", "blue", "q\\\"t", "ünder"].randomElement(using: &random)
      if chance(2) { draft.tags["customer"] = ["acme", "", "zeta"].randomElement(using: &random) }
      if draft.tags["customer"] == "" { draft.tags["customer"] = nil }
      if chance(3) { draft.tags["other"] = "x" }
    }
    return draft
  }

  private mutating func time() -> Int64 {
    let start = Int64(day) * 86_400_000
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return start
    case 1: return start + 86_399_999
    case 2: return start + 60_000 * Int64.random(in: 0..<1440, using: &random)
    // Many in few minutes, so that rows hold several.
    case 3..<8: return start + 600_000 + Int64.random(in: 0..<300_000, using: &random)
    default: return start + Int64.random(in: 0..<86_400_000, using: &random)
    }
  }

  private mutating func usage(_ draft: inout EventDraft) {
    for name in EventDraft.counts where chance(name == "input_tokens" || name == "output_tokens" ? 2 : 6) {
      draft.numbers[name] = Int64.random(in: 0...5000, using: &random)
    }
    if draft.numbers.keys.allSatisfy({ $0 == "duration_ms" }) { draft.numbers["input_tokens"] = 7 }
    if chance(50) { draft.numbers["input_tokens"] = 1_000_000_000_000 }
    if chance(8) { draft.status = "error" }
    if chance(12) {
      draft.status = "error"
      draft.numbers = ["duration_ms": 12]
    }
    if chance(10) { draft.credits = ["1.5", "0.000000000001", "20"].randomElement(using: &random) }
    if chance(2) { money(&draft) }
    if hasPeriods, chance(12) {
      draft.period = ["1m", "1h", "1d"].randomElement(using: &random)
      let length: Int64 = draft.period == "1d" ? 86_400_000 : draft.period == "1h" ? 3_600_000 : 60_000
      draft.time -= draft.time % length
    }
  }

  private mutating func money(_ draft: inout EventDraft) {
    draft.cost = ["0.1", "0.000000000001", "12.345678901234", "1000000", "0", "0.25"]
      .randomElement(using: &random)
    // Twelve digits at most are canonical.
    if draft.cost == "12.345678901234" { draft.cost = "12.345678901235" }
    draft.currency = currencies.randomElement(using: &random)
    if draft.currency == nil { draft.cost = nil }
  }

  private mutating func billed(_ draft: inout EventDraft) {
    draft.kind = "billed"
    money(&draft)
    if draft.cost == nil { draft.numbers["requests"] = 1 }
    if chance(3), draft.cost != nil { draft.cost = "-3.5" }
  }

  private mutating func quota(_ draft: inout EventDraft) {
    draft.kind = "quota"
    for name in EventDraft.quotas where chance(2) {
      draft.numbers[name] = Int64.random(in: 0...1000, using: &random)
    }
    if chance(2) || draft.numbers.isEmpty { draft.resetsAt = draft.time + 5_000_000 }
  }

  /// Lines of an identity that is already there, or of its id under another kind.
  private mutating func rivals(of known: EventDraft) -> [EventDraft] {
    var rival = known
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: break
    case 2: rival.revision = (rival.revision ?? 0) + Int64.random(in: 0...2, using: &random)
    case 3: rival.numbers["output_tokens", default: 0] += 100
    case 4:
      rival.texts["model"] = Self.pools["model"]?.randomElement(using: &random)
    case 5:
      rival.status = "void"
      rival.revision = (rival.revision ?? 0) + Int64.random(in: 0...1, using: &random)
    case 6:
      rival = fresh(number: 0)
      rival.id = known.id
      rival.revision = known.revision
    default:
      rival.time = Int64(day) * 86_400_000 + (rival.time + 61_000) % 86_400_000
      if rival.period != nil { rival.time = known.time }
    }
    return chance(3) ? [rival, rival] : [rival]
  }
}
