//! Several reports of the same events need one reading: what is summed is as fine as the finest of them, and each
//! sees it as coarse as it was asked for. Amounts are converted only then, so that no report depends on its company.
//!
//! `--as-of` clips buckets and nothing else: identities are settled over whole UTC days.

import Bytes
import Calendar
import Exchange
import Pricing
import Rollup

extension ReportRequest {
  /// The request that is as fine as all of these together.
  init(joint requests: [ReportRequest]) {
    self = requests[0]
    dimensions = requests[0].storedDimensions
    for request in requests.dropFirst() {
      precondition(request.days == days && request.zone.name == zone.name && request.kind == kind)
      precondition(request.asOf == asOf)
      precondition(request.costMode == costMode && request.showsCost == showsCost)
      precondition(request.unit == nil || unit == nil || request.unit == unit)
      unit = unit ?? request.unit
      add(request.storedDimensions)
    }
    if requests.contains(where: \.isByCounter) { add(ReportField.pricing) }
  }

  private mutating func add(_ names: [String]) {
    for name in names where !dimensions.holds(name) { dimensions.append(name) }
  }

  /// The stretches of time that rows stand for, one when there is no unit.
  var buckets: [Bucket] {
    let start = zone.startOfDay(days.lowerBound)
    // What happened later is not known yet.
    let known = asOf.map { zone.startOfDay($0 + 1) } ?? .max
    if let unit { return zone.buckets(of: days, by: unit).compactMap { $0.clipped(before: known) } }
    let end = max(start, min(zone.startOfDay(days.upperBound + 1), known))
    return [Bucket(unit: .day, firstDay: days.lowerBound, startMs: start, endMs: end)]
  }
}

extension ReportRequest {
  /// The request as its days are read.
  ///
  /// Converted amounts are rounded for each value of the details, so then they are dimensions until that is done.
  var asRead: ReportRequest {
    guard showsCost, conversion != nil, !details.isEmpty else { return self }
    var request = self
    request.dimensions += details
    request.details = []
    return request
  }
}

/// How one request sees the sums of a finer one.
struct ReportView: Sendable {
  /// Sums of days, and the latest day whose rate they needed.
  struct DaySums: Sendable {
    var groups = GroupSums()
    /// The same groups at other prices, by candidate.
    var others: [GroupSums] = []
    var rateDay: CivilDate?

    mutating func add(_ other: DaySums) {
      groups.add(other.groups)
      if others.isEmpty { others = other.others.map { _ in GroupSums() } }
      for (index, sums) in other.others.enumerated() { others[index].add(sums) }
      rateDay = [rateDay, other.rateDay].compactMap(\.self).max()
    }
  }

  private let request: ReportRequest
  private let hasBuckets: Bool
  /// The places of the request's dimensions among those of the finer one.
  private let places: [Int]
  private let isSame: Bool
  /// What splits sums by counter, and the places of what it asks prices with.
  private let prices: (any PriceSource)?
  private let pricingPlaces: [Int]
  /// Numbers the values of details that were dimensions until now; nil when there are none.
  private let texts: TextNumbers?

  init(
    _ request: ReportRequest, of finer: ReportRequest, prices: (any PriceSource)? = nil,
    texts: TextNumbers? = nil
  ) {
    self.request = request
    self.texts = request.details.isEmpty || !finer.details.isEmpty ? nil : texts
    // Who may not see costs must not see from its rows that something is charged.
    self.prices = request.showsCost ? prices : nil
    hasBuckets = request.unit != nil
    places = request.storedDimensions.compactMap { name in
      finer.dimensions.firstIndex { $0.hasBytes(of: name) }
    }
    isSame = request.unit == finer.unit && places == Array(finer.dimensions.indices)
    pricingPlaces = ReportField.pricing.compactMap { finer.dimensions.firstIndex(of: $0) }
  }

  /// The sums of a UTC day as this request wants them; `others` are the same at other prices.
  func seen(_ sums: GroupSums, _ others: [GroupSums] = [], day: CivilDate) throws(ExchangeError) -> DaySums {
    if let texts, let conversion = request.conversion {
      let (converted, rateDay) = try sums.converted(conversion, day: day)
      return DaySums(groups: detailed(converted, texts), rateDay: rateDay)
    }
    var seen = DaySums(groups: request.isByCounter ? split(sums, day: day) : coarsened(sums))
    seen.others = others.map(coarsened)
    guard request.showsCost, let conversion = request.conversion else { return seen }
    (seen.groups, seen.rateDay) = try seen.groups.converted(conversion, day: day)
    for index in seen.others.indices {
      let (sums, rateDay) = try seen.others[index].converted(conversion, day: day)
      seen.others[index] = sums
      seen.rateDay = [seen.rateDay, rateDay].compactMap(\.self).max()
    }
    return seen
  }

  /// The values of single events that the request needs.
  var spreads: Set<Spread.Kind> { request.spreads }

  private func key(_ key: GroupKey) -> GroupKey {
    GroupKey(
      bucket: hasBuckets ? key.bucket : 0, texts: places.map { key.texts[$0] }, currency: key.currency)
  }

  private func split(_ sums: GroupSums, day: CivilDate) -> GroupSums {
    var split = CounterSplit(prices, day: day.days, unpriced: sums.unpriced)
    for (key, values) in sums.groups {
      let words = pricingPlaces.map { key.texts[$0].map { ByteText($0) } }
      split.add(values, PriceQuery(words), to: self.key(key))
    }
    return split.result
  }

  private func coarsened(_ sums: GroupSums) -> GroupSums {
    if isSame { return sums }
    var result = GroupSums(unpriced: sums.unpriced)
    result.groups.reserveCapacity(sums.groups.count)
    for (key, values) in sums.groups {
      result.add(values, to: self.key(key))
    }
    return result
  }

  /// The groups with their last dimensions as details.
  private func detailed(_ sums: GroupSums, _ texts: TextNumbers) -> GroupSums {
    var result = GroupSums(unpriced: sums.unpriced)
    for (key, values) in sums.groups {
      var values = values
      for (place, text) in key.texts.suffix(request.details.count).enumerated() {
        guard let text else { continue }
        values.details.add(
          Details.Part(
            place: Int32(place), number: texts.number(text), tokens: Share.tokens(values),
            requests: values[.requests]))
      }
      result.add(values, to: self.key(key))
    }
    return result
  }

  func report(_ sums: DaySums) -> Report {
    var groups = sums.groups
    if let comparison = request.comparison, request.showsCost {
      groups = groups.compared(with: sums.others, labels: comparison.candidates.map(\.label))
    }
    var report = ReportBuilder(request, request.buckets).report(groups)
    report.ratesTo = sums.rateDay.map { "\($0)" }
    return report
  }
}
