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

  /// Whatever the data holds: no control code but line feeds reaches a terminal.
  @Test(arguments: [ReportFormat.table, .markdown], [false, true])
  func nothingInTheDataReachesTheTerminalAsACode(format: ReportFormat, isASCII: Bool) {
    let evil =
      String(String.UnicodeScalarView((0..<0xA0).compactMap { Unicode.Scalar($0) })) + "\u{202E}\u{2066}"
    var report = Fixture.days
    report.name = evil
    report.timezone = evil
    report.currency = evil
    report.catalog = evil
    report.costMode = evil
    report.shareOf = evil
    report.unpricedModels = [evil]
    report.notes = [evil]
    report.columns[1] = ReportColumn(evil, .dimension)
    report.rows[0].cells[1] = .text(evil)
    report.rows[0].cells[4] = .text(evil)
    let text = report.rendered(as: format, options: RenderOptions(isASCII: isASCII))
    let bad = text.unicodeScalars.filter { scalar in
      scalar != "\n" && (scalar.properties.generalCategory == .control || scalar.properties.isBidiControl)
    }
    #expect(bad.isEmpty)
    if format == .table, isASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
  }

  @Test func modelsWithoutAPriceAreNamedUpToFive() {
    var report = Fixture.measures
    report.unpricedModels = ["a", "b", "c", "d", "e", "f", "g"]
    #expect(
      report.rendered(as: .table).contains(
        "Cost is incomplete: 7 models without a price: a, b, c, d, e and 2 more.\n"))
    report.unpricedModels = ["a"]
    #expect(report.rendered(as: .table).contains("Cost is incomplete: 1 model without a price: a.\n"))
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
