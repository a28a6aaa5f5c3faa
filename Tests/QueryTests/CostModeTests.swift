import Calendar
import Compaction
import Exchange
import Money
import Parquet
import Pricing
import Rollup
import SegmentLog
import StoreFixtures
import Testing
import TestSupport

@testable import Query

/// A row of a rollup, as far as cost is concerned.
struct CostRow {
  var provider: String? = "acme"
  var model: String?
  var reportedIn: String?
  var computedIn: String?
  var requests: Int64 = 1
  var unpriced: Int64 = 0
  var unreported: Int64 = 0
  var uncomputed: Int64 = 0
  var approximate: Int64 = 0
  /// Units of the currencies.
  var reported: Int128 = 0
  var computed: Int128 = 0
  var computedUnreported: Int128 = 0

  static let pico: Int128 = 1_000_000_000_000

  private static func texts(_ texts: [String?]) -> ParquetValues {
    var dictionary = ParquetDictionary()
    var numbers: [String: Int32] = [:]
    for text in texts.compactMap(\.self) where numbers[text] == nil {
      numbers[text] = Int32(dictionary.count)
      dictionary.append(Array(text.utf8).span.bytes)
    }
    return .strings(dictionary, indices: texts.map { $0.flatMap { numbers[$0] } ?? -1 })
  }

  /// A day's rollup of these rows.
  static func table(_ rows: [CostRow], kind: String = "usage") -> MemoryTable {
    func amounts(_ amount: (CostRow) -> Int128) -> ParquetValues {
      .decimals(rows.map { amount($0) * pico }, nulls: [])
    }
    func counts(_ count: (CostRow) -> Int64) -> ParquetValues { .integers(rows.map(count)) }
    let values: [String: ParquetValues] = [
      "provider": texts(rows.map(\.provider)), "model": texts(rows.map(\.model)),
      "currency_reported": texts(rows.map(\.reportedIn)), "currency_computed": texts(rows.map(\.computedIn)),
      "kind": .constant(.string(Array(kind.utf8)), count: rows.count), "requests": counts(\.requests),
      "unpriced_requests": counts(\.unpriced), "unreported_requests": counts(\.unreported),
      "uncomputed_requests": counts(\.uncomputed), "approximate_requests": counts(\.approximate),
      "cost_reported": amounts(\.reported), "cost_computed": amounts(\.computed),
      "cost_computed_unreported": amounts(\.computedUnreported),
    ]
    let columns = RollupSchema.columns(.day, tags: [])
    return MemoryTable(
      table: RollupTable(
        columns: columns,
        values: columns.map { column in
          if let known = values[column.name] { return known }
          switch column.type {
          case .int64: return .constant(.integer(0), count: rows.count)
          case .decimal38Scale12: return .constant(.decimal(0), count: rows.count)
          case .date: return .constant(.integer(Int64(someDay)), count: rows.count)
          default: return .constant(.null, count: rows.count)
          }
        }))
  }

  static func report(_ rows: [CostRow], _ request: ReportRequest) throws -> Report {
    var aggregator = DayAggregator(
      AggregateSpec(
        groupColumns: request.dimensions, filterColumns: [], filter: nil, kind: request.kind,
        costMode: request.costMode))
    try aggregator.add(table(rows, kind: request.kind), [ReportRun.Piece(bucket: 0, window: nil)])
    let view = ReportView(request, of: request)
    return view.report(try view.seen(aggregator.result, day: CivilDate(days: someDay)))
  }
}

/// `--cost`: what is summed, in which currency, and what then has no cost.
@Suite struct CostModeTests {
  private static let rows = [
    CostRow(
      model: "a", reportedIn: "USD", computedIn: "USD", requests: 3, approximate: 3, reported: 10, computed: 8
    ),
    CostRow(
      model: "a", computedIn: "USD", requests: 2, unreported: 2, approximate: 1, computed: 4,
      computedUnreported: 4),
    CostRow(model: "b", requests: 5, unpriced: 5, unreported: 5, uncomputed: 5),
    CostRow(provider: "beta", model: "c", reportedIn: "EUR", requests: 6, uncomputed: 6, reported: 7),
    CostRow(provider: nil, model: nil, computedIn: "EUR", unreported: 1, computed: 2, computedUnreported: 2),
    // A failure that used nothing is free.
    CostRow(model: "a", requests: 9),
  ]

  private func report(_ mode: CostMode, _ dimensions: [String], _ rows: [CostRow] = rows) throws -> Report {
    var request = try request(nil, dimensions)
    request.costMode = mode
    return try CostRow.report(rows, request)
  }

  /// Rows as `model currency cost unpriced approximate`, - where there is nothing.
  private func lines(_ report: Report) -> [String] {
    report.rows.map { row in
      ["model", "currency", "cost", "unpriced_requests", "approximate_requests"].map { name in
        switch row.cells[report.column(name)] {
        case .text(let text): text
        case .amount(let pico): "\(pico / CostRow.pico)"
        case .integer(let count): "\(count)"
        case .missing: "-"
        }
      }.joined(separator: " ")
    }.sorted()
  }

  @Test(arguments: [
    (CostMode.auto, ["- EUR 2 0 0", "a - 0 0 0", "a USD 14 0 1", "b - - 5 0", "c EUR 7 0 0"]),
    (.calculate, ["- EUR 2 0 0", "a - 0 0 0", "a USD 12 0 4", "b - - 5 0", "c - - 6 0"]),
    (.display, ["- - - 1 0", "a - - 2 0", "a USD 10 0 0", "b - - 5 0", "c EUR 7 0 0"]),
  ])
  func theModeSaysWhatIsSummed(_ mode: CostMode, _ expected: [String]) throws {
    let report = try report(mode, ["model"])
    #expect(lines(report) == expected)
    #expect(report.costMode == mode && !report.isCostComplete)
  }

  @Test(arguments: [
    (CostMode.auto, ["EUR 9", "USD 14"]), (.calculate, ["EUR 2", "USD 12"]), (.display, ["EUR 7", "USD 10"]),
  ])
  func totalsAreOfTheSameAmounts(_ mode: CostMode, _ expected: [String]) throws {
    let report = try report(mode, [])
    let totals = report.totals.compactMap { row -> String? in
      guard let currency = row.cells[report.column("currency")].text else { return nil }
      return "\(currency) \(row.cells[report.column("cost")].value / CostRow.pico)"
    }
    #expect(totals == expected)
  }

  /// What has no cost is told by every report, whatever it groups by.
  @Test(
    arguments: [
      (CostMode.auto, ["acme b 5"]), (.calculate, ["beta c 6", "acme b 5"]),
      (.display, ["acme b 5", "acme a 2", "- - 1"]),
    ], [[], ["model"], ["provider"]])
  func whatHasNoCostIsListed(_ mode: (CostMode, [String]), _ dimensions: [String]) throws {
    let unpriced = try report(mode.0, dimensions).unpriced
    #expect(unpriced.map { "\($0.provider ?? "-") \($0.model ?? "-") \($0.requests)" } == mode.1)
  }

  @Test func amountsOfTheModeAreConverted() throws {
    let rates = try RateFile(
      Array("Date,USD\n\(EventDraft.dayText(someDay)),2\n".utf8), path: "rates"
    ).rates
    for (mode, cost) in [(CostMode.auto, 16), (.calculate, 8), (.display, 12)] {
      var request = try request(nil)
      request.costMode = mode
      request.conversion = Conversion(to: try #require(Currency("EUR")), rates)
      let report = try CostRow.report(Self.rows, request)
      #expect(report.total("cost") == Int128(cost) * CostRow.pico, "\(mode)")
      #expect(report.currency == "EUR" && report.totals.isEmpty)
    }
  }

  @Test func whereEveryRequestHasACostItIsComplete() throws {
    let rows = Array(Self.rows[0...1])
    for (mode, isComplete) in [(CostMode.auto, true), (.calculate, true), (.display, false)] {
      let report = try report(mode, ["model"], rows)
      #expect(report.isCostComplete == isComplete && report.currency == "USD")
      #expect(report.shareOf == (isComplete ? "cost" : "tokens"))
    }
  }

  /// Counted another way: each winner without a cost, by who should have priced it.
  @Test func unpricedRequestsAreThoseOfTheEvents() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let lines = generated(seed)
    let store = try TemporaryStore()
    try store.append(lines)
    var expected: [UnpricedKey: Int128] = [:]
    for event in try winners(lines) where event.kind == "usage" && event.text("cost") == nil && !event.isFree
    {
      let key = UnpricedKey(
        provider: event.text("provider").map { Array($0.utf8) },
        model: event.text("model").map { Array($0.utf8) })
      expected[key, default: 0] += Int128(max(event.requests, 1))
    }
    let zone = TimeZoneRules(name: "+05:45", offsetSeconds: 20_700)
    for zone in [.utc, zone] {
      for (unit, dimensions) in [(nil, []), (.day, ["model"]), (nil, ["session"])]
        as [(BucketUnit?, [String])]
      {
        var request = try request(unit, dimensions, (someDay - 1)...(someDay + 3), zone: zone)
        request.costMode = .auto
        let report = try store.report(request)
        let found = report.unpriced.map { model in
          (
            UnpricedKey(
              provider: model.provider.map { Array($0.utf8) }, model: model.model.map { Array($0.utf8) }),
            model.requests
          )
        }
        #expect(Dictionary(uniqueKeysWithValues: found) == expected, "seed \(seed)")
        #expect(report.unpriced.map(\.requests) == report.unpriced.map(\.requests).sorted(by: >))
        #expect(report.total("unpriced_requests") == expected.values.reduce(0, +), "seed \(seed)")
      }
    }
  }

  @Test func reportsNameTheCatalogOfComputedCosts() throws {
    let store = try TemporaryStore()
    try store.append([EventDraft(id: "stdin:1", time: Int64(someDay) * 86_400_000).line])
    let pricer = try StoreCatalog(folder: store.layout.catalog).pricer()
    let version = try pricer.version()
    #expect(version.hasPrefix("built-in 20"))
    for (mode, showsCost, catalog) in [
      (CostMode.auto, true, version), (.calculate, true, version), (.display, true, nil),
      (.auto, false, nil),
    ] {
      var request = try request(.day)
      (request.costMode, request.showsCost) = (mode, showsCost)
      let (report, _) = try ReportRun(store.layout, tags: [], prices: pricer).run(request)
      #expect(report.catalog == catalog, "\(mode) \(showsCost)")
    }
  }
}
