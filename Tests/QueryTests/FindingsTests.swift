import Calendar
import TestSupport
import Testing

@testable import Query

/// What is known of sources does not depend on the order in which days were read, nor on who was there on the day before.
@Suite struct FindingsTests {
  @Test(arguments: 0..<20) func daysComeInAnyOrder(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed &+ UInt64(round))
    let names = (0..<12).map { Array("usage\tservice\taccount-\($0)".utf8)[...] }
    let first = CivilDate(days: CivilDate.days(year: 2026, month: 10, day: 1))
    // By name, the first and last instant of each day that it is there.
    var times: [ArraySlice<UInt8>: [ClosedRange<Int64>]] = [:]
    var days: [KnownData.DayFindings] = []
    for day in 0..<31 {
      var findings = KnownData.DayFindings(day: first.days + day)
      for name in names where Int.random(in: 0..<4, using: &random) > 0 {
        let start = (first + day).utcStartMs + Int64.random(in: 0..<86_400_000, using: &random)
        findings.times.append((name, start...start))
        times[name, default: []].append(start...start)
      }
      days.append(findings)
    }
    let period = first.utcStartMs..<(first + 25).utcStartMs
    func known(_ days: [KnownData.DayFindings]) -> KnownData {
      var findings = KnownData.Findings()
      for day in days { findings.add(day) }
      return KnownData(findings, period: period, newestDay: first.days + 30, zone: .utc)
    }
    let inOrder = known(days)
    #expect(known(days.shuffled(using: &random)) == inOrder, "seed \(seed) round \(round)")
    let expected = names.filter { times[$0]?.contains { $0.lowerBound < period.upperBound } ?? false }
    #expect(inOrder.sources.count == expected.count, "seed \(seed) round \(round)")
    for source in inOrder.sources {
      guard case .account(_, let account?) = source.source,
        let name = names.first(where: { text in
          String(decoding: text, as: UTF8.self).hasSuffix("\t\(account)")
        })
      else { continue }
      let last = min(times[name]?.map(\.upperBound).max() ?? 0, period.upperBound)
      #expect(source.through == TimeZoneRules.utc.minuteText(of: last), "seed \(seed) round \(round)")
    }
  }
}
