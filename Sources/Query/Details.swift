//! What a group is made of: which sessions a user had, which models, and how much of each. Grouping by all of these
//! together makes almost as many groups as rollups have rows; beside the sums of the group that people see they are
//! small numbers, which stand for texts (`TextNumbers`).
//!
//! Converted amounts are rounded for each value, so a report with a conversion groups by the values instead
//! (`ReportRequest.asRead`).

import Parquet
import Rollup

/// What a group used of each value of some dimensions; what is of no value is not in it.
struct Details: Equatable, Sendable {
  struct Part: Equatable, Sendable {
    /// The place of its dimension among the request's details.
    let place: Int32
    let number: Int32
    let tokens: Int128
    let requests: Int128
  }

  /// In no order; a number may have several.
  private var parts: [Part] = []

  /// - Parameter capacity: how many parts will be added.
  init(capacity: Int = 0) { parts.reserveCapacity(capacity) }

  var isEmpty: Bool { parts.isEmpty }

  mutating func add(_ part: Part) { parts.append(part) }

  mutating func add(_ other: Details) {
    if parts.isEmpty { parts = other.parts } else { parts += other.parts }
  }

  /// How many values of a dimension there are.
  ///
  /// - Parameter limit: numbers are below it.
  func distinctCount(_ place: Int, below limit: Int) -> Int {
    var isFound = [Bool](repeating: false, count: limit)
    var count = 0
    for part in parts where part.place == place && !isFound[Int(part.number)] {
      isFound[Int(part.number)] = true
      count += 1
    }
    return count
  }

  /// Each value of a dimension once, and what was used of it.
  func sums(_ place: Int) -> [Part] {
    var sums: [Part] = []
    for part in parts.filter({ $0.place == place }).sorted(by: { $0.number < $1.number }) {
      if let last = sums.last, last.number == part.number {
        sums[sums.count - 1] = Part(
          place: part.place, number: part.number, tokens: last.tokens + part.tokens,
          requests: last.requests + part.requests)
      } else {
        sums.append(part)
      }
    }
    return sums
  }
}

/// What rows of a part add to the details of their groups.
struct DetailRows {
  private let columns: [CodedColumn]
  /// By row; empty while they are 0.
  private var tokens: [Int128] = []
  private var requests: [Int128] = []

  init(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>, _ names: [String]
  ) throws(ParquetError) {
    var columns: [CodedColumn] = []
    for name in names { columns.append(CodedColumn(try part.values(name), rows)) }
    self.columns = columns
  }

  /// Adds the measure of a place in `GroupValues`, if it is one that details tell of.
  mutating func add(_ column: ParquetValues, _ rows: Range<Int>, ofPlace place: Int) {
    guard !columns.isEmpty, let count = RollupCount(rawValue: place) else { return }
    if count == .requests {
      Self.add(column, rows, to: &requests)
    } else if RollupCount.allTokens.contains(count) {
      Self.add(column, rows, to: &tokens)
    }
  }

  private static func add(_ column: ParquetValues, _ rows: Range<Int>, to sums: inout [Int128]) {
    if sums.isEmpty { sums = [Int128](repeating: 0, count: rows.count) }
    var sums = sums.mutableSpan
    switch column {
    case .constant(.integer(let value), _): for index in 0..<sums.count { sums[index] += Int128(value) }
    case .integers(let values, _):
      let values = values.span.extracting(rows)
      for index in 0..<sums.count { sums[index] += Int128(values[index]) }
    default: break
    }
  }

  /// The details of each group.
  func details(_ groups: GroupRuns, _ texts: TextNumbers) -> [Details] {
    let used = columns.map { $0.hasTexts ? sums(groups, $0) : [] }
    var counts = [Int](repeating: 0, count: groups.groupCount)
    for sum in used.joined() { counts[Int(sum.pair.left)] += 1 }
    var details = counts.map { Details(capacity: $0) }
    for (place, sums) in used.enumerated() {
      let numbers = texts.numbers(of: columns[place])
      for sum in sums where sum.pair.right >= 0 {
        details[Int(sum.pair.left)].add(
          Details.Part(
            place: Int32(place), number: numbers[Int(sum.pair.right)], tokens: sum.tokens,
            requests: sum.requests))
      }
    }
    return details
  }

  /// The sums of each group and code.
  private func sums(
    _ groups: GroupRuns, _ column: CodedColumn
  ) -> [(pair: GroupPair, tokens: Int128, requests: Int128)] {
    var numbers: [Int32] = []
    var codes: [Int32] = []
    for run in groups.runs {
      for row in run.rows {
        numbers.append(Int32(run.group))
        codes.append(column.code(row))
      }
    }
    let pairs = GroupPair.number(&numbers, groups.groupCount, codes, column.codeCount)
    var sums = pairs.map { (pair: $0, tokens: Int128(0), requests: Int128(0)) }
    var index = 0
    for run in groups.runs {
      for row in run.rows {
        let number = Int(numbers[index])
        if !tokens.isEmpty { sums[number].tokens += tokens[row] }
        if !requests.isEmpty { sums[number].requests += requests[row] }
        index += 1
      }
    }
    return sums
  }
}
