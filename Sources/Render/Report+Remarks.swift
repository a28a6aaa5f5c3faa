import Bytes
import Query

extension Report {
  /// What the report is: name, range, zone and currency.
  func title(isASCII: Bool) -> String {
    var parts = [Heading.words(name), from == to ? from : "\(from) to \(to)"]
    if let asOf { parts.append("as of \(asOf)") }
    parts.append(timezone)
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
    let mark = Marks(isASCII: isASCII).approximate
    let approximate = count("approximate_requests")
    if approximate > 0 { remarks.append("\(mark) \(Self.approximateRemark(approximate, ""))") }
    for (name, words) in [("list", "list"), ("what_if", "what-if")] {
      let (unpriced, approximate) = (
        count("\(name)_unpriced_requests"), count("\(name)_approximate_requests")
      )
      if unpriced > 0 {
        remarks.append("The \(words) cost is incomplete: \(Self.requests(unpriced)) no \(words) price.")
      }
      if approximate > 0 {
        remarks.append("\(mark) " + Self.approximateRemark(approximate, " in the \(words) cost"))
      }
    }
    remarks += notes
    if columns.contains(where: \.isCost) {
      remarks += unpricedRemarks
      remarks.append(
        "Cost mode: \(costMode.rawValue)."
          + (costMode.isComputed ? " Price catalog: \(catalog ?? "none")." : ""))
    }
    if columns.contains(where: { $0.name == "share" && $0.isBrief }), !rows.isEmpty {
      remarks.append("Share is of \(shareOf).")
    }
    remarks += known?.remarks ?? []
    return remarks.map { PlainText.printable($0, isASCII: isASCII) }
  }

  /// The total of a count; 0 where the report has no such column.
  private func count(_ name: String) -> Int128 {
    guard let index = columns.firstIndex(where: { $0.name == name }),
      case .integer(let count) = total.cell(index)
    else { return 0 }
    return count
  }

  private static func approximateRemark(_ count: Int128, _ words: String) -> String {
    let are = count == 1 ? "1 request is" : "\(NumberText.grouped(count)) requests are"
    return
      "\(are) priced approximately\(words): their service tier has no price of its own, or one event holds "
      + "several requests that may differ in price."
  }

  private static func requests(_ count: Int128) -> String {
    count == 1 ? "1 request has" : "\(NumberText.grouped(count)) requests have"
  }
}

extension Report {
  /// How many models without a cost are named; machines get all.
  private static let unpricedMax = 5

  /// What has no cost and what gives it one, safe to print; nothing when every request has a cost.
  package func unpricedLines(isASCII: Bool = false) -> [String] {
    showsCost ? unpricedRemarks.map { PlainText.printable($0, isASCII: isASCII) } : []
  }

  /// How far the data goes, safe to print.
  ///
  /// - Parameter isOnlyMissing: only where something is missing that should be there by now.
  package func dataLines(isASCII: Bool = false, isOnlyMissing: Bool) -> [String] {
    guard let known, !isOnlyMissing || known.isMissing else { return [] }
    return known.remarks.map { PlainText.printable($0, isASCII: isASCII) }
  }

  fileprivate var unpricedRemarks: [String] {
    if isCostComplete { return [] }
    let requests = unpriced.reduce(0) { $0 + $1.requests }
    guard requests > 0 else { return ["Cost is incomplete: some requests have no cost."] }
    let have = Self.requests(requests)
    let reported = costMode == .display ? " reported" : ""
    let rest = unpriced.count - Self.unpricedMax
    return ["Cost is incomplete: \(have) no\(reported) cost."]
      + unpriced.prefix(Self.unpricedMax).map(\.remark)
      + (rest > 0 ? ["unpriced: \(rest) more model\(rest == 1 ? "" : "s")."] : [])
  }
}

extension UnpricedModel {
  fileprivate var remark: String {
    let count = requests == 1 ? "1 request" : "\(NumberText.grouped(requests)) requests"
    let remedy = remedyText.map { ": \($0)" } ?? ""
    return "unpriced: \(count) of \(name)\(remedy)"
  }

  private var name: String {
    switch (provider, model) {
    case (let provider?, let model?): "\(provider)/\(model)"
    case (nil, let model?): "\(model), no provider named"
    case (let provider?, nil): "\(provider), no model named"
    case (nil, nil): "events that name neither provider nor model"
    }
  }

  private var remedyText: String? {
    switch remedy {
    case .setPrice: "tally prices set \(words) input=PRICE output=PRICE"
    case .addPrice: "not all they used has a price: tally prices show \(words)"
    case .nameProvider: "give the events a provider, so that its price is found"
    case .nameModel: "give the events a model, so that its price is found"
    case nil: nil
    }
  }

  /// The model and who bills it, as a shell takes them.
  private var words: String {
    ShellText.word(model ?? "") + (provider.map { " --provider \(ShellText.word($0))" } ?? "")
  }
}

private enum ShellText {
  /// A text as one word of a shell's command.
  static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_./:@+,%".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
