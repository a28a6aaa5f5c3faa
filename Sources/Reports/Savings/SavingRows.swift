//! What caches saved, and what could have been saved: failed and repeated requests, cache misses, cheaper models.

import Bytes
import Calendar
package import Pricing
package import Query
import Rollup

/// A row a kind of saving and a model.
package struct SavingRows: Sendable {
  /// What must be read, by day.
  package static let dimensions = ["provider", "model", "service_tier", "request_type", "operation"]

  private enum Kind: Int, CaseIterable {
    case cacheReads, cacheWrites, cacheMisses, retries, errors, cheaperModel

    var name: String {
      ["cache_reads", "cache_writes", "cache_misses", "retries", "errors", "cheaper_model"][rawValue]
    }
  }

  private struct Name: Hashable {
    let kind: Kind
    let provider: ByteText?
    let model: ByteText?
    let currency: String?
  }

  private struct Sums {
    var requests: Int128?
    var tokens: Int128 = 0
    var cost: Int128 = 0
    var saved: Int128?
    var avoidable: Int128?
    /// The model that costs less.
    var instead: ByteText?
  }

  private let prices: any PriceSource

  package init(prices: any PriceSource) { self.prices = prices }

  package static let columns = [
    ReportColumn("saving", .dimension), ReportColumn("provider", .dimension, isBrief: false),
    ReportColumn("model", .dimension),
  ]

  package func report(_ usage: Usage, _ waste: Waste) -> Report {
    var found = caches(usage)
    for (name, sums) in waste.sums {
      let kind: Kind =
        [.errors: .errors, .retries: .retries, .cacheMisses: .cacheMisses][name.kind] ?? .errors
      found[Name(kind: kind, provider: name.provider, model: name.model, currency: name.currency)] = Sums(
        requests: sums.requests, tokens: sums.tokens, cost: sums.cost, avoidable: sums.avoidable)
    }
    found.merge(cheaper(usage)) { $1 }
    // What costs nothing and saves nothing is no news.
    let shown = found.filter { $0.value.cost != 0 || $0.value.saved ?? 0 != 0 }
    let currencies = Set(shown.compactMap(\.key.currency)).sorted()
    let isMixed = currencies.count > 1
    let rows = shown.sorted { Self.precedes($0, $1) }.map { name, sums in
      ReportRow(
        cells: [.text(name.kind.name), .text(name.provider), .text(name.model)]
          + (isMixed ? [.text(name.currency)] : []) + Self.cells(sums))
    }
    let cost = UsageMeasure.named(["cost"], showsCost: true)
    func of(_ currency: String?) -> UsageSums {
      usage.rows.filter { currency == nil || $0.currency == currency }.sum
    }
    func total(_ currency: String?) -> ReportRow {
      let sums = shown.filter { currency == nil || $0.key.currency == currency }.values
      let isWithout = isMixed && currency == nil
      let amounts = [sums.compactMap(\.saved), sums.compactMap(\.avoidable)].map { amounts in
        isWithout ? ReportCell.missing : .amount(amounts.reduce(0, +))
      }
      return ReportRow(
        cells: [.missing, .missing, .missing] + (isMixed ? [.text(currency)] : []) + [.missing, .missing]
          + usage.cells(cost, of(currency), currency: currency) + amounts + [.missing])
    }
    var report = usage.report(
      columns: Self.columns + (isMixed ? [ReportColumn("currency", .dimension)] : []) + [
        ReportColumn("requests", .count), ReportColumn("tokens", .count), ReportColumn("cost", .amount),
        ReportColumn("cost_saved", .amount), ReportColumn("cost_avoidable", .amount),
        ReportColumn("instead", .remark),
      ], rows: rows, total: total(nil), totals: isMixed ? currencies.map(total) : [])
    report.currency = isMixed ? nil : currencies.first ?? report.currency
    report.notes += Self.notes(shown.keys.map(\.kind))
    return report
  }

  private static func cells(_ sums: Sums) -> [ReportCell] {
    [
      sums.requests.map { .integer($0) } ?? .missing, .integer(sums.tokens), .amount(sums.cost),
      sums.saved.map { .amount($0) } ?? .missing, sums.avoidable.map { .amount($0) } ?? .missing,
      .text(sums.instead),
    ]
  }

  private static func notes(_ kinds: [Kind]) -> [String] {
    var notes: [String] = []
    if kinds.contains(.cacheMisses) {
      notes.append(
        "A cache miss is what the request before in a session had sent and this one did not read from the cache."
      )
    }
    if kinds.contains(.retries) {
      notes.append("A retry is a request whose prompt has the same size again within two minutes.")
    }
    if kinds.contains(.cheaperModel) {
      notes.append(
        "Cheaper models are used anyway for the same operations, and are compared at base prices; they may answer "
          + "differently.")
    }
    if kinds.contains(where: { ![.cacheReads, .cacheWrites].contains($0) }) {
      notes.append("What is avoidable overlaps, so its sum is the most that could be saved.")
    }
    return notes
  }

  /// By kind, then what saves or could save most, then by name.
  private static func precedes(_ a: (key: Name, value: Sums), _ b: (key: Name, value: Sums)) -> Bool {
    if a.key.kind != b.key.kind { return a.key.kind.rawValue < b.key.kind.rawValue }
    let amounts = [a, b].map { ($0.value.saved ?? $0.value.avoidable ?? 0).magnitude }
    if amounts[0] != amounts[1] { return amounts[0] > amounts[1] }
    let names = [a, b].map { [$0.key.provider, $0.key.model, $0.key.currency.map { ByteText($0) }] }
    return names[0].precedes(names[1])
  }
}

// MARK: What prices tell

extension SavingRows {
  /// Usage of a day under one price query, in the words of the report's currency.
  private func forEach(
    _ usage: Usage, _ body: (Usage.Row, KindPrices, DayMoney) -> Void
  ) {
    for row in usage.rows {
      let day = DayMoney(CivilDate(utcDayOf: usage.buckets[row.bucket].startMs), usage.request)
      guard let own = prices(row.texts, day: day.day) else { continue }
      body(row, own, day)
    }
  }

  private func prices(_ texts: [ByteText?], day: CivilDate) -> KindPrices? {
    prices.model(for: PriceQuery(texts))?.kindPrices(day: day.days)
  }

  /// What tokens of caches cost more or less than input.
  private func caches(_ usage: Usage) -> [Name: Sums] {
    let kinds: [(Kind, [(RollupCount, PriceKey)])] = [
      (.cacheReads, [(.cacheReadTokens, .cacheRead)]),
      (
        .cacheWrites,
        [
          (.cacheWriteTokens, .cacheWrite), (.cacheWrite1hTokens, .cacheWrite1h),
          (.cacheWrite12hTokens, .cacheWrite12h),
        ]
      ),
    ]
    var found: [Name: Sums] = [:]
    forEach(usage) { row, own, day in
      guard let input = own[.input] else { return }
      let currency = day.currency(own)
      for (kind, counters) in kinds {
        for (count, key) in counters where row.sums[count] != 0 {
          guard let price = own[key], let cost = day.converted(row.sums[count] * price, own),
            let asInput = day.converted(row.sums[count] * input, own)
          else { continue }
          let name = Name(kind: kind, provider: row.texts[0], model: row.texts[1], currency: currency)
          var sums = found[name] ?? Sums(saved: 0)
          sums.tokens += row.sums[count]
          sums.cost += cost
          sums.saved = (sums.saved ?? 0) + asInput - cost
          found[name] = sums
        }
      }
    }
    return found
  }

  /// What the cheapest of the models used would have cost, for each model.
  private func cheaper(_ usage: Usage) -> [Name: Sums] {
    let candidates = candidates(usage)
    var found: [Name: CheaperModel.Comparison] = [:]
    forEach(usage) { row, own, day in
      guard let exact = row.sums.cost(at: own), let cost = day.converted(exact, own) else { return }
      let others = candidates.map { candidate -> Int128? in
        guard candidate.operations.contains(row.texts[4]), candidate.model != row.texts[1],
          let other = prices(
            [candidate.provider, candidate.model, row.texts[2], row.texts[3]], day: day.day),
          other.currency == own.currency
        else { return nil }
        return row.sums.cost(at: other).flatMap { day.converted($0, own) }
      }
      let name = Name(
        kind: .cheaperModel, provider: row.texts[0], model: row.texts[1], currency: day.currency(own))
      found[name, default: CheaperModel.Comparison(candidates: candidates.count)].add(
        row.sums, cost: cost, others: others)
    }
    return found.compactMapValues { comparison in
      guard let best = comparison.best else { return nil }
      return Sums(
        requests: comparison.requests, tokens: comparison.tokens, cost: comparison.cost,
        avoidable: comparison.cost - best.cost, instead: candidates[best.candidate].model)
    }
  }

  /// The models used most, by name of what bills them.
  private func candidates(_ usage: Usage) -> [CheaperModel.Candidate] {
    var found: [[ByteText?]: (tokens: Int128, operations: Set<ByteText?>)] = [:]
    for row in usage.rows where row.texts[1] != nil {
      let name = Array(row.texts.prefix(2))
      var known = found[name] ?? (0, [])
      known.tokens += row.sums.tokens
      known.operations.insert(row.texts[4])
      found[name] = known
    }
    let sorted = found.sorted { a, b in
      if a.value.tokens != b.value.tokens { return a.value.tokens > b.value.tokens }
      return a.key.precedes(b.key)
    }
    return sorted.prefix(CheaperModel.candidatesMax).compactMap { name, known in
      name[1].map { CheaperModel.Candidate(provider: name[0], model: $0, operations: known.operations) }
    }
  }
}
