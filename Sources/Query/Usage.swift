//! Sums by group, as reports see them that make more of them than rows: who was there when, two periods side by side.

package import Bytes
package import Calendar
package import Rollup

/// What one group used.
package struct UsageSums: Equatable, Sendable {
  private(set) var values = GroupValues()

  package init() {}

  init(_ values: GroupValues) { self.values = values }

  package static func += (sums: inout UsageSums, more: UsageSums) { sums.values.add(more.values) }

  package subscript(count: RollupCount) -> Int128 { values[count] }
  package var requests: Int128 { values[.requests] }
  /// All tokens.
  package var tokens: Int128 { Share.tokens(values) }
  /// Pico-units, as far as it is known.
  package internal(set) var cost: Int128 {
    get { values.cost }
    set { values.cost = newValue }
  }
  package var errors: Int128 { values[.errors] }
  /// Requests without a cost.
  package var unpriced: Int128 { values[.unpricedRequests] }
  /// The first and last event; nil unless the request asked for times and there was one.
  package var times: ClosedRange<Int64>? {
    values.firstMs <= values.lastMs ? values.firstMs...values.lastMs : nil
  }

  /// What a measure of a report says of these sums.
  ///
  /// - Parameter isWithoutAmount: the sums stand for several currencies, or for none among rows of several.
  package func cell(_ measure: UsageMeasure, isWithoutAmount: Bool = false) -> ReportCell {
    measure.measure.cell(values, isWithoutAmount)
  }

  fileprivate var withoutDetails: UsageSums {
    var sums = self
    sums.values.details = Details()
    return sums
  }

  fileprivate var details: Details { values.details }

  /// The share of a whole, of cost or of tokens.
  package func share(of whole: UsageSums, isOfCost: Bool) -> ReportCell {
    Share(isOfCost: isOfCost, total: whole.values).percent(values)
  }
}

/// A measure by name, to be asked of many sums.
package struct UsageMeasure: Sendable {
  fileprivate let measure: ReportMeasure

  package var column: ReportColumn { measure.column }

  /// The measures of these names, without those that tell about money when costs are hidden.
  package static func named(_ names: [String], showsCost: Bool) -> [UsageMeasure] {
    let known = ReportMeasure.catalogue(showsCost: showsCost)
    return names.compactMap { name in
      known.first { $0.column.name == name }.map { UsageMeasure(measure: $0) }
    }
  }
}

/// The groups that a request found, and what is to be said about all of them.
package struct Usage: Sendable {
  /// One group: its place among the request's buckets and its dimensions' values.
  package struct Row: Sendable {
    package let bucket: Int
    package let texts: [ByteText?]
    /// Of its amounts; nil when it has none.
    package let currency: String?
    package let sums: UsageSums

    package init(bucket: Int, texts: [ByteText?], currency: String?, sums: UsageSums) {
      self.bucket = bucket
      self.texts = texts
      self.currency = currency
      self.sums = sums
    }
  }

  package let request: ReportRequest
  package let buckets: [Bucket]
  package let rows: [Row]
  package let total: UsageSums
  private var currencies: [String]
  private let unpriced: [UnpricedModel]
  private let ratesTo: String?
  private let catalog: String?
  private let known: KnownData?
  /// The texts of details, by number.
  private let texts: [String]

  init(
    _ request: ReportRequest, _ sums: ReportView.DaySums, catalog: String?, known: KnownData?, texts: [String]
  ) {
    self.request = request
    self.known = known
    self.texts = texts
    buckets = request.buckets
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    currencies = request.currencies(of: sums.groups).map(text)
    unpriced = request.unpriced(of: sums.groups)
    ratesTo = sums.rateDay.map { "\($0)" }
    self.catalog = catalog
    var total = UsageSums()
    rows = sums.groups.groups.map { key, values in
      let row = Row(
        bucket: key.bucket, texts: key.texts.map { $0.map { ByteText($0) } },
        currency: key.currency.map(text), sums: UsageSums(values))
      total += row.sums.withoutDetails
      return row
    }
    self.total = total
  }

  /// How many values of one of the request's details are in some sums.
  package func distinctCount(_ detail: String, in sums: UsageSums) -> Int {
    guard let place = request.details.firstIndex(of: detail) else { return 0 }
    return sums.details.distinctCount(place, below: texts.count)
  }

  /// The values of one of the request's details, most used first.
  package func ranked(_ detail: String, in sums: UsageSums) -> [String] {
    guard let place = request.details.firstIndex(of: detail) else { return [] }
    return Self.mostUsedFirst(
      sums.details.sums(place).map { (texts[Int($0.number)], $0.tokens, $0.requests) })
  }

  /// Texts in the order of what was used of them; of as much, in the order of their bytes.
  package static func mostUsedFirst(_ uses: [(text: String, tokens: Int128, requests: Int128)]) -> [String] {
    uses.sorted { a, b in
      let (left, right) = ((a.tokens, a.requests), (b.tokens, b.requests))
      return left != right ? left > right : a.text.precedesInBytes(b.text)
    }.map(\.text)
  }

  /// The currency of all amounts; nil when there is none or more than one.
  package var currency: String? { isMixed ? nil : currencies.first }

  /// Whether there is more than one currency; groups then stand for one each.
  package var isMixed: Bool { currencies.count > 1 }

  /// These, as parts of one report: what is mixed in one is mixed in all.
  package static func aligned(_ usages: [Usage]) -> [Usage] {
    let all = Set(usages.flatMap(\.currencies)).sorted()
    return usages.map { usage in
      var usage = usage
      usage.currencies = all
      return usage
    }
  }

  /// Whether shares are of cost: where it is complete and of one currency; else they are of tokens.
  package var isShareOfCost: Bool {
    request.showsCost && total.unpriced == 0 && !isMixed && total.cost > 0
  }

  /// A report of these sums with other rows than theirs.
  package func report(
    columns: [ReportColumn], rows: [ReportRow], total: ReportRow, totals: [ReportRow] = []
  ) -> Report {
    var report = Report(
      name: request.name, from: "\(request.days.lowerBound)", to: "\(request.days.upperBound)",
      timezone: request.zone.name, currency: currency, catalog: catalog,
      costMode: request.costMode,
      isCostComplete: self.total.unpriced == 0, unpriced: unpriced,
      shareOf: isShareOfCost ? "cost" : "tokens", columns: columns, rows: rows, total: total, totals: totals,
      ratesTo: ratesTo, showsCost: request.showsCost)
    report.asOf = request.asOf.map { "\($0)" }
    report.known = known
    return report
  }
}
