//! Which events of a day have the same values of several columns, as numbers. Parts of a day have dictionaries of their
//! own, so their groups are numbered again, group by group, by what their codes mean.

import Parquet

struct ConversationNumbers {
  private let columns: [String]
  private let texts = TextNumbers()
  /// By column, the numbers of a group before it and a text.
  private var tables: [PairTable]

  init(_ columns: [String]) {
    self.columns = columns
    tables = columns.map { _ in PairTable() }
  }

  /// The numbers of some rows of a part, the same for the same values in any part; nil where the last column has none.
  mutating func numbers(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>
  ) throws(ParquetError) -> [Int?] {
    var groups = RowNumbers(rows.count)
    var numbers: [Int32] = [0]
    var isAbsent: [Bool] = []
    for (place, name) in columns.enumerated() {
      let column = CodedColumn(try part.values(name), rows)
      let texts = texts.numbers(of: column)
      let pairs = groups.split(by: column)
      numbers = pairs.map { pair in
        tables[place].number(numbers[Int(pair.left)], pair.right < 0 ? -1 : texts[Int(pair.right)])
      }
      isAbsent = pairs.map { $0.right < 0 }
    }
    var found = [Int?](repeating: nil, count: rows.count)
    for run in groups.runs().runs where !isAbsent[run.group] {
      for row in run.rows { found[row] = Int(numbers[run.group]) }
    }
    return found
  }
}
