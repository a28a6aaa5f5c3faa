//! Sums by group → rows: currencies apart, Others, shares, order, totals.
//!
//! Laws: the shown rows and Others add up to the total, whatever N; a cost that is not known is missing, never zero;
//! amounts of different currencies are never added.

import Calendar
import Exchange
import Money
import Rollup

struct ReportBuilder {
  private let request: ReportRequest
  private let buckets: [Bucket]
  private let measures: [ReportMeasure]

  init(_ request: ReportRequest, _ buckets: [Bucket]) {
    self.request = request
    self.buckets = buckets
    measures = ReportMeasure.all(request)
  }

  func report(_ sums: GroupSums) -> Report {
    let currencies = request.currencies(of: sums)
    // Where nothing tells about money, rows need not stand for a currency each.
    let isMixed = currencies.count > 1 && request.usedMeasures.contains(where: \.column.isCost)
    let currency = currencies.count == 1 ? currencies.first : nil
    // With one currency, groups with and without a reported cost are one row.
    var groups: [GroupKey: GroupValues] = [:]
    for (key, values) in sums.groups {
      var (key, values) = (key, values)
      values.isApproximate = values.lastEndMs > buckets[key.bucket].endMs
      if !isMixed { key.currency = currency }
      groups[key, default: GroupValues()].add(values)
    }
    fillGaps(&groups, currency: currency)
    leaveOutRows(&groups, isMixed: isMixed)
    let total = Self.total(groups.values)
    let isComplete = total[.unpricedRequests] == 0
    let isOfCost = request.showsCost && isComplete && currencies.count < 2 && total.cost > 0
    let measure = Share(isOfCost: isOfCost, total: total)
    let kept = kept(groups, measure)
    let columns = columns(isMixed: isMixed)
    let ordered = ReportOrder.sorted(rows(groups, kept, measure, isMixed), by: request.order, columns)
    let rows = Array(ordered.prefix(request.limit ?? .max))
    let cut =
      rows.count < ordered.count ? ["Only the first \(rows.count) of \(ordered.count) rows are shown."] : []
    var report = Report(
      name: request.name, from: "\(request.days.lowerBound)", to: "\(request.days.upperBound)",
      timezone: request.zone.name, currency: currency.map(Self.text),
      costMode: request.costMode, isCostComplete: isComplete, unpriced: request.unpriced(of: sums),
      shareOf: measure.isOfCost ? "cost" : "tokens",
      columns: columns, rows: rows,
      total: row(nil, nil, total, measure, isMixed: isMixed, currency: nil),
      totals: isMixed ? totals(groups, measure) : [], notes: notes(rows, groups) + cut,
      showsCost: request.showsCost)
    report.asOf = request.asOf.map { "\($0)" }
    return report
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func total(_ values: some Sequence<GroupValues>) -> GroupValues {
    var total = GroupValues()
    for value in values { total.add(value) }
    total.isApproximate = false
    return total
  }

  /// A time series shows its days of nothing; one that is grouped further, or cut down, shows what there is.
  private func fillGaps(_ groups: inout [GroupKey: GroupValues], currency: [UInt8]?) {
    let isCut = request.top != nil || request.shareMin != nil || request.rowFilter != nil
    guard request.unit != nil, request.dimensions.isEmpty, !isCut else { return }
    let used = Set(groups.keys.map(\.bucket))
    guard let first = used.min(), let last = used.max() else { return }
    let range = request.gaps == .everywhere ? buckets.indices : first..<(last + 1)
    for bucket in range where !used.contains(bucket) && buckets[bucket].startMs < buckets[bucket].endMs {
      groups[GroupKey(bucket: bucket, texts: [], currency: currency)] = GroupValues()
    }
  }

  /// Leaves out the groups whose measures do not fulfil what was asked.
  private func leaveOutRows(_ groups: inout [GroupKey: GroupValues], isMixed: Bool) {
    guard let asked = request.rowFilter else { return }
    let measures = ReportMeasure.catalogue(showsCost: request.showsCost)
    let filter = CompiledFilter(asked, fields: measures.map(\.field))
    groups = groups.filter { key, values in
      let values = measured(values, key.bucket)
      return filter.matches { (field: Int) in
        measures[field].cell(values, isMixed && key.currency == nil).number(measures[field].column.role)
      }
    }
  }

  // MARK: Others

  /// What `--top` and `--min-share` choose among: the dimensions' values, or the buckets when there are none.
  private enum Choice: Hashable {
    case texts([[UInt8]?])
    case bucket(Int)
  }

  private func choice(_ key: GroupKey) -> Choice {
    request.dimensions.isEmpty ? .bucket(key.bucket) : .texts(key.texts)
  }

  /// The choices that keep rows of their own; nil when all do.
  private func kept(_ groups: [GroupKey: GroupValues], _ measure: Share) -> Set<Choice>? {
    if request.top == nil, request.shareMin == nil { return nil }
    var weights: [Choice: Int128] = [:]
    var names: [Choice: GroupKey] = [:]
    for (key, values) in groups {
      let choice = choice(key)
      weights[choice, default: 0] += measure.weight(values)
      // Without what differs between the groups of one choice, so that ties do not depend on which came last.
      names[choice] = GroupKey(
        bucket: request.dimensions.isEmpty ? key.bucket : 0, texts: key.texts, currency: nil)
    }
    var ranked = weights.keys.sorted { a, b in
      let (left, right) = (weights[a] ?? 0, weights[b] ?? 0)
      if left != right { return left > right }
      guard let x = names[a], let y = names[b] else { return false }
      return Self.precedes(x, y)
    }
    if let shareMin = request.shareMin {
      ranked = ranked.filter { measure.isAtLeast(weights[$0] ?? 0, hundredths: shareMin) }
    }
    if let top = request.top { ranked = Array(ranked.prefix(top)) }
    return Set(ranked)
  }

  // MARK: Rows

  private func rows(
    _ groups: [GroupKey: GroupValues], _ kept: Set<Choice>?, _ measure: Share, _ isMixed: Bool
  ) -> [ReportRow] {
    var shown: [(key: GroupKey, value: GroupValues)] = []
    var others: [GroupKey: GroupValues] = [:]
    for (key, values) in groups {
      if let kept, !kept.contains(choice(key)) {
        // Others of a time series stand in their bucket; Others of buckets stand alone.
        let bucket = request.dimensions.isEmpty ? -1 : key.bucket
        others[GroupKey(bucket: bucket, texts: [], currency: key.currency), default: GroupValues()].add(
          values)
      } else {
        shown.append((key, values))
      }
    }
    shown.sort { a, b in
      if a.key.bucket != b.key.bucket { return a.key.bucket < b.key.bucket }
      let (left, right) = (measure.weight(a.value), measure.weight(b.value))
      return left != right ? left > right : Self.precedes(a.key, b.key)
    }
    let rest = others.sorted { Self.precedes($0.key, $1.key) }
    var rows: [ReportRow] = []
    // Others of a bucket follow its rows; those of buckets (-1) come last.
    var next = rest.startIndex
    while next < rest.endIndex, rest[next].key.bucket < 0 { next += 1 }
    let ofBuckets = rest[..<next]
    func endBuckets(before bucket: Int) {
      while next < rest.endIndex, rest[next].key.bucket < bucket {
        rows.append(othersRow(rest[next], measure, isMixed))
        next += 1
      }
    }
    for (key, value) in shown {
      endBuckets(before: key.bucket)
      rows.append(row(key.bucket, key.texts, value, measure, isMixed: isMixed, currency: key.currency))
    }
    endBuckets(before: buckets.count)
    return rows + ofBuckets.map { othersRow($0, measure, isMixed) }
  }

  private func othersRow(
    _ other: (key: GroupKey, value: GroupValues), _ measure: Share, _ isMixed: Bool
  ) -> ReportRow {
    var row = row(
      other.key.bucket < 0 ? nil : other.key.bucket, nil, other.value, measure, isMixed: isMixed,
      currency: other.key.currency)
    row.isOthers = true
    return row
  }

  /// By bucket, then texts with absent ones first, then currency.
  private static func precedes(_ a: GroupKey, _ b: GroupKey) -> Bool {
    if a.bucket != b.bucket { return a.bucket < b.bucket }
    for (left, right) in zip(a.texts + [a.currency], b.texts + [b.currency]) where left != right {
      guard let left else { return true }
      guard let right else { return false }
      return left.lexicographicallyPrecedes(right)
    }
    return false
  }

  private func totals(_ groups: [GroupKey: GroupValues], _ measure: Share) -> [ReportRow] {
    let byCurrency = Dictionary(grouping: groups) { $0.key.currency }
    let names = byCurrency.keys.sorted { ($0 ?? []).lexicographicallyPrecedes($1 ?? []) }
    return names.map { name in
      row(
        nil, nil, Self.total((byCurrency[name] ?? []).map(\.value)), measure, isMixed: true, currency: name)
    }
  }

  private func row(
    _ bucket: Int?, _ texts: [[UInt8]?]?, _ values: GroupValues, _ measure: Share, isMixed: Bool,
    currency: [UInt8]?
  ) -> ReportRow {
    var cells: [ReportCell] = []
    if request.unit != nil {
      cells.append(bucket.map { .text(buckets[$0].label(in: request.zone)) } ?? .missing)
    }
    for index in request.dimensions.indices {
      cells.append(texts?[index].map { .text(Self.text($0)) } ?? .missing)
    }
    if isMixed { cells.append(currency.map { .text(Self.text($0)) } ?? .missing) }
    let isWithoutAmount = isMixed && currency == nil
    let values = measured(values, bucket)
    cells += measures.map { $0.cell(values, isWithoutAmount) }
    if request.showsShare { cells.append(measure.percent(values)) }
    return ReportRow(cells: cells, isApproximate: values.isApproximate)
  }

  /// Sums with all that measures ask for besides.
  private func measured(_ values: GroupValues, _ bucket: Int?) -> GroupValues {
    var values = values
    values.spread?.sort()
    values.days = dayCount(bucket)
    return values
  }

  /// How many days of the range a row is of, up to the last one that has begun; 0 for parts of a day.
  private func dayCount(_ bucket: Int?) -> Int128 {
    let last = [request.days.upperBound, request.asOf, request.today].compactMap(\.self).min()
    var (first, end) = (request.days.lowerBound, request.days.upperBound)
    if let bucket, let unit = request.unit {
      if unit == .minute || unit == .hour { return 0 }
      first = max(first, buckets[bucket].firstDay)
      if bucket + 1 < buckets.count { end = buckets[bucket + 1].firstDay - 1 }
    }
    return Int128(max(0, min(end, last ?? end) - first + 1))
  }

  // MARK: Columns and remarks

  private func columns(isMixed: Bool) -> [ReportColumn] {
    var columns: [ReportColumn] = []
    if let unit = request.unit { columns.append(ReportColumn(unit.name, .bucket)) }
    columns += request.dimensions.map { ReportColumn($0, .dimension) }
    if isMixed { columns.append(ReportColumn("currency", .dimension)) }
    columns += measures.map(\.column)
    if request.showsShare { columns.append(ReportColumn("share", .percent)) }
    return columns
  }

  private func notes(_ rows: [ReportRow], _ groups: [GroupKey: GroupValues]) -> [String] {
    var notes: [String] = []
    if rows.contains(where: \.isApproximate) {
      notes.append(
        "Rows marked approximate hold a provider's bucket (an hour or a day in one) that \(request.zone.name) cuts."
      )
    }
    if request.isByCounter, groups.contains(where: { $0.key.texts.first == Counter.rest }) {
      notes.append(
        "Not split is what long prompts, hours with other prices and price changes within a day cost beside the base "
          + "price.")
    }
    let spreads = request.spreads
    if !spreads.isEmpty {
      let told = [(Spread.Kind.durations, "tell their time"), (.costs, "have a cost")]
      let words = told.filter { spreads.contains($0.0) }.map(\.1).joined(separator: ", or ")
      notes.append(
        "p50 and p95 are of single requests that \(words); they were read from the segments, because rollups hold sums only."
      )
    }
    if request.showsCost, request.comparison?.isAlone == true {
      notes.append(
        "Token counts are taken as they are; another model may count, cache and answer differently.")
    }
    return notes
  }
}

/// What shares are shares of: cost where it is complete and of one currency, else tokens.
struct Share {
  let isOfCost: Bool
  private let whole: Int128

  init(isOfCost: Bool, total: GroupValues) {
    self.isOfCost = isOfCost
    whole = isOfCost ? total.cost : Self.tokens(total)
  }

  /// All tokens: the disjoint counters.
  static func tokens(_ values: GroupValues) -> Int128 {
    RollupCount.allTokens.reduce(0) { $0 + values[$1] }
  }

  func weight(_ values: GroupValues) -> Int128 {
    isOfCost ? values.cost : Self.tokens(values)
  }

  /// Whether a weight is at least this share of the whole.
  func isAtLeast(_ weight: Int128, hundredths: Int) -> Bool { weight * 10_000 >= whole * Int128(hundredths) }

  /// The share in hundredths of a percent, rounded half to even; missing when the whole is nothing.
  func percent(_ values: GroupValues) -> ReportCell {
    halfEven(weight(values), times: 10_000, whole).map { .integer($0) } ?? .missing
  }
}
