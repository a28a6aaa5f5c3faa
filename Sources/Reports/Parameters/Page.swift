//! Which rows of a long report are shown, and in which order.

import Bytes
import Query

extension ReportParameter {
  static let paging: [ReportParameter] = [.order, .limit, .page]
}

extension ReportParameters {
  /// Checks what can be checked without a report.
  func checkPage() throws(ParameterError) {
    let limit = try number(.limit)
    if let page = try number(.page), page > 1, limit == nil {
      throw ParameterError(.page, "\(.page) \(page)", mend: "say with \(.limit) how many rows a page has")
    }
  }

  /// The page of a report that the question asks for.
  func page(_ report: Report) throws(ReportFailure) -> Report {
    let order = try order(report.columns.map(\.name))
    let (limit, page) = try ReportFailure.wrap { () throws(ParameterError) in
      (try number(.limit), try number(.page) ?? 1)
    }
    return RowChoice(order: order, limit: limit, page: page).applied(to: report)
  }

  /// The columns of `order`, one of which each name must be.
  func order(_ columns: [String]) throws(ReportFailure) -> [ReportOrder] {
    var order: [ReportOrder] = []
    for text in self[all: .order] {
      let names = try Self.names(text, .order, columns, what: "column") { name in
        columns.holds(name) || name.first == "-" && columns.holds(String(name.dropFirst()))
      }
      order += names.map { name in
        let isDescending = name.hasPrefix("-")
        return ReportOrder(isDescending ? String(name.dropFirst()) : name, isDescending: isDescending)
      }
    }
    return order
  }

  /// Names with commas between, each of which `isKnown`.
  static func names(
    _ text: String, _ parameter: ReportParameter, _ names: [String], what: String, isKnown: (String) -> Bool
  ) throws(ReportFailure) -> [String] {
    do throws(FilterError) {
      return try NameList.parse(text, known: isKnown, names: names, what: what)
    } catch {
      throw .parameter(ParameterError(parameter, error))
    }
  }
}
