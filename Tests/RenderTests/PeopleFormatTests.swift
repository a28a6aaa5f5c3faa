import Query
import Render
import Testing

@Suite struct PeopleFormatTests {
  /// The one cell of a table that holds one value.
  static func cell(_ cell: ReportCell, _ role: ReportColumn.Role, columns: Int? = nil) -> String {
    var report = Fixture.measures
    report.columns = [ReportColumn("share", role)]
    report.rows = [ReportRow(cells: [cell])]
    report.total = ReportRow(cells: [.integer(1)])
    let lines = report.rendered(as: .table, options: RenderOptions(columns: columns)).split(separator: "\n")
    let row = lines.drop { !$0.hasPrefix("─") }.dropFirst().first ?? ""
    return String(row.drop { $0 == " " })
  }

  @Test(
    arguments: [
      (0, "0.00"), (1, "<0.01"), (-1, ">-0.01"), (4_999_999_999, "<0.01"), (5_000_000_000, "<0.01"),
      (5_000_000_001, "0.01"), (15_000_000_000, "0.02"), (25_000_000_000, "0.02"), (-15_000_000_000, "-0.02"),
      (999_995_000_000_001, "1,000.00"), (123_456_789_000_000_000, "123,456.79"), (1_050_000_000_000, "1.05"),
    ] as [(Int128, String)])
  func moneyRoundsHalfToEvenAndNeverToNothing(pico: Int128, text: String) {
    #expect(Self.cell(.amount(pico), .amount) == text)
  }

  @Test(
    arguments: [
      (0, "0.0%"), (1, "<0.1%"), (-5, ">-0.1%"), (6, "0.1%"), (1225, "12.2%"), (1235, "12.4%"),
      (-1235, "-12.4%"), (10_000, "100.0%"),
      (Int128.min, "-1,701,411,834,604,692,317,316,873,037,158,841,057.3%"),
    ] as [(Int128, String)])
  func percentHasOneDecimal(hundredths: Int128, text: String) {
    #expect(Self.cell(.integer(hundredths), .percent) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1.0k"), (1049, "1.0k"), (1051, "1.1k"), (1050, "1.0k"), (1150, "1.2k"),
      (-1500, "-1.5k"), (999_949, "999.9k"), (999_950, "1.0M"), (1_234_567, "1.2M"), (2_500_000_000, "2.5B"),
      (3_000_000_000_000, "3.0T"), (4_000_000_000_000_000, "4,000.0T"),
    ] as [(Int128, String)])
  func narrowTerminalsGetShortCounts(count: Int128, text: String) {
    #expect(Self.cell(.integer(count), .count, columns: 1) == text)
  }

  @Test(arguments: [20, 30, 40, 60, 80]) func aTableFitsItsTerminalWhenNamesCanGiveWay(columns: Int) {
    var report = Fixture.models
    report.columns = [
      ReportColumn("model", .dimension), ReportColumn("requests", .count, isBrief: false),
      ReportColumn("input_tokens", .count, isBrief: false), ReportColumn("images", .count),
      ReportColumn("errors", .count, isBrief: false), ReportColumn("cost", .amount),
    ]
    report.rows[0].cells[0] = .text("日本語の長い名前-with-a-long-tail-and-more")
    let table = report.rendered(as: .table, options: RenderOptions(columns: columns))
    let ruleWidths = table.split(separator: "\n").filter { $0.hasPrefix("───") }.map(\.count)
    #expect(ruleWidths.count == 2)
    #expect(ruleWidths.allSatisfy { $0 <= columns })
    #expect(table.contains("…") == (columns < 60))
  }

  /// Whatever the data holds: of all that acts or hides, only line feeds reach a terminal.
  @Test(arguments: [ReportFormat.table, .markdown], [false, true])
  func nothingInTheDataReachesTheTerminalAsACode(format: ReportFormat, isASCII: Bool) {
    let evil =
      String(String.UnicodeScalarView((0..<0xA0).compactMap { Unicode.Scalar($0) }))
      + "\u{202E}\u{2066}\u{E0041}\u{200B}"
    var report = Fixture.days
    report.name = evil
    report.timezone = evil
    report.currency = evil
    report.catalog = evil
    report.shareOf = evil
    report.unpriced = [UnpricedModel(provider: evil, model: evil, requests: 1, remedy: .setPrice)]
    report.notes = [evil]
    report.columns[1] = ReportColumn(evil, .dimension)
    report.rows[0].cells[1] = .text(evil)
    report.rows[0].cells[4] = .text(evil)
    let text = report.rendered(as: format, options: RenderOptions(isASCII: isASCII))
    let bad = text.unicodeScalars.filter { scalar in
      scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
    }
    #expect(bad.isEmpty)
    if format == .table, isASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
  }

  @Test func modelsWithoutAPriceAreNamedUpToFive() {
    var report = Fixture.measures
    report.unpriced = ["a", "b", "c", "d", "e", "f", "g"].map {
      UnpricedModel(provider: "acme", model: $0, requests: 1000, remedy: .setPrice)
    }
    let lines = report.rendered(as: .table).split(separator: "\n")
    #expect(
      lines.filter { $0.contains("request") || $0.contains("more") } == [
        "Cost is incomplete: 7,000 requests have no reported cost.",
        "unpriced: 1,000 requests of acme/a: tally prices set a --provider acme input=PRICE output=PRICE",
        "unpriced: 1,000 requests of acme/b: tally prices set b --provider acme input=PRICE output=PRICE",
        "unpriced: 1,000 requests of acme/c: tally prices set c --provider acme input=PRICE output=PRICE",
        "unpriced: 1,000 requests of acme/d: tally prices set d --provider acme input=PRICE output=PRICE",
        "unpriced: 1,000 requests of acme/e: tally prices set e --provider acme input=PRICE output=PRICE",
        "unpriced: 2 more models.",
      ])
    report.costMode = .auto
    report.unpriced = [UnpricedModel(provider: nil, model: nil, requests: 1)]
    #expect(
      report.unpricedLines() == [
        "Cost is incomplete: 1 request has no cost.",
        "unpriced: 1 request of events that name neither provider nor model",
      ])
    report.showsCost = false
    #expect(report.unpricedLines().isEmpty)
  }

  /// A command that is shown can be pasted into a shell, whatever the names.
  @Test func namesAreWordsOfAShell() {
    var report = Fixture.measures
    report.unpriced = Fixture.unpriced
    #expect(
      report.unpricedLines() == [
        "Cost is incomplete: 1,210 requests have no reported cost.",
        "unpriced: 1,200 requests of acme/new|model: tally prices set 'new|model' --provider acme input=PRICE output=PRICE",
        "unpriced: 7 requests of 日本\u{FFFD}[2J, no provider named: give the events a provider, so that its price is found",
        "unpriced: 2 requests of a b/it's: not all they used has a price: tally prices show 'it'\\''s' --provider 'a b'",
        "unpriced: 1 request of acme, no model named: give the events a model, so that its price is found",
      ])
  }

  /// What is not exact is marked where it stands, and the reason is given.
  @Test(arguments: [(Int128(1), "1 request is"), (1234, "1,234 requests are")])
  func approximateCostsAreMarked(count: Int128, words: String) {
    var report = Fixture.converted
    report.costMode = .calculate
    report.catalog = "built-in 2026-11-21, 2 overrides"
    report.columns.append(ReportColumn("approximate_requests", .count, isBrief: false))
    report.rows[0].cells.append(.integer(count))
    report.rows.append(ReportRow(cells: [.text("2026-11"), .amount(0), .integer(0)]))
    report.total.cells.append(.integer(count))
    #expect(
      report.rendered(as: .table) == """
        Monthly · 2026-10-01 to 2026-10-31 · UTC · EUR · ECB rates of the day, to 2026-10-30

        Month    Cost (EUR)
        ───────────────────
        2026-10       ≈1.50
        2026-11        0.00
        ───────────────────
        Total         ≈1.50

        ≈ \(words) priced approximately: their service tier has no price of its own, or one event holds several requests that may differ in price.
        Cost mode: calculate. Price catalog: built-in 2026-11-21, 2 overrides.

        """)
    #expect(
      report.rendered(as: .table, options: RenderOptions(isASCII: true)).contains("2026-10       ~1.50\n"))
    #expect(report.rendered(as: .markdown).contains("| 2026-10 | ≈1.50 |\n| 2026-11 | 0.00 |\n"))
    #expect(report.rendered(as: .csv).contains("2026-10,1.50,\(count),,\n"))
    #expect(report.rendered(as: .json).contains("\"cost\": \"1.50\", \"approximate_requests\": \(count)}"))
  }

  /// With costs switched off there is no column of amounts, and no talk of cost either.
  @Test func withoutACostColumnNothingIsSaidAboutCost() {
    var report = Fixture.measures
    report.columns[0] = ReportColumn("requests", .count)
    #expect(!report.rendered(as: .table).lowercased().contains("cost is"))
    #expect(!report.rendered(as: .table).contains("Cost mode"))
  }

  @Test(arguments: ["table", "csv", "json", "markdown"]) func formatsAreNamed(text: String) throws {
    #expect(try ReportFormat(parsing: text).rawValue == text)
  }

  @Test func anUnknownFormatListsTheChoices() {
    let error = #expect(throws: ReportFormatError.self) { try ReportFormat(parsing: "xml") }
    #expect(
      error?.description == "--format: unknown format \"xml\"\nuse one of table, csv, json, markdown")
  }
}
