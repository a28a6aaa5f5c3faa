import ArgumentParser
import Bytes
import Calendar
import Configuration
import Files
import Forecast
import Query
import Render
import Reports
import SegmentLog

/// One line for a prompt or a status bar.
struct StatuslineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statusline",
    abstract: "One line for a prompt or a status bar: today, this month, its end, and what is bad.",
    discussion: """
      PS1='$(tally statusline) \\$ '
      The line is remembered in the store until something changes there, for ten minutes at most.
      """)
  @OptionGroup var options: StoreOptions
  @OptionGroup var calendar: CalendarFlags
  @OptionGroup var money: MoneyFlags

  private func overview() throws(ParameterError) -> OverviewReport {
    var words = ReportParameters()
    calendar.add(to: &words)
    money.add(to: &words)
    return try OverviewReport(words)
  }

  func validate() throws {
    do throws(ParameterError) {
      _ = try overview()
    } catch {
      throw ValidationError(error.message(\.spelling))
    }
  }

  func run() throws {
    let settings = try options.settings()
    let layout = try options.layout(settings)
    guard try options.isThere(layout) else { return try Terminal.print("no usage yet\n") }
    let cache = StatuslineCache(layout, configuration: try options.configurationPath, now: System.now())
    if let line = cache?.line { return try Terminal.print("\(line)\n") }
    let reader = ReportReader(try options.reportContext())
    let report = try overview()
    let overview = try Failure.wrap { () throws(ReportFailure) in try report.overview(reader).overview }
    let problems = reader.problems
    for problem in problems { Terminal.say("tally: \(problem)") }
    let line = StatuslineText(overview).text
    // What could not be read may be there in a moment.
    if problems.isEmpty { cache?.keep(line) }
    try Terminal.print("\(line)\n")
    if !problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }
}

/// The words of the line.
struct StatuslineText {
  private let overview: Overview
  private let isASCII = !Terminal.isUTF8
  private var showsCost: Bool { overview.showsCost }

  init(_ overview: Overview) { self.overview = overview }

  var text: String {
    let lines = overview.lines.filter { $0.month.requests != 0 || $0.month.tokens != 0 || $0.month.cost != 0 }
    if lines.isEmpty { return "no usage this month" }
    func all(_ text: (Overview.Line) -> String) -> String { lines.map(text).joined(separator: " + ") }
    let parts =
      [
        "\(all { amount($0.today, $0) }) today", "\(all { amount($0.month, $0) }) this month",
        ends(lines), worst,
      ].compactMap(\.self)
    return PlainText.printable(parts.joined(separator: isASCII ? " - " : " · "), isASCII: isASCII)
  }

  private func currency(_ line: Overview.Line) -> String { line.currency.map { " \($0)" } ?? "" }

  /// What is known of it: what has no cost may have cost anything.
  private func amount(_ sums: UsageSums, _ line: Overview.Line) -> String {
    guard showsCost else { return "\(NumberText.short(sums.tokens)) tokens" }
    if sums.cost == 0, sums.unpriced > 0 { return "unknown cost" }
    return (sums.unpriced > 0 ? isASCII ? ">=" : "≥" : "") + NumberText.money(sums.cost) + currency(line)
  }

  /// How the month will end.
  private func ends(_ lines: [Overview.Line]) -> String? {
    let ends = lines.compactMap { line -> String? in
      guard case .success(let forecast) = line.outlook.forecast else { return nil }
      let amounts = [forecast.projected, forecast.low, forecast.high].map { amount in
        showsCost ? NumberText.money(amount) : NumberText.short(amount)
      }
      let range = "(\(amounts[1])\(isASCII ? "-" : "–")\(amounts[2]))"
      return "\(amounts[0])\(showsCost ? currency(line) : " tokens") \(range)"
    }
    return ends.isEmpty ? nil : "\(ends.joined(separator: " + ")) at its end"
  }

  /// The worst card, why, and how many more are bad.
  private var worst: String? {
    let level = overview.standing.level
    let bad = overview.standing.cards.filter { $0.level > .ok }
    guard let card = bad.first(where: { $0.level == level }) else { return nil }
    let parts = [level.name, card.name.isEmpty ? nil : card.name, card.reasons.first].compactMap(\.self)
    return parts.joined(separator: ": ") + (bad.count > 1 ? " and \(bad.count - 1) more" : "")
  }
}
