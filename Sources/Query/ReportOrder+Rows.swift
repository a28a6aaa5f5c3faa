//! Rows in the order that was asked for.

import Bytes

extension ReportOrder {
  /// The rows by these columns, then as they were; what is missing comes last either way, and so do Others.
  package static func sorted(
    _ rows: [ReportRow], by order: [ReportOrder], _ columns: [ReportColumn]
  ) -> [ReportRow] {
    let places = order.compactMap { order in
      columns.firstIndex { $0.name.hasBytes(of: order.column) }.map {
        (place: $0, isDescending: order.isDescending)
      }
    }
    if places.isEmpty { return rows }
    return rows.enumerated().sorted { a, b in
      if a.element.isOthers != b.element.isOthers { return b.element.isOthers }
      for (place, isDescending) in places {
        let (left, right) = (a.element.cells[place], b.element.cells[place])
        if left == right { continue }
        if left == .missing || right == .missing { return right == .missing }
        if left.precedes(right) { return !isDescending }
        if right.precedes(left) { return isDescending }
      }
      return a.offset < b.offset
    }.map(\.element)
  }
}

extension ReportCell {
  /// The order of cells of one column; texts by their bytes.
  fileprivate func precedes(_ other: ReportCell) -> Bool {
    switch (self, other) {
    case (.text(let a), .text(let b)): a.precedesInBytes(b)
    case (.integer(let a), .integer(let b)), (.amount(let a), .amount(let b)): a < b
    default: false
    }
  }

  /// The cell as filters compare it.
  func number(_ role: ReportColumn.Role) -> FilterValue {
    switch self {
    case .integer(let hundredths) where role == .percent: .number(hundredths.clampedTimes(10_000_000_000))
    case .integer(let number), .amount(let number): .number(number)
    case .text(let text): .text(text)
    case .missing: .missing
    }
  }
}

extension ReportMeasure {
  /// The measure as filters name it.
  var field: FilterField { FilterField(column.name, column.role == .count ? .count : .amount) }
}

extension ReportRequest {
  /// Whether rows say their share of the whole.
  var showsShare: Bool { measures?.contains(ReportField.share) ?? true }
}
