import Bytes
import Calendar
package import Query

/// Any measure by anything.
package struct QueryReport: ReportDefinition {
  package static let name = "query"
  package static let abstract = "Any measure by any field and stretch of time."
  package static var discussion: String {
    """
    tally query --measure cost,output_tokens --by day,model --where 'service=claude and cost>1' --order -cost
    tally query 7d --measure requests,error_rate,duration_mean_ms --by provider,model --limit 10
    Conditions on fields such as service choose events; conditions on measures such as cost choose rows.
    Measures: \(ReportField.measures(showsCost: true).map(\.name).joined(separator: ", ")), share.
    Fields: minute, hour, day, week or month; \(ReportField.all(tags: []).joined(separator: ", ")), tag.NAME.
    """
  }
  package static let measure = ReportParameter.measure.saying(
    "What to sum (default: cost,tokens,requests).", "measures")
  package static let by = ReportParameter.by.saying("What rows stand for: a stretch of time, fields, tags.")
  package static let filter = ReportParameter.filter.saying(
    "Conditions on events and on rows; of several, all must hold.")
  package static let limit = ReportParameter.limit.saying("Show the first N rows.")
  package static let parameters =
    ReportParameter.days + [filter, .kind] + ReportParameter.money + [measure, by, .order, limit, .top]

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let context = reader.context
    let request = try plan(context)
    let tags = try tags(request, context)
    var report = try reader.reports([request], tags: tags)[0]
    Self.addNotes(&report, tags: tags.filter { !context.tags.holds($0) })
    return report
  }

  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportRequest {
    var request = try words.request(Self.name, context, defaultRange: "this-month")
    (request.kind, request.top, request.limit) = try ReportFailure.wrap { () throws(ParameterError) in
      (try words.kind(), try words.number(.top), try words.number(.limit))
    }
    try words.price(&request, context)
    request.measures = try measures(request)
    try setFields(&request, context)
    let filter = try filter(request, context)
    request.filter = filter.events
    request.rowFilter = filter.rows
    request.order = try words.order(
      (request.unit.map { [$0.name] } ?? []) + request.dimensions + (request.measures ?? []))
    return request
  }

  private func measures(_ request: ReportRequest) throws(ReportFailure) -> [String] {
    let known = ReportField.measures(showsCost: request.showsCost).map(\.name) + [ReportField.share]
    var names: [String] = []
    for text in words[all: .measure] {
      if !request.showsCost { try refuseMoney(text, known) }
      names += try ReportParameters.names(
        text, .measure, known, what: "measure", isKnown: known.holds)
    }
    let usual = (request.showsCost ? ["cost"] : []) + ["tokens", "requests"]
    return names.isEmpty ? usual : names.uniqued
  }

  /// Hidden costs are no unknown measures.
  private func refuseMoney(_ text: String, _ known: [String]) throws(ReportFailure) {
    let all = ReportField.measures(showsCost: true).map(\.name)
    let hidden = text.split(separator: ",").map(String.init).first { all.contains($0) && !known.contains($0) }
    guard let hidden else { return }
    throw .parameter(
      .measure, "\(.measure) \(hidden): costs are hidden", mend: "leave \(.noCost) or show_cost = false out")
  }

  private func setFields(_ request: inout ReportRequest, _ context: ReportContext) throws(ReportFailure) {
    let known = TimeUnit.names + ReportField.all(tags: context.tags)
    let weekStart = try words.firstWeekday(context)
    for text in words[all: .by] {
      let names = try ReportParameters.names(text, .by, known, what: "field") { name in
        known.holds(name) || name.hasPrefix("tag.") && name.utf8.count > 4
      }
      for name in names {
        guard let unit = TimeUnit.unit(name, weekStart: weekStart) else {
          if !request.dimensions.holds(name) { request.dimensions.append(name) }
          continue
        }
        if request.unit != nil, request.unit != unit {
          throw .parameter(.by, "\(.by) \(text): two stretches of time", mend: "choose one")
        }
        request.unit = unit
      }
    }
  }

  private func filter(_ request: ReportRequest, _ context: ReportContext) throws(ReportFailure) -> QueryFilter
  {
    var filter = QueryFilter()
    for text in words[all: .filter] {
      do throws(FilterError) {
        let tags = (context.tags + (try QueryFilter.tags(in: text))).uniqued
        filter.add(
          try QueryFilter.parse(
            text, fields: ReportField.filterFields(tags: tags),
            measures: ReportField.measures(showsCost: request.showsCost)))
      } catch {
        throw .parameter(ParameterError(.filter, error))
      }
    }
    return filter
  }

  /// The tags of rollups, and those that only events have.
  private func tags(_ request: ReportRequest, _ context: ReportContext) throws(ReportFailure) -> [String] {
    let asked = request.dimensions.filter { $0.hasPrefix("tag.") }.map { String($0.dropFirst(4)) }
    do throws(FilterError) {
      var tags = context.tags + asked
      for text in words[all: .filter] { tags += try QueryFilter.tags(in: text) }
      return tags.uniqued
    } catch {
      throw .parameter(ParameterError(.filter, error))
    }
  }

  private static func addNotes(_ report: inout Report, tags: [String]) {
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
