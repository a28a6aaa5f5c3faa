//! One UTC day's part of an explanation: every event is put into one row of each part.

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
  private let shownMax: Int
  private(set) var sums: [Explanation.Name: Explanation.Sums] = [:]
  /// An event of each price, to ask what the list says.
  private(set) var samples: [Explanation.Name: Sample] = [:]
  private(set) var shown: [Explanation.Event] = []

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
    self.shownMax = shownMax
    costMode = request.costMode
    var lines: [Int] = []
    try day.forEach { batch in
      let groups = batch.groups.map { Asked($0, measure.isCost ? prices : nil) }
      for event in 0..<batch.count {
        let writer = day.writer(ofLine: batch.lines[event])
        let told = add(batch, event, groups[batch.numbers[event]], writer)
        // All of the last instant, because their ids order them.
        guard shown.count < shownMax || shown.last?.record.time == batch.times[event] else { continue }
        shown.append(told)
        lines.append(batch.lines[event])
      }
    }
    let ids = try day.ids(ofLines: lines)
    for (index, line) in lines.enumerated() { shown[index].record.id = ids[line] ?? "" }
    shown.sort { $0.record.precedes($1.record) }
  }

  /// What the events of a group ask prices with.
  private struct Asked {
    let group: EventBatch.Group
    let query: PriceQuery
    let model: PricedModel?
    let spanMs: Int64
    /// The values of the fields that were asked for.
    let fields: [String?]

    var source: String? { group.texts[4] }

    init(_ group: EventBatch.Group, _ prices: Pricer?) {
      self.group = group
      let texts = group.texts
      query = PriceQuery(
        provider: texts[0], model: texts[1], serviceTier: texts[2], requestType: texts[3])
      model = prices?.model(for: query)
      spanMs = EventSpan.milliseconds(texts[5])
      fields = Array(texts.dropFirst(ExplainedDay.dimensions.count))
    }
  }

  private mutating func add(
    _ batch: EventBatch, _ event: Int, _ asked: Asked, _ writer: String
  ) -> Explanation.Event {
    let value = measure.value(batch, event)
    var sums = Explanation.Sums()
    sums.events = 1
    sums.requests = Int128(batch.count(.requests, event))
    sums.original = value ?? 0
    sums.unpriced = measure.isCost && value == nil ? max(sums.requests, 1) : 0
    let currency = measure.isCost ? asked.group.currency : nil
    func name(_ part: Explanation.Part, _ texts: [String?]) -> Explanation.Name {
      Explanation.Name(part: part, texts: texts, currency: currency)
    }
    add(sums, to: name(.day, ["\(day)"]))
    add(sums, to: name(.source, [asked.source]))
    add(sums, to: name(.writer, [writer]))
    if !asked.fields.isEmpty { add(sums, to: name(.by, asked.fields)) }
    let record = EventRecord(
      time: batch.times[event], id: "", writer: writer, texts: asked.group.texts, currency: currency,
      isReported: isReported(asked), sums: UsageSums(batch.values(event)))
    guard measure.isCost else {
      addCounters(batch, event, asked, sums)
      return Explanation.Event(record: record, value: value, charges: [], basis: nil, reason: nil)
    }
    guard value != nil else {
      let reason = reason(batch, event, asked)
      add(sums, to: name(.unpriced, [asked.query.provider, asked.query.model, reason]))
      return Explanation.Event(record: record, value: nil, charges: [], basis: nil, reason: reason)
    }
    if isReported(asked) {
      add(sums, to: name(.reported, [asked.source]))
      return Explanation.Event(record: record, value: value, charges: [], basis: nil, reason: nil)
    }
    let explained = addCharges(batch, event, asked, sums)
    if explained?.charges.isEmpty != false { add(sums, to: name(.free, [nil])) }
    return Explanation.Event(
      record: record, value: value, charges: explained?.charges ?? [], basis: explained?.basis, reason: nil)
  }

  private func isReported(_ asked: Asked) -> Bool {
    costMode == .display ? asked.group.currency != nil : asked.group.isReported
  }

  private mutating func add(_ sums: Explanation.Sums, to name: Explanation.Name) {
    self.sums[name, default: .init()] += sums
  }

  private func usage(_ batch: EventBatch, _ event: Int) -> UsageCounters {
    UsageCounters(credits: batch.credits(event)) { batch.count($0, event) }
  }

  private mutating func addCharges(
    _ batch: EventBatch, _ event: Int, _ asked: Asked, _ whole: Explanation.Sums
  ) -> CostExplanation? {
    let (usage, time) = (usage(batch, event), batch.times[event])
    guard let explained = asked.model?.explained(usage, at: time, spanMs: asked.spanMs) else { return nil }
    for charge in explained.charges {
      var sums = whole
      sums.count = charge.count
      sums.original = charge.cost
      var name = Explanation.Name(
        part: .price,
        texts: [explained.basis.provider, explained.basis.model, Counter.name(of: charge.key)],
        currency: asked.group.currency)
      name.charge = .init(
        basis: explained.basis, price: charge.price, isCredit: charge.key == nil,
        serviceTier: asked.query.serviceTier ?? asked.query.requestType)
      add(sums, to: name)
      if samples[name] == nil {
        samples[name] = Sample(query: asked.query, usage: usage, time: time, spanMs: asked.spanMs)
      }
    }
    return explained
  }

  private func reason(_ batch: EventBatch, _ event: Int, _ asked: Asked) -> String {
    if costMode == .display { return "no cost was reported" }
    guard let name = asked.query.model else { return "no model is named" }
    guard let model = asked.model else {
      let reason = (try? prices?.book())?.reason(provider: asked.query.provider, model: name)
      return "\(reason ?? .unknownModel)"
    }
    let cost = model.cost(of: usage(batch, event), at: batch.times[event], spanMs: asked.spanMs)
    guard case .unpriced(let reason) = cost else { return "it was not priced" }
    return "\(reason)"
  }

  /// What a number that is no cost is made of.
  private mutating func addCounters(
    _ batch: EventBatch, _ event: Int, _ asked: Asked, _ whole: Explanation.Sums
  ) {
    let isAll = measure.column.name == "tokens"
    let parts =
      isAll
      ? RollupCount.allTokens.map { ($0.name, Int128(batch.count($0, event))) }
      : [(measure.column.name, whole.original)]
    for (counter, count) in parts where count != 0 {
      var sums = whole
      (sums.count, sums.original) = (measure.column.role == .count ? count : 0, count)
      let texts = [asked.query.provider, asked.query.model, counter]
      add(sums, to: Explanation.Name(part: .counter, texts: texts, currency: nil))
    }
  }
}
