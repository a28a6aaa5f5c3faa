import Query

/// Reports small enough to know every number of.
enum Fixture {
  static let pico: Int128 = 1_000_000_000_000

  /// Names that would break a table or a shell, and none.
  static let unpriced = [
    UnpricedModel(provider: "acme", model: "new|model", requests: 1200, remedy: .setPrice),
    UnpricedModel(provider: nil, model: "日本\u{1B}[2J", requests: 7, remedy: .nameProvider),
    UnpricedModel(provider: "a b", model: "it's", requests: 2, remedy: .addPrice),
    UnpricedModel(provider: "acme", model: nil, requests: 1, remedy: .nameModel),
  ]

  /// Two models, what was left out, one currency, nothing missing.
  static let models = Report(
    name: "models", from: "2026-10-01", to: "2026-10-31", timezone: "Europe/Berlin", currency: "USD",
    catalog: "2026-10-15", costMode: .auto, isCostComplete: true, shareOf: "cost",
    columns: [
      ReportColumn("model", .dimension), ReportColumn("requests", .count),
      ReportColumn("input_tokens", .count), ReportColumn("images", .count),
      ReportColumn("errors", .count, isBrief: false), ReportColumn("cost", .amount),
      ReportColumn("share", .percent),
    ],
    rows: [
      ReportRow(cells: [
        .text("claude-opus"), .integer(1200), .integer(3_456_789), .integer(0), .integer(3),
        .amount(12 * pico + 300_000_000_000), .integer(9879),
      ]),
      ReportRow(cells: [
        .missing, .integer(7), .integer(950), .integer(0), .integer(0), .amount(125_000_000), .integer(1),
      ]),
      ReportRow(
        cells: [
          .missing, .integer(30), .integer(12_000), .integer(0), .integer(0), .amount(pico * 15 / 100),
          .integer(120),
        ], isOthers: true),
    ],
    total: ReportRow(cells: [
      .missing, .integer(1237), .integer(3_469_739), .integer(0), .integer(3), .amount(12_450_125_000_000),
      .integer(10_000),
    ]))

  /// Two currencies, an unknown cost, an approximate row, names that would break a table, notes.
  static let days = Report(
    name: "daily", from: "2026-10-01", to: "2026-10-01", timezone: "UTC", costMode: .display,
    isCostComplete: false, unpriced: unpriced, shareOf: "tokens",
    columns: [
      ReportColumn("day", .bucket), ReportColumn("user", .dimension), ReportColumn("currency", .dimension),
      ReportColumn("output_tokens", .count), ReportColumn("cost", .amount),
    ],
    rows: [
      ReportRow(cells: [
        .text("2026-10-01"), .text("山田 👩‍👩‍👧"), .text("EUR"), .integer(5), .amount(-2_005_000_000_000),
      ]),
      ReportRow(
        cells: [
          .text("2026-10-01"), .text("=1+1|\u{1B}[31m\n\"x\""), .missing, .integer(1_000_000), .missing,
        ],
        isApproximate: true),
      ReportRow(cells: [
        .text("2026-10-01"), .text("Zoe\u{0308}"), .text("USD"), .integer(.max), .amount(.min),
      ]),
    ],
    total: ReportRow(cells: [.missing, .missing, .missing, .integer(.min), .missing]),
    totals: [
      ReportRow(cells: [.missing, .missing, .text("EUR"), .integer(5), .amount(-2_005_000_000_000)]),
      ReportRow(cells: [.missing, .missing, .text("USD"), .integer(.max), .amount(.min)]),
    ],
    notes: ["2026-10-01 has a gap."])

  /// Nothing was used.
  static let empty = Report(
    name: "month", from: "2026-02-01", to: "2026-02-28", timezone: "UTC", isCostComplete: true,
    shareOf: "cost",
    columns: [ReportColumn("day", .bucket), ReportColumn("requests", .count), ReportColumn("cost", .amount)],
    rows: [], total: ReportRow(cells: [.missing, .integer(0), .amount(0)]))

  /// The days without what they cost.
  static let hidden = Report(
    name: "daily", from: "2026-10-01", to: "2026-10-01", timezone: "UTC", currency: "USD",
    catalog: "2026-10-15",
    isCostComplete: false, unpriced: [UnpricedModel(provider: nil, model: "gpt-5", requests: 3)],
    shareOf: "tokens",
    columns: [
      ReportColumn("day", .bucket), ReportColumn("requests", .count), ReportColumn("share", .percent),
    ],
    rows: [ReportRow(cells: [.text("2026-10-01"), .integer(3), .integer(10_000)])],
    total: ReportRow(cells: [.missing, .integer(3), .integer(10_000)]), showsCost: false)

  /// Amounts that were converted.
  static let converted = Report(
    name: "monthly", from: "2026-10-01", to: "2026-10-31", timezone: "UTC", currency: "EUR",
    isCostComplete: true, shareOf: "cost",
    columns: [ReportColumn("month", .bucket), ReportColumn("cost", .amount)],
    rows: [ReportRow(cells: [.text("2026-10"), .amount(pico * 3 / 2)])],
    total: ReportRow(cells: [.missing, .amount(pico * 3 / 2)]), ratesTo: "2026-10-30")

  /// No column names the rows.
  static let measures = Report(
    name: "cost_check", from: "2026-02-01", to: "2026-02-02", timezone: "UTC", currency: "EUR",
    isCostComplete: false, shareOf: "cost",
    columns: [ReportColumn("cost", .amount), ReportColumn("credits", .amount)],
    rows: [ReportRow(cells: [.missing, .amount(1_500_000_000_000)])],
    total: ReportRow(cells: [.missing, .amount(1_500_000_000_000)]))
}
