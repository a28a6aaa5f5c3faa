import Bytes
import Calendar
package import Query

extension ReportParameter {
  /// Of `session`.
  package static let id = ReportParameter("id", "id", "The session's id, or how it begins.")
}

/// One session, event by event.
package struct SessionReport: ReportDefinition {
  package static let name = "session"
  package static let abstract =
    "One session: its events in order, each with its tokens, cost and the cost so far."
  package static let discussion = """
    tally report session 0198f2c1-77aa
    The id may be cut short where the rest is not needed to tell it from others. Rollups of sessions tell on which days
    to look; of those the events are read.
    """
  package static let parameters = ReportParameter.shared + [.id]

  /// How many sessions an error names.
  private static let namesMax = 5

  private let words: ReportParameters
  private let id: String

  package init(_ words: ReportParameters) throws(ParameterError) {
    guard let id = words[.id], !id.isEmpty else {
      throw ParameterError(.id, "\(.id) is missing", mend: "say which session")
    }
    self.id = id
    self.words = try words.checked()
  }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let context = reader.context
    var request = try words.request(Self.name, context, dimensions: ["session"], defaultRange: "90d")
    request.unit = .day
    try words.price(&request, context)
    let usage = try find(request, reader)
    var events = usage.request
    events.unit = nil
    events.dimensions = SessionRows.dimensions
    let days = Set(usage.rows.map(\.bucket)).sorted().map { usage.buckets[$0] }
    let records = try reader.records(events, in: days)
    let session = usage.rows.first?.texts.first.flatMap(\.self)?.text ?? id
    return SessionRows(session: session).report(usage, records)
  }

  /// What the session used on each day.
  private func find(_ request: ReportRequest, _ reader: ReportReader) throws(ReportFailure) -> Usage {
    func usage(_ test: FilterTest?) throws(ReportFailure) -> Usage {
      var request = request
      if let test { request.filter = request.filter.map { .all([$0, .test(test)]) } ?? .test(test) }
      return try reader.usages([request])[0]
    }
    let exact = try usage(FilterTest("session", .equals(id)))
    if !exact.rows.isEmpty { return exact }
    let begun = try usage(FilterTest("session", .resembles(id + "*")))
    let names = Set(begun.rows.compactMap { $0.texts[0] }).sorted().map(\.text)
    if names.count == 1 { return begun }
    if names.isEmpty { throw notFound(try usage(nil)) }
    let rest = names.count - Self.namesMax
    let shown = names.prefix(Self.namesMax).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    throw .parameter(
      .id, "session \"\(id)\": \(names.count) sessions begin so", mend: "write more of it: \(shown)")
  }

  private func notFound(_ all: Usage) -> ReportFailure {
    let names = Set(all.rows.compactMap { $0.texts[0] }).sorted().map(\.text)
    return .noSession(id, all.request.days, nearest: nearest(to: id, in: names))
  }
}
