import Calendar
import Rollup
import StoreFixtures
import Testing
import TestSupport

@testable import Query

/// Random sums, without a store.
struct SumsGenerator {
  var random: SeededGenerator
  var models = ["a", "b", "c", "d", "é", "z\"", "模"]
  var currencies: [String] = ["USD", "EUR"]
  var isPriced = false

  mutating func sums(_ count: Int, buckets: Int, dimensions: Int) -> GroupSums {
    var sums = GroupSums()
    for _ in 0..<count {
      let texts = (0..<dimensions).map { _ in
        Int.random(in: 0..<8, using: &random) == 0
          ? nil : models.randomElement(using: &random).map { Array($0.utf8) }
      }
      var currency: [UInt8]?
      if isPriced || Bool.random(using: &random) {
        currency = currencies.randomElement(using: &random).map { Array($0.utf8) }
      }
      let key = GroupKey(
        bucket: Int.random(in: 0..<buckets, using: &random), texts: texts, currency: currency)
      var values = GroupValues()
      for index in values.sums.indices {
        // Few different numbers, so that there are ties.
        values.sums[index] = Int128([0, 1, 5, 1_000_000_007].randomElement(using: &random) ?? 0)
      }
      if currency != nil {
        values.sums[RollupCount.unpricedRequests.rawValue] = 0
      } else {
        values.cost = 0
        values.sums[RollupCount.unpricedRequests.rawValue] = 3
      }
      sums.groups[key, default: GroupValues()].add(values)
    }
    return sums
  }
}

/// Others and the shown rows add up to the total, whatever is asked.
@Suite struct OthersTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  private func report(_ request: ReportRequest, _ sums: GroupSums) -> Report {
    let buckets =
      request.unit.map { request.zone.buckets(of: request.days, by: $0) }
      ?? [Bucket(unit: .day, firstDay: request.days.lowerBound, startMs: 0, endMs: 1)]
    return ReportBuilder(request, buckets).report(sums)
  }

  private func additive(_ report: Report) -> [String] {
    report.columns.filter { $0.role == .count || $0.role == .amount }.map(\.name)
  }

  /// The sum of the rows equals the total, in every currency and in every measure.
  private func checkSums(_ report: Report, _ place: String) {
    let names = additive(report)
    for name in names where name != "cost" || report.totals.isEmpty {
      let sum = report.numbers(name).reduce(0, +)
      #expect(sum == report.total(name), "seed \(seed), \(place), \(name)")
    }
    let currency = report.column("currency")
    for total in report.totals {
      let rows = report.rows.filter { $0.cells[currency] == total.cells[currency] }
      for name in names {
        let sum = rows.reduce(0) { $0 + $1.cells[report.column(name)].value }
        #expect(sum == total.cells[report.column(name)].value, "seed \(seed), \(place), \(name)")
      }
    }
  }

  @Test(arguments: [nil, BucketUnit.day], [0, 1, 2])
  func addUpToTheTotal(unit: BucketUnit?, dimensions: Int) throws {
    for (currencies, isPriced) in [([], false), (["USD"], true), (["USD"], false), (["USD", "EUR"], true)] {
      var generator = SumsGenerator(random: SeededGenerator(seed), currencies: currencies)
      generator.isPriced = isPriced && !currencies.isEmpty
      let sums = generator.sums(25, buckets: unit == nil ? 1 : 3, dimensions: dimensions)
      let names = Array(["model", "user"].prefix(dimensions))
      let all = report(try request(unit, names), sums)
      checkSums(all, "all")
      #expect(all.rows.allSatisfy { !$0.isOthers })
      let tops: [Int?] = [nil, 0, 1, 2, 3, 5, 8, 26]
      for top in tops {
        for shareMin in [nil, 0, 1, 500, 2500, 9999, 10_000] as [Int?] {
          let cut = report(try request(unit, names, top: top, shareMin: shareMin), sums)
          checkSums(cut, "top \(top ?? -1), share \(shareMin ?? -1), \(unit as Any), \(dimensions)")
          #expect(cut.total == all.total && cut.totals == all.totals)
          // What is shown is what it was.
          let shown = cut.rows.filter { !$0.isOthers }
          #expect(shown.allSatisfy(all.rows.contains))
          if let top {
            let choices = Set(
              shown.map { row in row.cells.prefix(names.count + (unit == nil ? 0 : 1)).map(\.text) }
                .map { names.isEmpty ? $0 : Array($0.suffix(names.count)) })
            #expect(choices.count <= top, "seed \(seed)")
          }
        }
      }
    }
  }

  /// The largest are kept; of equal ones those whose name comes first, and an absent name before all.
  @Test func theLargestAreKept() throws {
    for round in 0..<20 {
      var generator = SumsGenerator(random: SeededGenerator(seed &+ UInt64(round)))
      generator.currencies = []
      let sums = generator.sums(40, buckets: 3, dimensions: 1)
      var weights: [String: Int128] = [:]
      for (key, values) in sums.groups {
        // "" for the absent one: it comes first as well.
        let name = key.texts[0].map { String(decoding: $0, as: UTF8.self) } ?? ""
        for count in RollupCount.allCases
        where count.name.hasSuffix("_tokens") && count.name != "reasoning_tokens" {
          weights[name, default: 0] += values[count]
        }
      }
      let ranked = weights.sorted {
        $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
      }
      for top in 0...ranked.count {
        let cut = report(try request(.day, ["model"], top: top), sums)
        let shown = Set(cut.rows.filter { !$0.isOthers }.map { $0.cells[1].text ?? "" })
        #expect(shown == Set(ranked.prefix(top).map(\.key)), "seed \(seed), round \(round), top \(top)")
      }
    }
  }

  /// Equal weights everywhere: the choice and the order are those of the names, in every bucket.
  @Test func tiesAreSettledByName() throws {
    for round in 0..<30 {
      var sums = GroupSums()
      var random = SeededGenerator(seed &+ UInt64(round))
      let models = ["a", "b", "c", "d", "e", "f"]
      let keys = (0..<3).flatMap { bucket in models.map { (bucket, $0) } }.shuffled(using: &random)
      for (bucket, model) in keys {
        sums.groups[GroupKey(bucket: bucket, texts: [Array(model.utf8)], currency: nil)] = GroupValues()
      }
      let cut = report(try request(.day, ["model"], top: 2), sums)
      #expect(
        cut.rows.map { $0.isOthers ? "…" : $0.cells[1].text } == [
          "a", "b", "…", "a", "b", "…", "a", "b", "…",
        ])
    }
  }

  @Test func othersOfBucketsStandLast() throws {
    var sums = GroupSums()
    for (bucket, tokens) in [5, 9, 7].enumerated() {
      var values = GroupValues()
      values.sums[RollupCount.inputTokens.rawValue] = Int128(tokens)
      sums.groups[GroupKey(bucket: bucket, texts: [], currency: nil)] = values
    }
    let cut = report(try request(.day, top: 1), sums)
    #expect(cut.numbers("input_tokens") == [9, 12])
    #expect(cut.rows.map(\.isOthers) == [false, true])
    #expect(cut.rows[1].cells[0] == .missing)
    #expect(cut.numbers("share") == [4286, 5714])
  }
}
