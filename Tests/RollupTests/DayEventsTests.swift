import Events
import Parquet
import Pricing
import StoreFixtures
import Testing
import TestSupport

@testable import Rollup

/// Events one by one are what rollups sum: in order of time, each once, and by every column the same.
@Suite struct DayEventsTests {
  private func column(_ events: borrowing DayEvents, _ name: String, _ rows: Range<Int>) throws
    -> ParquetValues
  {
    guard let values = events.values(name, rows) else { throw Missing(column: name) }
    return values
  }

  private struct Missing: Error {
    let column: String
  }

  private func integers(_ values: ParquetValues) -> [Int64] {
    (0..<values.count).map { row in
      if case .integer(let number) = values[row] { return number }
      return 0
    }
  }

  /// The sum of a measure by the texts of some columns.
  private func sums(
    _ measure: ParquetValues, by columns: [ParquetValues]
  ) -> [String: Int128] {
    var sums: [String: Int128] = [:]
    for row in 0..<measure.count {
      let key = columns.map { "\($0[row])" }.joined(separator: "|")
      switch measure[row] {
      case .integer(let number) where number != 0: sums[key, default: 0] += Int128(number)
      case .decimal(let number) where number != 0: sums[key, default: 0] += number
      default: break
      }
    }
    return sums
  }

  @Test(arguments: [UInt64(1), 2, 3]) func theyAddUpToTheRollups(_ seed: UInt64) throws {
    var generator = EventGenerator(seed: seed, day: someDay)
    let lines = generator.lines(400)
    let prices = Pricer(PriceBook([try CatalogReader.builtIn()]), fingerprint: "")
    let day = try fold([lines], day: someDay, tags: ["team"], prices: prices)
    let events = DayEvents(try settle([lines], day: someDay, tags: ["team"], prices: prices))
    let keys =
      ["session", "kind", "period"] + RollupSchema.dimensions.map(\.name)
      + ["tag_team", "currency_reported", "currency_computed"]
    let measures = RollupCount.allCases.map(\.name) + RollupAmount.allCases.map(\.name)
    // In stretches, as they are read.
    let stretches = stride(from: 0, to: events.count, by: 70).map { $0..<min($0 + 70, events.count) }
    for measure in measures {
      var found: [String: Int128] = [:]
      for rows in stretches {
        let columns = try keys.map { try column(events, $0, rows) }
        let more = sums(try column(events, measure, rows), by: columns)
        found.merge(more, uniquingKeysWith: +)
      }
      let columns = try keys.map { try #require(day.session.values($0)) }
      // Of quotas the session rollup knows nothing, and they measure nothing.
      #expect(
        found.filter { $0.value != 0 }
          == sums(try #require(day.session.values(measure)), by: columns).filter { $0.value != 0 },
        "\(measure), seed \(seed)")
    }
  }

  @Test(arguments: [UInt64(4), 5]) func theyAreInOrderOfTimeAndKnowTheirLines(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    // Close together and far apart, several at one instant.
    let times = (0..<3000).map { _ in
      Int64.random(in: 0...86_399_999, using: &random)
        / [1, 1000, 3_600_000][Int.random(in: 0...2, using: &random)]
    }
    let lines = times.enumerated().map { index, time in
      var draft = EventDraft(id: "stdin:\(index)", time: Int64(someDay) * 86_400_000 + time)
      draft.numbers["input_tokens"] = Int64(index)
      return draft.line
    }
    let events = DayEvents(try settle([lines], day: someDay))
    let all = 0..<events.count
    let found = integers(try column(events, DayEvents.time, all))
    #expect(found == times.map { Int64(someDay) * 86_400_000 + $0 }.sorted(), "seed \(seed)")
    let numbers = integers(try column(events, DayEvents.line, all))
    #expect(numbers == integers(try column(events, "input_tokens", all)))
    #expect(numbers.sorted() == (0..<3000).map { Int64($0) })
    let isKnown = events.values("nothing", all) != nil
    #expect(!isKnown)
  }
}
