import Calendar
package import Query

/// What was saved and what could be.
package struct SavingsReport: ReportDefinition {
  package static let name = "savings"
  package static let abstract =
    "What caches saved, and what cache misses, retries, errors and dearer models cost."
  package static let discussion = """
    What caches saved and cheaper models would save is computed at base prices from rollups; failed and repeated requests
    and cache misses are found in the events, conversation by conversation.
    """
  package static let parameters = ReportParameter.shared + ReportParameter.paging

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) {
    if words[isOn: .noCost] {
      throw ParameterError(.noCost, "\(.noCost): savings tell of nothing but cost")
    }
    if let kind = words[.kind], kind != "usage" {
      throw ParameterError(.kind, "\(.kind) \(kind)", mend: "bills do not tell what could be saved")
    }
    self.words = try words.checked()
  }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let context = reader.context
    var request = try words.request(
      Self.name, context, dimensions: SavingRows.dimensions, defaultRange: "this-month")
    request.unit = .day
    try words.price(&request, context)
    guard request.showsCost else {
      throw .parameter(ReportContext.costsAreHidden(.noCost, "savings"))
    }
    let usage = try reader.usages([request])[0]
    let waste = try reader.waste(request)
    return try words.page(SavingRows(prices: context.prices).report(usage, waste))
  }
}
