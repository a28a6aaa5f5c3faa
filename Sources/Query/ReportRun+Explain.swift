//! From a request to how its number comes about: days are explained side by side and put together in order, and only
//! then amounts are converted.

import Bytes
import Calendar
import Exchange
import Pricing
import Rollup

extension ReportRun {
  /// How the number of a request comes about.
  ///
  /// - Parameters:
  ///   - request: without a unit; its dimensions are what the part `by` divides by.
  ///   - shownMax: how many events are shown.
  package func explain(
    _ request: ReportRequest, _ measure: ExplainedMeasure, shownMax: Int
  ) throws(ReportError) -> (explanation: Explanation, problems: [ReportProblem]) {
    var finer = request
    finer.dimensions = ExplainedDay.dimensions + request.dimensions
    let asked = finer
    let (days, problems) = try events(asked) { day in
      (
        try ExplainedDay(day, asked, measure, prices, shownMax: shownMax),
        Explanation.Day(day.day, isRolledUp: try day.isRolledUp(), day.statistics)
      )
    }
    var merging = ExplanationMerge(measure.isCost && request.showsCost ? request.conversion : nil, prices)
    do throws(ExchangeError) {
      for (day, _) in days { try merging.add(day, shownMax: shownMax) }
    } catch {
      throw .exchange(error, others: 0)
    }
    var explanation = merging.explanation
    explanation.days = days.map(\.1).filter { day in
      days.contains { $0.0.day == day.day && !$0.0.sums.names.isEmpty }
    }
    return (explanation, problems)
  }
}

/// Puts days together.
private struct ExplanationMerge {
  private let conversion: Conversion?
  private let prices: Pricer?
  private var running: [Explanation.Part: RunningConversion] = [:]
  private var sums: [Explanation.Name: Explanation.Sums] = [:]
  private var samples: [Explanation.Name: ExplainedDay.Sample] = [:]
  private var events: [Explanation.Event] = []
  private var rest: [String?: Explanation.Sums] = [:]

  init(_ conversion: Conversion?, _ prices: Pricer?) {
    self.conversion = conversion
    self.prices = prices
  }

  mutating func add(_ day: ExplainedDay, shownMax: Int) throws(ExchangeError) {
    let rows = Dictionary(uniqueKeysWithValues: zip(day.sums.names, day.sums.sums))
    let sorted = rows.map { (row: $0, texts: $0.key.sortTexts) }.sorted { $0.texts.precedes($1.texts) }
    for (name, sums) in sorted.map(\.row) {
      var sums = sums
      // What one price, or one reporter, has is a part of the same whole.
      let part = Self.whole.contains(name.part) ? .price : name.part
      sums.value = try converted(sums.original, name.currency, day.day, part)
      self.sums[name, default: .init()] += sums
      guard conversion != nil, name.part == .day else { continue }
      let rate = Explanation.Name(part: .rate, texts: [ByteText("\(day.day)")], currency: name.currency)
      self.sums[rate, default: .init()] += sums
    }
    samples.merge(day.samples) { first, _ in first }
    try addEvents(day, shownMax: shownMax)
  }

  private static let whole: Set<Explanation.Part> = [.price, .reported, .free, .unpriced]

  private mutating func converted(
    _ pico: Int128, _ currency: String?, _ day: CivilDate, _ part: Explanation.Part
  ) throws(ExchangeError) -> Int128 {
    guard let conversion, let currency, currency != "\(conversion.currency)" else { return pico }
    var conversions = running[part] ?? RunningConversion(conversion)
    defer { running[part] = conversions }
    return try conversions.converted(pico, currency, day: day)
  }

  private mutating func addEvents(_ day: ExplainedDay, shownMax: Int) throws(ExchangeError) {
    var left: [String?: Explanation.Sums] = [:]
    for (name, sums) in zip(day.sums.names, day.sums.sums) where name.part == .day {
      left[name.currency, default: .init()] += sums
    }
    for var event in day.shown.prefix(shownMax - events.count) {
      let (currency, original) = (event.record.currency, event.value ?? 0)
      left[currency]?.events -= 1
      left[currency]?.requests -= event.record.sums.requests
      left[currency]?.original -= original
      left[currency]?.unpriced -= event.value == nil ? max(event.record.sums.requests, 1) : 0
      if event.value != nil { event.value = try converted(original, currency, day.day, .event) }
      events.append(event)
    }
    for (currency, sums) in left.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) where sums.events > 0 {
      var sums = sums
      sums.value = try converted(sums.original, currency, day.day, .event)
      rest[currency, default: .init()] += sums
    }
  }

  /// Whether rows stand for one of several currencies each.
  private var isMixed: Bool { conversion == nil && Set(sums.keys.compactMap(\.currency)).count > 1 }

  /// The parts whose rows tell what amounts were before they were converted.
  private static let ofCurrency: Set<Explanation.Part> = [.price, .reported, .rate]

  var explanation: Explanation {
    var explanation = Explanation()
    let isMixed = isMixed
    var merged: [Explanation.Name: Explanation.Sums] = [:]
    for (name, sums) in sums {
      let keeps = isMixed || Self.ofCurrency.contains(name.part)
      let name = keeps ? name : Explanation.Name(part: name.part, texts: name.texts, currency: nil)
      merged[name, default: .init()] += sums
    }
    let order = Explanation.Part.allCases
    let places = merged.map { name, sums in
      // Days follow one another, whatever their size.
      let isInTime = name.part == .day || name.part == .rate
      return (
        part: order.firstIndex(of: name.part) ?? 0, size: isInTime ? 0 : sums.value.magnitude,
        texts: name.sortTexts, row: (name, sums)
      )
    }
    explanation.rows = places.sorted { a, b in
      if a.part != b.part { return a.part < b.part }
      return a.size != b.size ? a.size > b.size : a.texts.precedes(b.texts)
    }.map { row($0.row.0, $0.row.1) }
    explanation.events = events
    for (currency, sums) in rest { explanation.rest[isMixed ? currency : nil, default: .init()] += sums }
    return explanation
  }

  private func row(_ name: Explanation.Name, _ sums: Explanation.Sums) -> Explanation.Row {
    var row = Explanation.Row(name: name, sums: sums)
    guard let charge = name.charge, let sample = samples[name], let book = try? prices?.book() else {
      return row
    }
    let list = book.price(sample.query, isList: true)?
      .explained(sample.usage, at: sample.time, spanMs: sample.spanMs)?.charges
      .first { charge.isCredit ? $0.key == nil : Counter.name(of: $0.key) == name.texts[2]?.text }
    row.listPrice = list?.price
    row.origin = book.origin(
      of: charge.basis, at: sample.time, isCredit: charge.isCredit, isListed: list?.price == charge.price)
    return row
  }
}

extension Explanation.Name {
  /// What orders names, and depends on nothing but them.
  fileprivate var sortTexts: [ByteText?] {
    let price = charge.map { charge in
      [ByteText(String(describing: charge.basis)), ByteText("\(charge.price)"), charge.serviceTier]
    }
    return [ByteText(part.rawValue)] + texts + [currency.map { ByteText($0) }] + (price ?? [])
  }
}
