//! Rows of a part in groups: by the columns a report groups by and the currencies of its cost, without the rows that its
//! filter leaves out. The same for rows of rollups and for events.

import Parquet

struct RowGrouping {
  /// For each grouping column the pairs of the group before and the code.
  private var chain: [(pairs: [GroupPair], column: CodedColumn)] = []
  /// The last split, by minute of the day, where that is asked for.
  private var minutes: [GroupPair] = []
  private let currencyCount: Int

  /// - Parameter numbers: as many as there are rows; they become the numbers of groups.
  init(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>, _ spec: AggregateSpec,
    _ numbers: inout RowNumbers
  ) throws(ParquetError) {
    let currencyColumns = spec.costMode?.currencyColumns ?? []
    currencyCount = currencyColumns.count
    for name in spec.groupColumns + currencyColumns {
      let column = CodedColumn(try part.values(name), rows)
      chain.append((numbers.split(by: column), column))
    }
    if spec.needsMinutes {
      minutes = numbers.split(by: CodedColumn(minutes: try part.values("minute"), rows))
    }
    try Self.filter(&part, rows, spec, &numbers)
  }

  /// The group that a group of one minute is part of, and its minute.
  func minute(of group: Int) -> (whole: Int, minute: Int32) {
    (Int(minutes[group].left), minutes[group].right)
  }

  /// What a group stands for, and whether its cost is a reported one where it might have been computed.
  ///
  /// - Parameter group: of all minutes.
  func key(_ group: Int, bucket: Int) -> (key: GroupKey, isReported: Bool) {
    let codes = codes(group)
    func text(_ place: Int) -> [UInt8]? { chain[place].column.text(codes[place]) }
    let dimensionCount = chain.count - currencyCount
    let currencies = (dimensionCount..<chain.count).map(text)
    let key = GroupKey(
      bucket: bucket, texts: (0..<dimensionCount).map(text), currency: currencies.compactMap(\.self).first)
    return (key, currencies.count > 1 && currencies.first != .some(nil))
  }

  /// The code of a group in each column.
  private func codes(_ group: Int) -> [Int32] {
    var codes = [Int32](repeating: -1, count: chain.count)
    var number = group
    for place in chain.indices.reversed() {
      let pair = chain[place].pairs[number]
      codes[place] = pair.right
      number = Int(pair.left)
    }
    return codes
  }

  private static func filter(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>, _ spec: AggregateSpec,
    _ numbers: inout RowNumbers
  ) throws(ParquetError) {
    let kinds = CodedColumn(try part.values("kind"), rows)
    let kind = Array(spec.kind.utf8)
    let isKind = kinds.answers { $0 == kind }
    if let only = kinds.only {
      if !isKind[Int(only) + 1] { numbers.leaveOut { _ in true } }
    } else {
      numbers.leaveOut { !isKind[Int(kinds.code($0)) + 1] }
    }
    guard let filter = spec.filter else { return }
    var columns: [CodedColumn] = []
    var answers: [[Bool]] = []
    for leaf in filter.leaves {
      let column = CodedColumn(try part.values(spec.filterColumns[leaf.field]), rows)
      columns.append(column)
      answers.append(
        column.answers { text in
          guard let text else { return leaf.test.matchesMissing }
          return leaf.test.matches(bytes: text.span.bytes)
        })
    }
    numbers.leaveOut { index in !filter.matches { answers[$0][Int(columns[$0].code(index)) + 1] } }
  }
}

extension TablePart {
  /// The rows whose time lies in a window: rows of minutes and events are sorted by it.
  mutating func rows(in window: Range<Int64>, _ column: String) throws(ParquetError) -> Range<Int> {
    switch try values(column) {
    case .integers(let times, _):
      let start = times.partitioningIndex { $0 >= window.lowerBound }
      return start..<max(start, times.partitioningIndex { $0 >= window.upperBound })
    case .constant(.integer(let time), let count): return window.contains(time) ? 0..<count : 0..<0
    default: return 0..<0
    }
  }
}

extension Array {
  /// The first place whose element satisfies `predicate`, in an array where those come last.
  fileprivate func partitioningIndex(_ predicate: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
