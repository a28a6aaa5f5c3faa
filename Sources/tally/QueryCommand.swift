import ArgumentParser
import Bytes
import Calendar
import Configuration
import Query
import SegmentLog

/// Any measure by anything.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Any measure by any field and stretch of time.",
    discussion: """
      tally query --measure cost,output_tokens --by day,model --where 'service=claude and cost>1' --order -cost
      tally query 7d --measure requests,error_rate,duration_mean_ms --by provider,model --limit 10
      Conditions on fields such as service choose events; conditions on measures such as cost choose rows.
      Measures: \(ReportField.measures(showsCost: true).map(\.name).joined(separator: ", ")), share.
      Fields: minute, hour, day, week or month; \(ReportField.all(tags: []).joined(separator: ", ")), tag.NAME.
      """)

  @OptionGroup var options: StoreOptions
  @OptionGroup var days: RangeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("What to sum (default: cost,tokens,requests).", valueName: "measures"))
  var measure: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("What rows stand for: a stretch of time, fields, tags.", valueName: "fields"))
  var by: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Conditions on events and on rows; of several, all must hold.", valueName: "filter"))
  var filters: [String] = []

  // "-cost" is no option.
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Columns that order the rows, those with - in front largest first.", valueName: "columns"))
  var order: [String] = []

  @Option(help: ArgumentHelp("Show the first N rows.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Keep the N largest, the rest in one row Others.", valueName: "n"))
  var top: Int?

  @Option(help: "Which kind of event: usage or billed; kinds are never added together.")
  var kind = "usage"

  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyOptions

  func validate() throws {
    for (name, number) in [("limit", limit), ("top", top)] {
      if let number, number < 1 { throw ValidationError("--\(name) \(number): use 1 or more") }
    }
    if kind != "usage", kind != "billed" { throw ValidationError("--kind \(kind): use usage or billed") }
    if money.listPrice { throw ValidationError("--list-price: tally report has it, query does not") }
  }

  func run() throws {
    let settings = try options.settings()
    let layout = try ReportStore.layout(options, settings)
    var request = try days.request("query", settings, defaultRange: "this-month")
    request.kind = kind
    request.top = top
    request.limit = limit
    let prices = try StorePrices.pricer(layout)
    try money.apply(to: &request, settings, options, prices)
    try setMeasures(&request)
    try setFields(&request, settings)
    let filter = try filter(request, settings)
    request.filter = filter.events
    request.rowFilter = filter.rows
    try setOrder(&request)
    let tags = try tags(request, settings)
    var (reports, problems) = try ReportStore.run(layout, tags: tags, prices, [request])
    addNotes(&reports[0], tags: tags.filter { !settings.rollupTags.holds($0) })
    try output.write(reports[0], options)
    if !problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }

  // MARK: What is asked

  private func setMeasures(_ request: inout ReportRequest) throws {
    let known = ReportField.measures(showsCost: request.showsCost).map(\.name) + [ReportField.share]
    var names: [String] = []
    for text in measure {
      if !request.showsCost { try refuseMoney(text, known) }
      names += try QueryText.read("--measure", text) { (text) throws(FilterError) in
        try NameList.parse(text, known: known.contains, names: known, what: "measure")
      }
    }
    let usual = (request.showsCost ? ["cost"] : []) + ["tokens", "requests"]
    request.measures = names.isEmpty ? usual : names.uniqued
  }

  /// Hidden costs are no unknown measures.
  private func refuseMoney(_ text: String, _ known: [String]) throws {
    let all = ReportField.measures(showsCost: true).map(\.name)
    let hidden = text.split(separator: ",").map(String.init).first { all.contains($0) && !known.contains($0) }
    guard let hidden else { return }
    throw Failure("--measure \(hidden): costs are hidden: leave --no-cost or show_cost = false out", .usage)
  }

  private func setFields(_ request: inout ReportRequest, _ settings: Configuration) throws {
    let fields = ReportField.all(tags: settings.rollupTags)
    let known = TimeUnit.names + fields
    for text in by {
      let names = try QueryText.read("--by", text) { (text) throws(FilterError) in
        try NameList.parse(
          text, known: { known.holds($0) || ($0.hasPrefix("tag.") && $0.utf8.count > 4) }, names: known,
          what: "field")
      }
      for name in names {
        guard let unit = try TimeUnit.unit(name, days, settings) else {
          if !request.dimensions.holds(name) { request.dimensions.append(name) }
          continue
        }
        if request.unit != nil, request.unit != unit {
          throw Failure("--by \(text): two stretches of time: choose one", .usage)
        }
        request.unit = unit
      }
    }
  }

  private func filter(_ request: ReportRequest, _ settings: Configuration) throws -> QueryFilter {
    var filter = QueryFilter()
    for text in filters {
      let more = try QueryText.read("--where", text) { (text) throws(FilterError) in
        let tags = (settings.rollupTags + (try QueryFilter.tags(in: text))).uniqued
        return try QueryFilter.parse(
          text, fields: ReportField.filterFields(tags: tags),
          measures: ReportField.measures(showsCost: request.showsCost))
      }
      filter.add(more)
    }
    return filter
  }

  private func setOrder(_ request: inout ReportRequest) throws {
    let unit = request.unit.map { [$0.name] } ?? []
    let columns = unit + request.dimensions + (request.measures ?? [])
    for text in order {
      let names = try QueryText.read("--order", text) { (text) throws(FilterError) in
        try NameList.parse(
          text,
          known: { columns.holds($0) || columns.holds(String($0.dropFirst())) && $0.first == "-" },
          names: columns, what: "column")
      }
      request.order += names.map { name in
        let isDescending = name.hasPrefix("-")
        return ReportOrder(isDescending ? String(name.dropFirst()) : name, isDescending: isDescending)
      }
    }
  }

  /// The tags of rollups, and those that only events have.
  private func tags(_ request: ReportRequest, _ settings: Configuration) throws -> [String] {
    let asked = request.dimensions.filter { $0.hasPrefix("tag.") }.map { String($0.dropFirst(4)) }
    let tested = try filters.flatMap { try QueryFilter.tags(in: $0) }
    return (settings.rollupTags + asked + tested).uniqued
  }

  private func addNotes(_ report: inout Report, tags: [String]) {
    for tag in tags {
      report.notes.append(
        "tag.\(tag) is no column of rollups, so events were read: rollup_tags in the configuration makes it one."
      )
      guard let place = report.columns.firstIndex(where: { $0.name.hasBytes(of: "tag.\(tag)") }) else {
        continue
      }
      if report.rows.allSatisfy({ $0.cells[place] == .missing }) {
        report.notes.append("No event shown has the tag \(tag).")
      }
    }
  }
}

/// Errors in small languages, with a caret under the place.
enum QueryText {
  /// Reads what `--order` says.
  static func order(_ text: String, _ columns: [String]) throws -> [ReportOrder] {
    let names = try read("--order", text) { (text) throws(FilterError) in
      try NameList.parse(
        text,
        known: { columns.holds($0) || ($0.first == "-" && columns.holds(String($0.dropFirst()))) },
        names: columns, what: "column")
    }
    return names.map { name in
      let isDescending = name.hasPrefix("-")
      return ReportOrder(isDescending ? String(name.dropFirst()) : name, isDescending: isDescending)
    }
  }

  static func read<Value>(
    _ option: String, _ text: String, _ body: (String) throws(FilterError) -> Value
  ) throws -> Value {
    do throws(FilterError) {
      return try body(text)
    } catch {
      throw Failure(error.message(from: option), details: error.excerpt, .usage)
    }
  }
}
