import Query

extension Report {
  /// What the report is: name, range, zone and currency.
  func title(isASCII: Bool) -> String {
    var parts = [Heading.words(name), from == to ? from : "\(from) to \(to)", timezone]
    if showsCost, let currency { parts.append(currency) }
    if let ratesTo { parts.append("ECB rates of the day, to \(ratesTo)") }
    if currency == nil, !totals.isEmpty { parts.append("several currencies") }
    let separator = Marks(isASCII: isASCII).separator
    return parts.map { PlainText.printable($0, isASCII: isASCII) }.joined(separator: separator)
  }

  static let emptyRemark = "No usage in this period."

  /// What a reader must know to trust the numbers, one sentence each, safe to print.
  func remarks(isASCII: Bool) -> [String] {
    var remarks: [String] = []
    if rows.contains(where: \.isApproximate) {
      let mark = Marks(isASCII: isASCII).approximate
      remarks.append("\(mark) A provider's bucket crosses an edge of this row, so its split is approximate.")
    }
    remarks += notes
    if columns.contains(where: \.isCost) {
      if !isCostComplete { remarks.append(incompleteCostRemark) }
      remarks.append("Cost mode: \(costMode). Price catalog: \(catalog ?? "none").")
    }
    if columns.contains(where: { $0.role == .percent && $0.isBrief }), !rows.isEmpty {
      remarks.append("Share is of \(shareOf).")
    }
    return remarks.map { PlainText.printable($0, isASCII: isASCII) }
  }

  private var incompleteCostRemark: String {
    guard !unpricedModels.isEmpty else { return "Cost is incomplete: some requests have no cost." }
    let namedMax = 5
    let named = unpricedModels.prefix(namedMax).joined(separator: ", ")
    let rest = unpricedModels.count - namedMax
    let more = rest > 0 ? " and \(rest) more" : ""
    let models = unpricedModels.count == 1 ? "1 model" : "\(unpricedModels.count) models"
    return "Cost is incomplete: \(models) without a price: \(named)\(more)."
  }
}
