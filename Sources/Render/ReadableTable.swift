//! A report as people read it: heads in words, rounded numbers, labels for what has no name, and without the
//! columns that would say nothing. Table and Markdown both print this, so they always say the same.

import Bytes
import Query

/// The marks a table uses besides the data's own characters.
struct Marks {
  let none: String
  let ellipsis: String
  let approximate: String
  let separator: String
  let line: Character

  init(isASCII: Bool) {
    none = isASCII ? "-" : "–"
    ellipsis = isASCII ? ".." : "…"
    approximate = isASCII ? "~" : "≈"
    separator = isASCII ? " - " : " · "
    line = isASCII ? "-" : "─"
  }
}

/// Texts in rows and columns, every text safe to print, nothing aligned yet.
struct ReadableTable {
  private(set) var heads: [String]
  /// Whether a column holds numbers, which align right.
  private(set) var isNumeric: [Bool]
  /// Whether a column holds names, which may be cut; a day without its end would be another day.
  private(set) var isCuttable: [Bool]
  private(set) var rows: [[String]] = []
  /// One for each currency if there are several, then the total of all.
  private(set) var totals: [[String]] = []

  init(_ report: Report, isASCII: Bool, isShort: Bool) {
    let writer = CellWriter(report, isASCII: isASCII, isShort: isShort)
    heads = writer.heads
    isNumeric = writer.isNumeric
    isCuttable = writer.isCuttable
    for row in report.rows {
      var texts = writer.texts(row, nameless: row.isOthers || row.isSubtotal ? "" : "(none)")
      if row.isOthers { writer.prefix("Others", to: &texts, at: writer.firstNameless(in: row)) }
      // In front, where no narrow terminal cuts it off.
      if row.isApproximate { writer.prefix(writer.marks.approximate, to: &texts, at: 0) }
      rows.append(texts)
    }
    for row in report.totals {
      var texts = writer.texts(row, nameless: "")
      writer.prefix("Total", to: &texts, at: 0)
      totals.append(texts)
    }
    // Of rates there is no total.
    if report.total.cells.allSatisfy({ $0 == .missing }) { return }
    // The total over several currencies is not unknown: there is no such amount.
    let unknown = report.totals.isEmpty ? "unknown" : writer.marks.none
    var texts = writer.texts(report.total, nameless: "", unknownCost: unknown)
    writer.prefix("Total", to: &texts, at: 0)
    totals.append(texts)
  }
}

/// Turns the cells of the shown columns into texts.
private struct CellWriter {
  let marks: Marks
  private let report: Report
  private let isASCII: Bool
  private let isShort: Bool
  /// The columns to show.
  private let shown: [Int]
  /// Whether a column of labels must be added, because nothing shown names the rows.
  private let needsLabels: Bool
  /// By column of exact amounts, how many decimals its longest cell has.
  private let digits: [Int: Int]
  /// By column of costs, the column that counts the requests whose cost is approximate.
  private let approximateCounts: [Int: Int]

  init(_ report: Report, isASCII: Bool, isShort: Bool) {
    self.report = report
    self.isASCII = isASCII
    self.isShort = isShort
    marks = Marks(isASCII: isASCII)
    approximateCounts = report.columns.indices.reduce(into: [:]) { counts, index in
      let name = report.columns[index].name
      guard report.columns[index].isCost else { return }
      let kind = name == "cost" ? "" : "\(name.dropFirst("cost_".count))_"
      counts[index] = report.columns.firstIndex { $0.name == "\(kind)approximate_requests" }
    }
    digits = report.columns.indices.filter { report.columns[$0].decimals == ReportColumn.exact }.reduce(
      into: [:]) { digits, index in
        let cells = (report.rows + report.totals + [report.total]).map { $0.cell(index) }
        digits[index] = cells.map(Self.decimals).max()
      }
    shown = report.columns.indices.filter(report.shows)
    needsLabels = !(shown.first.map { report.columns[$0].isLabel } ?? false)
  }

  var heads: [String] {
    let heads = shown.map {
      PlainText.printable(Heading.head(report.columns[$0], currency: report.currency), isASCII: isASCII)
    }
    return needsLabels ? [""] + heads : heads
  }

  var isNumeric: [Bool] {
    let isNumeric = shown.map { !report.columns[$0].isLabel && report.columns[$0].role != .remark }
    return needsLabels ? [false] + isNumeric : isNumeric
  }

  var isCuttable: [Bool] {
    let isCuttable = shown.map { [.dimension, .remark].contains(report.columns[$0].role) }
    return needsLabels ? [false] + isCuttable : isCuttable
  }

  func texts(_ row: ReportRow, nameless: String, unknownCost: String = "unknown") -> [String] {
    let texts = shown.map { index in
      let column = report.columns[index]
      let isOptional = !nameless.isEmpty && Heading.optionalColumns.contains(column.name)
      let missing =
        column.role == .remark
        ? ""
        : column.isLabel && !isOptional ? nameless : column.isKnownEverywhere ? marks.none : unknownCost
      let text = text(row.cell(index), column, digits[index], missing: missing)
      return isApproximate(row, index) ? marks.approximate + text : text
    }
    return needsLabels ? [""] + texts : texts
  }

  /// Whether some of what the row's requests cost is known only approximately.
  private func isApproximate(_ row: ReportRow, _ index: Int) -> Bool {
    guard let count = approximateCounts[index], case .amount = row.cell(index) else { return false }
    return row.cell(count) != .integer(0)
  }

  private static func decimals(_ cell: ReportCell) -> Int {
    guard case .amount(let pico) = cell else { return 0 }
    return PicoText.exact(pico).utf8.split(separator: UInt8(ascii: ".")).last?.count ?? 0
  }

  private func text(_ cell: ReportCell, _ column: ReportColumn, _ digits: Int?, missing: String) -> String {
    switch cell {
    case .text(let text) where Heading.namedColumns.contains(column.name):
      PlainText.printable(Heading.value(text), isASCII: isASCII)
    case .text(let text): PlainText.printable(text, isASCII: isASCII)
    case .integer(let number) where column.role == .percent: NumberText.percent(number)
    case .integer(let number): isShort ? NumberText.short(number) : NumberText.grouped(number)
    case .amount(let pico) where digits != nil: PicoText.exact(pico, digitsMin: digits ?? 2)
    case .amount(let pico): NumberText.money(pico, decimals: column.decimals)
    case .missing: missing
    }
  }

  /// Where the row of what was left out has room for its name.
  func firstNameless(in row: ReportRow) -> Int {
    let nameless = shown.firstIndex { report.columns[$0].isLabel && row.cell($0) == .missing }
    return nameless.map { needsLabels ? $0 + 1 : $0 } ?? 0
  }

  func prefix(_ label: String, to texts: inout [String], at index: Int) {
    texts[index] = texts[index].isEmpty ? label : "\(label) \(texts[index])"
  }
}

extension Report {
  /// Whether a table shows a column: the brief ones, without the measures that are nothing everywhere.
  ///
  /// Cost is never dropped, since an unknown cost is news; the currency is kept wherever there is one.
  fileprivate func shows(column index: Int) -> Bool {
    let column = columns[index]
    let cells = (rows + totals + [total]).map { $0.cell(index) }
    if column.name == "currency" { return cells.contains { $0 != .missing } }
    guard column.isBrief else { return false }
    if column.role == .remark { return cells.contains { $0 != .missing } }
    if column.isLabel || column.isCost { return true }
    return cells.contains { $0 != .missing && $0 != .integer(0) && $0 != .amount(0) }
  }
}
