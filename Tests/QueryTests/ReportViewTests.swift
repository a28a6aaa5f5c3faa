import Calendar
import Exchange
import Money
import StoreFixtures
import Testing
import TestSupport

@testable import Query

/// Reports that are made together are those that each would have been alone.
@Suite struct ReportViewTests {
  private static let zones = [
    TimeZoneRules.utc, TimeZoneRules(name: "+05:45", offsetSeconds: 20_700),
    TimeZoneRules(name: "-05:00", offsetSeconds: -18_000),
  ]

  /// Rates that no sum divides by without rounding.
  private static func conversion() throws -> Conversion {
    let days = (-1...4).map { "\(EventDraft.dayText(someDay + $0)),1.08\($0 + 3),161.\($0 + 3)" }
    let text = (["Date,USD,JPY"] + days).joined(separator: "\n")
    return Conversion(
      to: try #require(Currency("EUR")), try RateFile(Array(text.utf8), path: "rates").rates)
  }

  @Test(arguments: 0..<6, zones) func companyChangesNothing(round: Int, zone: TimeZoneRules) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let store = try TemporaryStore()
    var lines = generated(seed, days: 4)
    // Half a cent in the company of others: what is rounded alone differs from what is rounded together.
    lines += (0..<12).map { index in
      var draft = EventDraft(
        id: "stdin:cost-\(index)", time: Int64(someDay + index % 4) * 86_400_000 + 40_000_000)
      draft.texts["model"] = "model-\(index)"
      (draft.cost, draft.currency) = ("0.0\(index)7", index % 2 == 0 ? "USD" : "JPY")
      return draft.line
    }
    try store.append(lines)
    if round % 2 == 0 { try store.rollUp() }
    let all: [(BucketUnit?, [String])] = [
      (nil, ["provider", "service", "model"]), (.day, []), (.day, ["model"]), (nil, []),
      (nil, ["user", "model"]),
    ]
    let asked = try all.shuffled().prefix(Int.random(in: 2...all.count)).map { unit, dimensions in
      var request = try request(unit, dimensions, (someDay + 1)...(someDay + 2), zone: zone)
      request.top = dimensions.isEmpty ? nil : Int.random(in: 1...20)
      if round % 3 > 0 { request.conversion = try Self.conversion() }
      return request
    }
    let (together, problems) = try ReportRun(store.layout, tags: []).run(asked)
    #expect(problems.isEmpty)
    for (request, report) in zip(asked, together) {
      expectSame(report, try store.report(request), "\(zone.name) seed \(seed)")
    }
  }
}
