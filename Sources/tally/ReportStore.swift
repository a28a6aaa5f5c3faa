import Calendar
import Configuration
import Exchange
import Files
import Pricing
import Query
import Render
import SegmentLog

/// Runs reports against the store and says what was wrong with it.
enum ReportStore {
  /// What a command that reads days needs besides what is open when it begins.
  private static let openFilesMin = 10

  /// The store, which must be there.
  static func layout(_ options: StoreOptions, _ settings: Configuration) throws -> StoreLayout {
    let layout = try options.layout(settings)
    guard try isThere(layout) else {
      throw Failure(
        "\(layout.root): there is no store: append events first, or name one with --store", .noInput)
    }
    // Where there are plenty nobody need look.
    guard System.openFilesMax >= 256 || System.canOpen(openFilesMin) else {
      throw Failure(
        "\(layout.root): cannot open files for several days at once: at most \(System.openFilesMax) may be open, raise the limit with ulimit -n 256",
        .ioError)
    }
    return layout
  }

  /// Whether there is a store.
  static func isThere(_ layout: StoreLayout) throws -> Bool {
    do throws(FileError) {
      return try Folders.status(layout.root)?.isFolder == true
    } catch {
      throw Failure(error)
    }
  }

  /// The part of a range outside of which the store has no events in any zone: a range may be thousands of years.
  static func narrowed(
    _ days: ClosedRange<CivilDate>, _ layout: StoreLayout
  ) throws -> ClosedRange<CivilDate> {
    let stored = try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: []).storedDays()
    }
    let nothing = days.lowerBound...days.lowerBound
    guard let first = stored.first, let last = stored.last else { return nothing }
    let known = CivilDate(days: first - 1)...CivilDate(days: last + 1)
    return days.overlaps(known) ? days.clamped(to: known) : nothing
  }

  /// The sums of requests, each read on its own, and what could not be read, which is said on stderr.
  static func usage(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ requests: [ReportRequest]
  ) throws -> ([Usage], [ReportProblem]) {
    var found: [Usage] = []
    var problems: [ReportProblem] = []
    try wrapped(layout) { () throws(ReportError) in
      for request in requests {
        let (usage, more) = try ReportRun(layout, tags: tags, prices: prices).usage(request)
        found.append(usage)
        // Requests may share days.
        problems += more.filter { !problems.contains($0) }
      }
    }
    for problem in problems { Terminal.say("tally: \(problem)") }
    return (found, problems)
  }

  /// What the events of a request wasted, and what could not be read.
  static func waste(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ request: ReportRequest
  ) throws -> (Waste, [ReportProblem]) {
    try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: tags, prices: prices).waste(request)
    }
  }

  /// The events of a request one by one, and what could not be read.
  static func records(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ request: ReportRequest, in buckets: [Bucket]
  ) throws -> ([EventRecord], [ReportProblem]) {
    try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: tags, prices: prices).records(request, in: buckets)
    }
  }

  /// What is left of quotas.
  static func quotas(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ request: ReportRequest
  ) throws -> [Quota] {
    let (quotas, problems) = try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: tags, prices: prices).quotas(request)
    }
    for problem in problems { Terminal.say("tally: \(problem)") }
    return quotas
  }

  /// What the minutes of a request are reduced to, and what could not be read, which is said on stderr.
  static func minutes<Reduction: MinuteReduction>(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ request: ReportRequest, into empty: Reduction
  ) throws -> (usage: Usage, reduction: Reduction, problems: [ReportProblem]) {
    let found = try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: tags, prices: prices).minutes(request, into: empty)
    }
    for problem in found.problems { Terminal.say("tally: \(problem)") }
    return found
  }

  /// How the number of a request comes about, and what could not be read.
  static func explanation(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ request: ReportRequest,
    _ measure: ExplainedMeasure, shownMax: Int
  ) throws -> (Explanation, [ReportProblem]) {
    try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: tags, prices: prices).explain(request, measure, shownMax: shownMax)
    }
  }

  /// Says on stderr what else could not be read.
  static func said(_ problems: [ReportProblem], besides known: [ReportProblem]) -> [ReportProblem] {
    let news = problems.filter { !known.contains($0) }
    for problem in news { Terminal.say("tally: \(problem)") }
    return news
  }

  /// What could not be read, and what would give a cost to what has none, as parts of a report.
  static func finish(_ report: inout Report, _ problems: [ReportProblem], _ prices: Pricer) {
    for problem in problems {
      report.notes.append("Incomplete: the events of \(problem.day) (UTC) could not all be read.")
    }
    addRemedies(&report, prices)
  }

  /// Reports of the same events, with what could not be read among their notes and on stderr.
  static func run(
    _ layout: StoreLayout, tags: [String], _ prices: Pricer, _ requests: [ReportRequest]
  ) throws -> ([Report], [ReportProblem]) {
    var (reports, problems) = try wrapped(layout) { () throws(ReportError) in
      try ReportRun(layout, tags: tags, prices: prices).run(requests)
    }
    for problem in problems { Terminal.say("tally: \(problem)") }
    for index in reports.indices { finish(&reports[index], problems, prices) }
    return (reports, problems)
  }

  private static func wrapped<Value>(
    _ layout: StoreLayout, _ body: () throws(ReportError) -> Value
  ) throws -> Value {
    // One day after the other takes about the same.
    System.keepFreedMemory()
    do throws(ReportError) {
      return try body()
    } catch {
      switch error {
      case .file(let error): throw Failure(error)
      case .prices(let error): throw Failure(error)
      case .tooLarge(let error):
        throw Failure("\(error): report fewer days, or run tally rollup --force", .dataError)
      case .exchange(let error, let others):
        let more = others > 0 ? ["(and \(counted(others, "more day")) like it)"] : []
        throw Failure("\(RateStore(layout).explained(error))", details: more, .dataError)
      }
    }
  }

  /// Finds out what would give a cost to what has none.
  private static func addRemedies(_ report: inout Report, _ prices: Pricer) {
    // Where nothing is computed no price is missing, and prices that cannot be read are no reason to say nothing.
    guard !report.unpriced.isEmpty, report.costMode.isComputed,
      let book = try? prices.book()
    else { return }
    for index in report.unpriced.indices {
      report.unpriced[index].remedy = remedy(report.unpriced[index], book)
    }
  }

  private static func remedy(_ unpriced: UnpricedModel, _ book: PriceBook) -> UnpricedModel.Remedy {
    guard let model = unpriced.model else { return .nameModel }
    switch book.match(provider: unpriced.provider, model: model) {
    case .model: return .addPrice
    case .provider, .nothing: return unpriced.provider == nil ? .nameProvider : .setPrice
    }
  }

  /// What has no cost, and what is missing, for formats that cannot say it themselves.
  ///
  /// - Parameter isOnlyMissing: not where more will come in time.
  static func sayIncomplete(_ report: Report, _ options: StoreOptions, isOnlyMissing: Bool = true) {
    let isASCII = !Terminal.isUTF8
    let lines =
      report.unpricedLines(isASCII: isASCII)
      + report.dataLines(isASCII: isASCII, isOnlyMissing: isOnlyMissing)
    for line in lines { options.say("tally: \(line)") }
  }
}
