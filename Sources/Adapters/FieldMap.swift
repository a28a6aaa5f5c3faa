//! What of somebody's columns or paths becomes which field: what a person says, completed by what names suggest.

import Bytes
package import Events

/// Fields of the event and where their values come from.
package struct FieldMap: Equatable, Sendable {
  /// A field and the column's name or the path.
  package struct Pair: Equatable, Sendable {
    package let field: EventField
    package let place: String

    package init(_ field: EventField, _ place: String) {
      self.field = field
      self.place = place
    }
  }

  /// Where values come from.
  package var places: [Pair]
  /// Values that are the same everywhere: of texts and words only.
  package var fixed: [Pair]
  /// Whether the input counts what came from the cache and went into it as well.
  package var inputIncludesCache = false
  /// Whether `1.234,56` is a little more than a thousand.
  package var hasDecimalComma = false

  package init(places: [Pair] = [], fixed: [Pair] = []) {
    self.places = places
    self.fixed = fixed
  }

  /// Reads `time=Date`.
  package static func pair(_ text: String) throws(Misread) -> Pair {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { throw Misread("\"\(text)\": write FIELD=NAME, such as time=Date") }
    return Pair(try field(parts[0]), parts[1])
  }

  /// The field of this name.
  package static func field(_ name: String) throws(Misread) -> EventField {
    if let field = EventField(name: name), field.shape != .object { return field }
    let names = EventField.allCases.filter { $0.shape != .object }.map(\.name)
    let mend = nearest(to: name, in: names).map { "did you mean \($0)?" } ?? "Schemas/event.md has them all"
    throw Misread("no field \"\(name)\": \(mend)")
  }

  /// The place of a field.
  package subscript(field: EventField) -> String? { places.first { $0.field == field }?.place }

  /// Whether events made so can be events at all.
  package func check() throws(Misread) {
    let measures = EventField.counters + [.cost, .credits]
    if self[.time] == nil { throw Misread("nothing is mapped to time: say which with --map time=NAME") }
    if !places.contains(where: { measures.contains($0.field) }) {
      throw Misread(
        "nothing is mapped to a measure: say which with --map input_tokens=NAME or --map cost=NAME")
    }
  }

  /// Sets a field from the text of its value.
  func set(_ field: EventField, _ text: String, _ event: inout EventDraft) throws(Misread) {
    func fault(_ what: String) -> Misread { Misread("\(self[field] ?? field.name): \(what)") }
    switch field.shape {
    case .text, .word, .currency: event[text: field] = text
    case .count:
      guard let count = NumberText.count(text, hasDecimalComma: hasDecimalComma) else {
        throw fault("no \(Count.description)")
      }
      event[field] = count
    case .time:
      guard let when = NumberText.time(text) else {
        throw fault("no instant with its offset, such as 2026-11-20T10:11:12Z, and no plain date")
      }
      event[field] = when.time
      if when.isDay, field == .time, event[text: .period] == nil { event[text: .period] = "1d" }
    case .decimal:
      guard let amount = NumberText.amount(text, hasDecimalComma: hasDecimalComma) else {
        throw fault("no amount; numbers with a decimal comma need --decimal-comma")
      }
      if field == .credits { event.credits = amount } else { event.cost = amount }
      if field == .cost, event[text: .currency] == nil { event[text: .currency] = currency(text) }
    case .object: break
    }
  }

  /// The currency that an amount, or the name above it, shows.
  private func currency(_ text: String) -> String? {
    let hint = "\(text) \(self[.cost] ?? "")".lowercased()
    if hint.contains("$") || hint.contains("usd") { return "USD" }
    if hint.contains("€") || hint.contains("eur") { return "EUR" }
    return hint.contains("£") || hint.contains("gbp") ? "GBP" : nil
  }

  /// The event as it is meant: fixed values where none came, counters disjoint.
  func finish(_ event: inout EventDraft) throws(Misread) {
    for pair in fixed where event[text: pair.field] == nil { event[text: pair.field] = pair.place }
    if event.cost == nil { event[text: .currency] = nil }
    guard inputIncludesCache, let input = event[.inputTokens] else { return }
    let caches: [EventField] = [
      .cacheReadTokens, .cacheWriteTokens, .cacheWrite1hTokens, .cacheWrite12hTokens,
    ]
    var parts: [(name: String, count: Int64)] = []
    for field in caches { if let count = event[field] { parts.append((self[field] ?? field.name, count)) } }
    event[.inputTokens] = try Disjoint.rest(of: input, self[.inputTokens] ?? "input_tokens", without: parts)
  }
}

extension FieldMap {
  /// Names of columns that mean a field, in small letters and digits only, the likeliest first.
  private static let names: [(field: EventField, names: [String])] = [
    (
      .time,
      [
        "time", "timestamp", "datetime", "date", "createdat", "created", "startedat", "starttime",
        "usagedate", "day",
      ]
    ),
    (.id, ["id", "requestid", "eventid", "generationid"]),
    (.provider, ["provider", "vendor"]),
    (.service, ["service", "product", "tool"]),
    (.account, ["account", "organization", "organisation", "org"]),
    (.model, ["model", "modelname", "modelid", "modelversion"]),
    (.operation, ["operation", "endpoint"]),
    (.user, ["user", "useremail", "email", "username", "member"]),
    (.project, ["project", "projectname", "workspace", "workspacename", "repository"]),
    (.session, ["session", "sessionid", "conversationid"]),
    (
      .requests, ["requests", "requestcount", "numrequests", "numberofrequests", "nummodelrequests", "calls"]
    ),
    (
      .inputTokens,
      [
        "inputtokens", "uncachedinputtokens", "usageinputtokensnocache", "prompttokens", "tokensin", "input",
        "tokensprompt", "inputtokencount", "contexttokens", "ncontexttokenstotal",
      ]
    ),
    (
      .cacheReadTokens,
      [
        "cachereadtokens", "cachedtokens", "cachedinputtokens", "cacheread", "usageinputtokenscacheread",
        "inputcachedtokens",
      ]
    ),
    (
      .cacheWriteTokens,
      [
        "cachewritetokens", "cachecreationtokens", "cachewrite", "usageinputtokenscachewrite5m",
        "cachecreationinputtokens",
      ]
    ),
    (.cacheWrite1hTokens, ["cachewrite1htokens", "usageinputtokenscachewrite1h"]),
    (
      .outputTokens,
      [
        "outputtokens", "completiontokens", "tokensout", "output", "tokenscompletion", "usageoutputtokens",
        "generatedtokens", "outputtokencount",
      ]
    ),
    (.reasoningTokens, ["reasoningtokens", "thinkingtokens", "tokensreasoning"]),
    (.unsplitTokens, ["tokens", "totaltokens"]),
    (.images, ["images", "numimages"]),
    (
      .cost,
      [
        "cost", "costusd", "totalcost", "amount", "amountusd", "spend", "price", "charge", "netamount",
        "costtotal", "usdcost", "costeur",
      ]
    ),
    (.currency, ["currency", "currencycode"]),
    (.durationMs, ["durationms", "latencyms", "generationtimems"]),
  ]

  /// What the names of columns suggest, completing what was said.
  package func guessed(from header: [String]) -> FieldMap {
    var map = self
    func plain(_ name: String) -> String { String(name.lowercased().filter { $0.isLetter || $0.isNumber }) }
    for (field, names) in Self.names where map[field] == nil {
      // A total says nothing where its parts are known.
      if field == .unsplitTokens, map[.inputTokens] != nil || map[.outputTokens] != nil { continue }
      let taken = Set(map.places.map(\.place))
      let found = names.lazy.compactMap { name in
        header.first { plain($0) == name && !taken.contains($0) }
      }.first
      if let found { map.places.append(Pair(field, found)) }
    }
    return map
  }

  /// Every column that was named must be there.
  package func check(header: [String]) throws(Misread) {
    do throws(Misread) {
      for pair in places where !header.contains(pair.place) {
        let mend = nearest(to: pair.place, in: header).map { "did you mean \"\($0)\"?" }
        let all = "there are \(header.map(EventFault.shown).joined(separator: ", "))"
        throw Misread("no column \"\(pair.place)\": \(mend ?? all)")
      }
      try check()
    } catch {
      if Self.isHeader(header) { throw error }
      throw Misread("the first row holds values, not the names of columns: put a row of names above it")
    }
  }

  /// Whether the fields of a first row can be names: a use has a count or an instant at least, which begins with a digit
  /// and has no letters but those of numbers and instants.
  ///
  /// Values of a first row are never shown: one of them may be what a person wrote.
  package static func isHeader(_ row: [String]) -> Bool {
    !row.contains { field in
      guard let first = field.unicodeScalars.first(where: { !"+-$€£ ".unicodeScalars.contains($0) }) else {
        return false
      }
      let letters = field.unicodeScalars.filter(\.properties.isAlphabetic)
      return ("0"..."9").contains(first) && letters.allSatisfy("TZeE".unicodeScalars.contains)
    }
  }

  /// `time ← Date, model ← Model Name; not used: Team`; of a row that is no header no field is named that is not used.
  package func text(header: [String]) -> String {
    let used = places.sorted { $0.field.rawValue < $1.field.rawValue }.map {
      "\($0.field.name) ← \($0.place)"
    }
    let said = fixed.map { "\($0.field.name) = \($0.place)" }
    let rest = header.filter { name in !places.contains { $0.place == name } }
    var text = (used + said).joined(separator: ", ")
    if rest.isEmpty { return text }
    text += "; not used: "
    guard Self.isHeader(header) else { return "\(text)\(rest.count) of \(header.count) columns" }
    return text + rest.map(EventFault.shown).joined(separator: ", ")
  }
}
