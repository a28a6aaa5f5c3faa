import Parquet
import Testing

@testable import Query

/// The same values have the same number in every part of a day, whatever its dictionaries.
@Suite struct ConversationNumbersTests {
  /// Columns `model` and `session`, a row a pair of texts.
  private struct Parts: TableSource {
    let parts: [[(model: String?, session: String?)]]

    var partCount: Int { parts.count }
    func rowCount(_ part: Int) -> Int { parts[part].count }
    func reuse(_ values: consuming ParquetValues) {}
    func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues? {
      let texts = parts[part].map { column == "model" ? $0.model : $0.session }
      let names = Set(texts.compactMap(\.self)).sorted()
      return .strings(
        ParquetDictionary(names),
        indices: texts.map { text in text.flatMap { names.firstIndex(of: $0) }.map(Int32.init) ?? -1 })
    }
  }

  @Test func partsAreNumberedAlike() throws {
    let rows: [[(model: String?, session: String?)]] = [
      [("a", "s"), ("b", "s"), (nil, "s"), ("a", nil)],
      [("b", "s"), ("c", "a"), (nil, "s"), ("a", "s"), ("c", nil)],
    ]
    let table = Parts(parts: rows)
    var conversations = ConversationNumbers(["model", "session"])
    var numbers: [String: Int] = [:]
    for place in rows.indices {
      var part = TablePart(table, place)
      let found = try conversations.numbers(&part, 0..<rows[place].count)
      for (row, number) in zip(rows[place], found) {
        #expect((number == nil) == (row.session == nil))
        guard let number, let session = row.session else { continue }
        let name = "\(row.model ?? "-")/\(session)"
        #expect(numbers[name, default: number] == number, "\(name)")
        numbers[name] = number
      }
    }
    #expect(Set(numbers.values).count == 4 && numbers.count == 4)
  }
}
