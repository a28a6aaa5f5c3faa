import Calendar
import Pricing

/// Sums by name; who adds to one often keeps its slot.
struct ExplainedSums: Sendable {
  private(set) var names: [Explanation.Name] = []
  private(set) var sums: [Explanation.Sums] = []
  private var slots: [Explanation.Name: Int] = [:]

  mutating func slot(_ name: Explanation.Name) -> Int {
    if let known = slots[name] { return known }
    slots[name] = names.count
    names.append(name)
    sums.append(.init())
    return names.count - 1
  }

  mutating func add(_ more: Explanation.Sums, to slot: Int) { sums[slot] += more }
  mutating func add(_ more: Explanation.Sums, to name: Explanation.Name) { sums[slot(name)] += more }
}

/// Events of a day that ask prices with the same words and stand in the same rows.
struct ExplainedGroup {
  let query: PriceQuery
  let model: PricedModel?
  let spanMs: Int64
  let texts: [String?]
  /// Of costs; nil for other measures.
  let currency: String?
  /// Whether the cost is what senders said.
  let isReported: Bool
  /// The rows in which each of its events stands.
  private(set) var slots: [Int] = []
  private var lastWriter: (name: String, slot: Int)?
  private var prices: [(charge: CostExplanation.Charge, basis: PriceBasis, slot: Int)] = []

  var source: String? { texts[4] }

  init(
    _ group: EventBatch.Group, _ measure: ExplainedMeasure, _ prices: Pricer?, _ day: CivilDate,
    _ costMode: CostMode, _ sums: inout ExplainedSums
  ) {
    texts = group.texts
    query = PriceQuery(
      provider: texts[0], model: texts[1], serviceTier: texts[2], requestType: texts[3])
    model = measure.isCost ? prices?.model(for: query) : nil
    spanMs = EventSpan.milliseconds(texts[5])
    currency = measure.isCost ? group.currency : nil
    isReported = costMode == .display ? group.currency != nil : group.isReported
    let fields = Array(texts.dropFirst(ExplainedDay.dimensions.count))
    slots = [sums.slot(name(.day, ["\(day)"])), sums.slot(name(.source, [source]))]
    if !fields.isEmpty { slots.append(sums.slot(name(.by, fields))) }
  }

  func name(_ part: Explanation.Part, _ texts: [String?]) -> Explanation.Name {
    Explanation.Name(part: part, texts: texts, currency: currency)
  }

  mutating func slot(ofWriter writer: String, _ sums: inout ExplainedSums) -> Int {
    if let lastWriter, lastWriter.name == writer { return lastWriter.slot }
    let slot = sums.slot(name(.writer, [writer]))
    lastWriter = (writer, slot)
    return slot
  }

  /// The row of what was charged.
  mutating func slot(
    of charge: CostExplanation.Charge, _ basis: PriceBasis, _ sums: inout ExplainedSums
  ) -> Int {
    let known = prices.first {
      $0.charge.key == charge.key && $0.charge.price == charge.price && $0.basis == basis
    }
    if let known { return known.slot }
    var name = name(.price, [basis.provider, basis.model, Counter.name(of: charge.key)])
    name.charge = .init(
      basis: basis, price: charge.price, isCredit: charge.key == nil,
      serviceTier: query.serviceTier ?? query.requestType)
    let slot = sums.slot(name)
    prices.append((charge, basis, slot))
    return slot
  }
}
