//! One UTC day's part of an explanation: every event is put into one row of each part.

import Bytes
import Calendar
import Pricing
import Rollup

struct ExplainedDay: Sendable {
  /// What is read of each event, before the fields that were asked for.
  static let dimensions = ReportField.pricing + ["source", "period"]

  let day: CivilDate
  private let measure: ExplainedMeasure
  private let costMode: CostMode
  private let prices: Pricer?
  private(set) var sums = ExplainedSums()
  /// An event of each price, to ask what the list says.
  private(set) var samples: [Explanation.Name: Sample] = [:]
  private(set) var shown: [Explanation.Event] = []
  private var pricings: [ExplainedPricing] = []
  private var pricingNames = Numbering<ExplainedPricing.Name>()

  struct Sample: Sendable {
    let query: PriceQuery
    let usage: UsageCounters
    let time: Int64
    let spanMs: Int64
  }

  init(
    _ day: EventDay, _ request: ReportRequest, _ measure: ExplainedMeasure, _ prices: Pricer?, shownMax: Int
  ) throws {
    self.day = day.day
    self.measure = measure
    self.prices = prices
    costMode = request.costMode
    var lines: [Int] = []
    try day.forEach { batch in
      var groups: [ExplainedGroup] = []
      for group in batch.groups { groups.append(self.group(group)) }
      for event in 0..<batch.count {
        let writer = day.writer(ofLine: batch.lines[event])
        let number = batch.numbers[event]
        let how = add(batch, event, &groups[number], writer)
        // All of the last instant, because their ids order them.
        guard shown.count < shownMax || shown.last?.record.time == batch.times[event] else { continue }
        shown.append(shown(batch, event, groups[number], writer, how))
        lines.append(batch.lines[event])
      }
    }
    let ids = try day.ids(ofLines: lines)
    for (index, line) in lines.enumerated() { shown[index].record.id = ids[line] ?? "" }
    shown.sort { $0.record.precedes($1.record) }
  }

  private mutating func group(_ group: EventBatch.Group) -> ExplainedGroup {
    ExplainedGroup(group, measure, day, costMode, &sums) { name in
      let (place, isNew) = pricingNames.number(name)
      if isNew {
        pricings.append(ExplainedPricing(name, measure.isCost ? prices?.model(for: name.query) : nil))
      }
      return place
    }
  }

  /// How an event's part came about.
  private enum How {
    case known
    case computed(CostExplanation?)
    case unpriced(String)
  }

  private mutating func add(
    _ batch: EventBatch, _ event: Int, _ group: inout ExplainedGroup, _ writer: String
  ) -> How {
    let value = measure.value(batch, event)
    var sums = Explanation.Sums()
    sums.events = 1
    sums.requests = Int128(batch.count(.requests, event))
    sums.original = value ?? 0
    sums.unpriced = measure.isCost && value == nil ? max(sums.requests, 1) : 0
    for slot in group.slots { self.sums.add(sums, to: slot) }
    self.sums.add(sums, to: group.slot(ofWriter: writer, &self.sums))
    guard measure.isCost else {
      addCounters(batch, event, group, sums)
      return .known
    }
    guard value != nil else {
      let reason = reason(batch, event, group)
      self.sums.add(sums, to: group.name(.unpriced, [group.texts[0], group.texts[1], ByteText(reason)]))
      return .unpriced(reason)
    }
    if group.isReported {
      self.sums.add(sums, to: group.name(.reported, [group.source]))
      return .known
    }
    let explained = addCharges(batch, event, group, sums)
    if explained?.charges.isEmpty != false { self.sums.add(sums, to: group.name(.free, [nil])) }
    return .computed(explained)
  }

  private func shown(
    _ batch: EventBatch, _ event: Int, _ group: ExplainedGroup, _ writer: String, _ how: How
  ) -> Explanation.Event {
    let record = EventRecord(
      time: batch.times[event], id: "", writer: writer, texts: group.texts, currency: group.currency,
      isReported: group.isReported, sums: UsageSums(batch.values(event)))
    let value = measure.value(batch, event)
    switch how {
    case .known: return .init(record: record, value: value, charges: [], basis: nil, reason: nil)
    case .unpriced(let reason):
      return .init(record: record, value: nil, charges: [], basis: nil, reason: reason)
    case .computed(let explained):
      return .init(
        record: record, value: value, charges: explained?.charges ?? [], basis: explained?.basis, reason: nil)
    }
  }

  private func usage(_ batch: EventBatch, _ event: Int) -> UsageCounters {
    UsageCounters(credits: batch.credits(event)) { batch.count($0, event) }
  }

  private mutating func addCharges(
    _ batch: EventBatch, _ event: Int, _ group: ExplainedGroup, _ whole: Explanation.Sums
  ) -> CostExplanation? {
    let (usage, time) = (usage(batch, event), batch.times[event])
    guard let explained = pricings[group.pricing].model?.explained(usage, at: time, spanMs: group.spanMs)
    else { return nil }
    let basis = pricings[group.pricing].place(of: explained.basis)
    for charge in explained.charges {
      var sums = whole
      sums.count = charge.count
      sums.original = charge.cost
      let slot = pricings[group.pricing].slot(of: charge, basis, &self.sums)
      self.sums.add(sums, to: slot)
      // The first of each price is enough.
      if self.sums.sums[slot].events == 1, samples[self.sums.names[slot]] == nil {
        samples[self.sums.names[slot]] = Sample(
          query: group.query, usage: usage, time: time, spanMs: group.spanMs)
      }
    }
    return explained
  }

  private func reason(_ batch: EventBatch, _ event: Int, _ group: ExplainedGroup) -> String {
    if costMode == .display { return "no cost was reported" }
    guard let name = group.query.model else { return "no model is named" }
    guard let model = pricings[group.pricing].model else {
      let reason = (try? prices?.book())?.reason(provider: group.query.provider, model: name)
      return "\(reason ?? .unknownModel)"
    }
    let cost = model.cost(of: usage(batch, event), at: batch.times[event], spanMs: group.spanMs)
    guard case .unpriced(let reason) = cost else { return "it was not priced" }
    return "\(reason)"
  }

  /// What a number that is no cost is made of.
  private mutating func addCounters(
    _ batch: EventBatch, _ event: Int, _ group: ExplainedGroup, _ whole: Explanation.Sums
  ) {
    let parts = measure.counts.map { ($0.name, Int128(batch.count($0, event))) }
    for (counter, count) in parts.isEmpty ? [(measure.column.name, whole.original)] : parts where count != 0 {
      var sums = whole
      (sums.count, sums.original) = (measure.column.role == .count ? count : 0, count)
      let texts = [group.texts[0], group.texts[1], ByteText(counter)]
      self.sums.add(sums, to: group.name(.counter, texts))
    }
  }
}
