import Bytes
package import Query

extension ReportParameter {
  /// Of `explain`.
  package static let measure = ReportParameter(
    "measure", "measure", "The measure (default: cost), such as output_tokens, requests or tokens.")
  package static let events = ReportParameter("events", "n", "How many events to show, or all.")
}

/// How a number of a report comes about.
package struct ExplainReport: ReportDefinition {
  package static let name = "explain"
  package static let abstract =
    "How a number of a report comes about: prices, sources, rates and events behind it."
  package static let discussion = """
    tally explain cost 2026-10-20 --where model=gpt-5
    tally explain output_tokens 2026-10 --where user=ann@example.com --by model --events all
    Say with a range and --where which number is meant: what stands in the row of gpt-5 in a report of October is
    explained by 2026-10 and --where model=gpt-5. Each part of the answer adds up to the number.
    """
  package static let by = ReportParameter.by.saying(
    "Divide the number by these fields too; may be given several times.")
  package static let parameters = ReportParameter.shared + [.measure, by, .events]

  private let words: ReportParameters
  private let shownMax: Int

  package init(_ words: ReportParameters) throws(ParameterError) {
    shownMax = try Self.shownMax(words[.events] ?? "20")
    self.words = try words.checked()
  }

  private static func shownMax(_ text: String) throws(ParameterError) -> Int {
    if text == "all" { return .max }
    guard let number = Int(text), number >= 0 else {
      throw ParameterError(.events, "\(.events) \(text)", mend: "use a number, or all")
    }
    return number
  }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let context = reader.context
    let words = rangeApart(context)
    var request = try words.request(Self.name, context, dimensions: [], defaultRange: "this-month")
    try words.price(&request, context)
    let measure = try Self.measure(words[.measure], request)
    // A measure that is not about money must not need a currency or a rate.
    if ExplainedMeasure.names(showsCost: false).contains(measure.column.name) { request.showsCost = false }
    let usage = try reader.usages([request])[0]
    var divided = request
    divided.dimensions = try words.dimensions(context)
    let explanation = try reader.explanation(divided, measure, shownMax: shownMax)
    return ExplainRows(measure, by: divided.dimensions).report(usage, explanation)
  }

  /// The words with a range that stands alone, where the measure would, in its place.
  private func rangeApart(_ context: ReportContext) -> ReportParameters {
    guard let measure = words[.measure], !words.has(.range),
      !ReportField.measures(showsCost: true).contains(where: { $0.name == measure })
    else { return words }
    var other = words
    other[.measure] = nil
    other[.range] = measure
    let request = try? other.request(Self.name, context, defaultRange: measure)
    return request == nil ? words : other
  }

  private static func measure(
    _ name: String?, _ request: ReportRequest
  ) throws(ReportFailure) -> ExplainedMeasure {
    let name = name ?? (request.showsCost ? "cost" : "tokens")
    if let measure = ExplainedMeasure(name, showsCost: request.showsCost) { return measure }
    let names = ExplainedMeasure.names(showsCost: request.showsCost)
    func isMeasure(showsCost: Bool) -> Bool {
      ReportField.measures(showsCost: showsCost).contains { $0.name == name }
    }
    if isMeasure(showsCost: request.showsCost) {
      throw .parameter(
        .measure, "explain \(name): it does not add up over events",
        mend: "explain what it is made of, such as requests or cost")
    }
    if !request.showsCost, isMeasure(showsCost: true) {
      throw .parameter(
        .measure, "explain \(name): costs are hidden", mend: "leave \(.noCost) or show_cost = false out")
    }
    let mend =
      nearest(to: name, in: names).map { "did you mean \($0)?" }
      ?? "use one of \(names.joined(separator: ", "))"
    throw .parameter(.measure, "explain \(name): no such measure", mend: "\(mend)")
  }
}
