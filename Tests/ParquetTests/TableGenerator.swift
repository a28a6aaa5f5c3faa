import Parquet
import TestSupport

/// A table for tests.
struct Table {
  var columns: [ParquetColumn] = []
  var values: [ParquetValues] = []

  var rowCount: Int { values.first?.count ?? 0 }

  /// All cells of a column, whatever shape its values have.
  static func cells(_ values: ParquetValues) -> [ParquetScalar] {
    (0..<values.count).map { values[$0] }
  }
}

/// Makes tables of every type, null pattern and shape of numbers.
struct TableGenerator {
  static let decimalMax: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed) }

  mutating func table(rowCount: Int, columnCount: Int) -> Table {
    var table = Table()
    for index in 0..<columnCount {
      let isOptional = Bool.random(using: &random)
      let type = [
        ParquetColumnType.int64, .timestampMillisecondsUTC, .date, .string, .decimal38Scale12, .boolean,
      ][index % 6]
      table.columns.append(ParquetColumn("column \(index) é", type, isOptional: isOptional))
      table.values.append(values(type, isOptional, rowCount))
    }
    return table
  }

  private mutating func values(_ type: ParquetColumnType, _ isOptional: Bool, _ count: Int) -> ParquetValues {
    if Int.random(in: 0..<8, using: &random) == 0 {
      return .constant(constant(type, isOptional), count: count)
    }
    let nulls = isOptional ? nulls(count) : []
    switch type {
    case .decimal38Scale12:
      let numbers = numbers(count, TableGenerator.wideExtremes)
      return .decimals(zeroed(numbers, nulls), nulls: nulls)
    case .boolean:
      let bias = Int.random(in: 1...20, using: &random)
      let flags = (0..<count).map { _ in Int.random(in: 0..<bias, using: &random) == 0 }
      return .booleans(flags.indices.map { nulls.isEmpty || !nulls[$0] ? flags[$0] : false }, nulls: nulls)
    case .string:
      let distinct = Int.random(in: 1...max(1, min(count, 3000)), using: &random)
      let strings = Set((0..<distinct).map { _ in text() })
      let sorted = strings.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
      let indices = numbers(count, [Int64(0)]).map { Int32($0.magnitude % UInt64(sorted.count)) }
      return .strings(
        ParquetDictionary(sorted),
        indices: indices.indices.map { nulls.isEmpty || !nulls[$0] ? indices[$0] : -1 })
    case .date:
      return .integers(
        zeroed(numbers(count, [Int32(0), -1, Int32.max, Int32.min]).map(Int64.init), nulls), nulls: nulls)
    default:
      let numbers = numbers(count, [0, 1, -1, Int64.max, Int64.min, Int64.max - 1])
      return .integers(zeroed(numbers, nulls), nulls: nulls)
    }
  }

  private static let wideExtremes: [Int128] = [
    0, 1, -1, decimalMax, -decimalMax, Int128(Int64.max) + 1, Int128(Int64.min) - 1, 1 << 64,
  ]

  private func zeroed<T: FixedWidthInteger>(_ values: [T], _ nulls: [Bool]) -> [T] {
    nulls.isEmpty ? values : values.indices.map { nulls[$0] ? 0 : values[$0] }
  }

  private mutating func constant(_ type: ParquetColumnType, _ isOptional: Bool) -> ParquetScalar {
    if isOptional && Bool.random(using: &random) { return .null }
    switch type {
    case .decimal38Scale12: return .decimal(-Self.decimalMax)
    case .boolean: return .boolean(Bool.random(using: &random))
    case .string: return .string(Array(text().utf8))
    default: return .integer(Int64.random(in: 0...1, using: &random) * 7)
    }
  }

  private mutating func text() -> String {
    let parts = ["gpt", "", "claude-", "ü", "日本", "\u{0}", "🤖", "x"]
    let count = Int.random(in: 0...6, using: &random)
    let long = Int.random(in: 0..<50, using: &random) == 0 ? String(repeating: "long", count: 40) : ""
    return (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined() + long
  }

  private mutating func nulls(_ count: Int) -> [Bool] {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return []
    case 1: return [Bool](repeating: true, count: count)
    case 2: return (0..<count).map { $0 / 40 % 2 == 0 }
    default:
      let odds = Int.random(in: 1...30, using: &random)
      return (0..<count).map { _ in Int.random(in: 0..<odds, using: &random) == 0 }
    }
  }

  /// Constants, runs, ramps, small and full-range numbers, and the extremes of the type.
  private mutating func numbers<T: FixedWidthInteger & SignedInteger>(_ count: Int, _ extremes: [T]) -> [T] {
    let shape = Int.random(in: 0..<6, using: &random)
    let magnitude = Int64.random(in: 1...(1 << Int64.random(in: 1...30, using: &random)), using: &random)
    var value = T(Int64.random(in: 0...magnitude, using: &random))
    return (0..<count).map { row in
      switch shape {
      case 0: return extremes.randomElement(using: &random) ?? 0
      case 1: return value
      case 2:
        if Int.random(in: 0..<30, using: &random) == 0 {
          value = T(Int64.random(in: 0...magnitude, using: &random))
        }
        return value
      case 3: return T(truncatingIfNeeded: row) &* T(truncatingIfNeeded: magnitude % 5000)
      case 4:
        return Int.random(in: 0..<20, using: &random) == 0
          ? T(Int64.random(in: 0...magnitude, using: &random)) : 0
      default: return T(Int64.random(in: -magnitude...magnitude, using: &random))
      }
    }
  }
}
