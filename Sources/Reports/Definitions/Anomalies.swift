//! Days on which somebody used far more than usual, by their own pattern: the median of such days (working days or
//! weekends) in the four weeks before. A median, so that one spike does not make the next one usual.

import Bytes
package import Calendar
package import Query

extension ReportParameter {
  /// Of `anomalies`.
  package static let factor = ReportParameter("factor", "n", "How many times the usual is a spike.")
}

/// A row a day and group that spikes.
package struct AnomaliesReport: SumsReport {
  package static let name = "anomalies"
  package static let abstract = "Days on which a service and account used far more than usual, and why."
  package static let discussion = """
    Usual is the median of working days, or of weekends, in the 28 days before; at least four such days must be known.
    Where nothing has a cost, tokens are judged.
    """
  package static let by = ReportParameter.by.saying(
    "What has a pattern of its own (default: service,account).")
  package static let parameters = ReportParameter.shared + ReportParameter.paging + [by, .factor]

  /// How many days before a day tell what is usual.
  fileprivate static let patternDays = 28
  /// How many days of the same sort must be known.
  private static let knownDaysMin = 4

  private let words: ReportParameters
  /// From how much times the usual on a day is a spike, in hundredths: 200 is twice the usual.
  private let factorHundredths: Int128

  package init(_ words: ReportParameters) throws(ParameterError) {
    let factor = words[.factor] ?? "2"
    guard let pico = PicoText.parse(factor), pico > 1_000_000_000_000 else {
      throw ParameterError(.factor, "\(.factor) \(factor)", mend: "use a number above 1, such as 2.5")
    }
    factorHundredths = pico / 10_000_000_000
    self.words = try words.checked()
  }

  /// The value is the days that are judged; days before them say what is usual.
  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<ClosedRange<CivilDate>> {
    let named = try words.dimensions(context, usual: ["service", "account"])
    let dimensions = named.filter { $0 != "model" } + ["model"]
    var request = try words.request(Self.name, context, dimensions: dimensions, defaultRange: "30d")
    let days = request.days
    request.unit = .day
    request.days = try context.narrowed(days.lowerBound - Self.patternDays...days.upperBound)
    return ReportPlan(requests: try words.priced([request], context), value: days)
  }

  package func report(
    _ usages: [Usage], _ days: ClosedRange<CivilDate>
  ) throws(ReportFailure) -> Report {
    try words.page(rows(usages[0], days))
  }

  private static let names = ["requests", "tokens", "cost"]

  /// - Parameter usage: by day, of the days and those before them; its last dimension is the model.
  private func rows(_ usage: Usage, _ days: ClosedRange<CivilDate>) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let groups = Grouping(usage) { Array($0.texts.dropLast()) }
    var rows: [(day: CivilDate, excess: Int128, name: [ByteText?], row: ReportRow)] = []
    for (name, found) in groups.rows {
      let pattern = Pattern(found, usage, isOfCost: usage.request.showsCost)
      for day in pattern.days where days.contains(day) {
        guard let spike = pattern.spike(on: day, factorHundredths, knownMin: Self.knownDaysMin) else {
          continue
        }
        let today = pattern.rows(on: day)
        let cells =
          [ReportCell.text("\(day)")] + name.key.map { .text($0) } + usage.currencyCells(name.currency)
          + usage.cells(measures, today.sum, currency: name.currency)
          + [
            pattern.isOfCost ? .missing : .integer(spike.usual)
          ] + (usage.request.showsCost ? [pattern.isOfCost ? .amount(spike.usual) : .missing] : [])
          + [spike.ratio.map { .amount($0) } ?? .missing, .text(pattern.reason(on: day, spike))]
        let texts = name.key + [name.currency.map { ByteText($0) }]
        rows.append((day, spike.value - spike.usual, texts, ReportRow(cells: cells)))
      }
    }
    rows.sort { a, b in
      if a.day != b.day { return a.day < b.day }
      return a.excess != b.excess ? a.excess > b.excess : a.name.precedes(b.name)
    }
    let columns =
      [ReportColumn("day", .bucket)]
      + usage.request.dimensions.dropLast().map { ReportColumn($0, .dimension) }
      + usage.currencyColumns + measures.map(\.column) + [ReportColumn("tokens_usual", .count)]
      + (usage.request.showsCost ? [ReportColumn("cost_usual", .amount)] : [])
      + [ReportColumn("ratio", .amount), ReportColumn("reason", .dimension)]
    let judged = usage.rows.filter { days.contains(usage.buckets[$0.bucket].firstDay) }
    let labels = usage.request.dimensions.count
    let totals = usage.totals(judged) { rows, currency in
      ReportRow(
        cells: [ReportCell](repeating: .missing, count: labels) + usage.currencyCells(currency)
          + usage.cells(measures, rows.sum, currency: currency)
          + [ReportCell](repeating: .missing, count: usage.request.showsCost ? 4 : 3))
    }
    var report = usage.report(columns: columns, rows: rows.map(\.row), total: totals.all, totals: totals.each)
    (report.from, report.to) = ("\(days.lowerBound)", "\(days.upperBound)")
    report.notes.append(
      "Usual is the median of working days, or of weekends, in the \(Self.patternDays) days before. The total is of all days."
    )
    return report
  }
}

/// What one group used on each day.
private struct Pattern {
  struct Spike {
    let value: Int128
    let usual: Int128
    /// How many times the usual, in pico-units; nil when that is nothing, or when it is too much to be said.
    let ratio: Int128?
  }

  /// Whether cost is judged; tokens are where nothing has a cost.
  let isOfCost: Bool
  private let byDay: [CivilDate: [Usage.Row]]
  private let values: [CivilDate: Int128]
  private let firstDay: CivilDate

  init(_ rows: [Usage.Row], _ usage: Usage, isOfCost: Bool) {
    byDay = Dictionary(grouping: rows) { usage.buckets[$0.bucket].firstDay }
    let isOfCost = isOfCost && rows.sum.cost > 0
    self.isOfCost = isOfCost
    values = byDay.mapValues { isOfCost ? $0.sum.cost : $0.sum.tokens }
    // Before the first use there is no pattern.
    firstDay = byDay.keys.min() ?? CivilDate(days: 0)
  }

  /// The days with use, in order.
  var days: [CivilDate] { byDay.keys.sorted() }

  func rows(on day: CivilDate) -> [Usage.Row] { byDay[day] ?? [] }

  /// The days before a day that are of its sort.
  private func such(before day: CivilDate) -> [CivilDate] {
    (1...AnomaliesReport.patternDays).map { day - $0 }
      .filter { $0 >= firstDay && $0.isWeekend == day.isWeekend }
  }

  func spike(on day: CivilDate, _ factorHundredths: Int128, knownMin: Int) -> Spike? {
    guard let value = values[day], value > 0 else { return nil }
    let days = such(before: day)
    if days.count < knownMin { return nil }
    let usual = Self.median(days.map { values[$0] ?? 0 })
    let (enough, isOutOfReach) = usual.multipliedReportingOverflow(by: factorHundredths)
    guard !isOutOfReach, value.clampedTimes(100) >= enough else { return nil }
    let (product, isTooLarge) = value.multipliedReportingOverflow(by: 1_000_000_000_000)
    return Spike(value: value, usual: usual, ratio: usual > 0 && !isTooLarge ? product / usual : nil)
  }

  /// The middle value, or half of the sum of the two in the middle, downwards.
  private static func median(_ values: [Int128]) -> Int128 {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// What there was more of: of which model, and whether it was requests or the size of each.
  func reason(on day: CivilDate, _ spike: Spike) -> String {
    let days = such(before: day)
    let count = Int128(days.count)
    let before = days.flatMap { rows(on: $0) }
    func value(_ sums: UsageSums) -> Int128 { isOfCost ? sums.cost : sums.tokens }
    func excess(_ part: (UsageSums) -> Int128, _ model: ByteText?) -> Int128 {
      let now = rows(on: day).filter { $0.texts.last == model }.sum
      return part(now) * count - part(before.filter { $0.texts.last == model }.sum)
    }
    let models = Set(rows(on: day).map { $0.texts.last ?? nil })
    let driver = models.max { a, b in
      let (left, right) = (excess(value, a), excess(value, b))
      return left != right ? left < right : [b].precedes([a])
    }
    let isNew = !before.contains { $0.texts.last == driver }
    let now = rows(on: day).sum
    let requests = now.requests * count
    // Twice as many requests explain twice the cost; less than half of that leaves it to their size.
    let isMore =
      requests.clampedTimes(2 * max(spike.usual, 1)) >= before.sum.requests.clampedTimes(max(spike.value, 1))
    let what =
      spike.usual == 0 ? "nothing on most such days before" : isMore ? "more requests" : "larger requests"
    guard let driver = driver ?? nil else { return what }
    return "\(what), most of it \(isNew ? "the new " : "")\(driver)"
  }
}

extension CivilDate {
  /// Saturday or Sunday.
  fileprivate var isWeekend: Bool {
    // 1970-01-01 was a Thursday.
    let day = ((days % 7) + 7) % 7
    return day == 2 || day == 3
  }
}
