import Bytes
import Calendar
import Pricing

/// Sums by name; who adds to one often keeps its slot.
struct ExplainedSums: Sendable {
  private var numbering = Numbering<Explanation.Name>()
  /// By number of the name.
  private(set) var sums: [Explanation.Sums] = []

  var names: [Explanation.Name] { numbering.things }

  mutating func slot(_ name: Explanation.Name) -> Int {
    let (slot, isNew) = numbering.number(name)
    if isNew { sums.append(.init()) }
    return slot
  }

  mutating func add(_ more: Explanation.Sums, to slot: Int) { sums[slot] += more }
  mutating func add(_ more: Explanation.Sums, to name: Explanation.Name) { sums[slot(name)] += more }
}

/// What events of a day that ask prices with the same words have in common.
struct ExplainedPricing: Sendable {
  /// What they ask with, and the currency of their costs; nil for other measures.
  struct Name: Hashable {
    let query: PriceQuery
    let currency: String?
  }

  let model: PricedModel?
  private let name: Name
  /// The rows of what was charged, by what decided its price.
  private var rows: [(basis: PriceBasis, prices: [(key: PriceKey?, price: Int128, slot: Int)])] = []

  init(_ name: Name, _ model: PricedModel?) {
    self.name = name
    self.model = model
  }

  /// The place of a basis, for `slot`.
  mutating func place(of basis: PriceBasis) -> Int {
    if let known = rows.firstIndex(where: { $0.basis == basis }) { return known }
    rows.append((basis, []))
    return rows.count - 1
  }

  /// The row of what was charged.
  mutating func slot(
    of charge: CostExplanation.Charge, _ place: Int, _ sums: inout ExplainedSums
  ) -> Int {
    for known in rows[place].prices where known.key == charge.key && known.price == charge.price {
      return known.slot
    }
    let basis = rows[place].basis
    var row = Explanation.Name(
      part: .price, texts: [basis.provider, basis.model, ByteText(Counter.name(of: charge.key))],
      currency: name.currency)
    row.charge = .init(
      basis: basis, price: charge.price, isCredit: charge.key == nil,
      serviceTier: model?.tierWord.map { ByteText($0) })
    let slot = sums.slot(row)
    rows[place].prices.append((charge.key, charge.price, slot))
    return slot
  }
}

/// Events of a day that ask prices with the same words and stand in the same rows.
struct ExplainedGroup {
  let query: PriceQuery
  /// The place of its `ExplainedPricing`.
  let pricing: Int
  let spanMs: Int64
  let texts: [ByteText?]
  /// Of costs; nil for other measures.
  let currency: String?
  /// Whether the cost is what senders said.
  let isReported: Bool
  /// The rows in which each of its events stands.
  private(set) var slots: [Int] = []
  private var lastWriter: (name: String, slot: Int)?

  var source: ByteText? { texts[4] }

  /// - Parameter pricing: gives the place of what asks prices with a name.
  init(
    _ group: EventBatch.Group, _ measure: ExplainedMeasure, _ day: CivilDate, _ costMode: CostMode,
    _ sums: inout ExplainedSums, pricing: (ExplainedPricing.Name) -> Int
  ) {
    texts = group.texts
    query = PriceQuery(texts)
    spanMs = EventSpan.milliseconds(texts[5]?.text)
    currency = measure.isCost ? group.currency : nil
    self.pricing = pricing(ExplainedPricing.Name(query: query, currency: currency))
    isReported = costMode == .display ? group.currency != nil : group.isReported
    let fields = Array(texts.dropFirst(ExplainedDay.dimensions.count))
    slots = [sums.slot(name(.day, [ByteText("\(day)")])), sums.slot(name(.source, [source]))]
    if !fields.isEmpty { slots.append(sums.slot(name(.by, fields))) }
  }

  func name(_ part: Explanation.Part, _ texts: [ByteText?]) -> Explanation.Name {
    Explanation.Name(part: part, texts: texts, currency: currency)
  }

  mutating func slot(ofWriter writer: String, _ sums: inout ExplainedSums) -> Int {
    if let lastWriter, lastWriter.name == writer { return lastWriter.slot }
    let slot = sums.slot(name(.writer, [ByteText(writer)]))
    lastWriter = (writer, slot)
    return slot
  }
}
