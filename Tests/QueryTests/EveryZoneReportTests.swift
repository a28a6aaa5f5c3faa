//! In every zone of the installed database, around every change of its clocks since 2015: what a report says of a
//! day is what the events of that local day add up to, and days add up to ranges. Which local day an instant
//! belongs to is asked of Python's zoneinfo; nothing of our calendar is in the expectation.

import Calendar
import Foundation
import Rollup
import StoreFixtures
import Testing
import TestSupport

@testable import Query

/// A zone's offsets as Python knows them.
private struct Offsets: Decodable, Hashable {
  /// Seconds at the start of 2014.
  let first: Int
  /// Instant in seconds, and the offset from then on.
  let changes: [[Int]]

  func offset(_ second: Int) -> Int {
    changes.last { $0[0] <= second }?[1] ?? first
  }

  /// The local day of an instant, as days since 1970.
  ///
  /// Clocks that fall back over midnight do not bring a day back.
  func day(_ ms: Int64) -> Int {
    let second = Int(ms / 1000)
    var day = (second + offset(second)) / 86_400
    for change in changes where change[0] <= second && second - change[0] < 86_400 {
      day = max(day, (change[0] - 1 + offset(change[0] - 1)) / 86_400)
    }
    return day
  }
}

private let script = """
  import datetime as d, json, sys, zoneinfo
  zoneinfo.reset_tzpath([sys.argv[1]])
  utc = d.timezone.utc
  def at(zone, t): return int(d.datetime.fromtimestamp(t, utc).astimezone(zone).utcoffset().total_seconds())
  start, end, step = 1388534400, 1798761600, 4 * 86400
  zones = {}
  for name in sys.stdin.read().split():
    zone = zoneinfo.ZoneInfo(name)
    changes, last = [], at(zone, start)
    first = last
    for t in range(start + step, end, step):
      while at(zone, t) != last:
        low, high = (changes[-1][0] if changes else start), t
        while high - low > 1:
          middle = (low + high) // 2
          if at(zone, middle) == last: low = middle
          else: high = middle
        last = at(zone, high)
        changes.append([high, last])
    zones[name] = {"first": first, "changes": changes}
  json.dump(zones, sys.stdout)
  """

private let database = TimeZoneDatabase.installed
private let names = database.names()

private func offsets() throws -> [String: Offsets] {
  let folder = try #require(
    database.folders.first { FileManager.default.fileExists(atPath: "\($0)/\(names.first ?? "none")") })
  let python = try #require(Tools.anyPython, "no python3")
  let input = Data(names.joined(separator: "\n").utf8)
  let printed = try Tools.run(python, ["-c", script, folder], input: input)
  return try JSONDecoder().decode([String: Offsets].self, from: printed)
}

/// Events at and just before every quarter of an hour, where the days of all zones begin; each weighs something else.
private struct QuarterHours {
  var reports = MemoryReports()
  private(set) var events: [Int: [(time: Int64, tokens: Int64)]] = [:]
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed) }

  mutating func fill(_ days: ClosedRange<Int>) throws {
    for day in days where events[day] == nil {
      var lines: [String] = []
      for quarter in 0..<96 {
        let time = Int64(day) * 86_400_000 + Int64(quarter) * 900_000
        // Few zones begin their days at a quarter.
        if quarter % 2 == 1, Int.random(in: 0..<4, using: &random) > 0 { continue }
        for time in [time, time + 899_999] {
          var draft = EventDraft(id: "t:\(lines.count)", time: time)
          draft.numbers["input_tokens"] = Int64.random(in: 1...1_000_000, using: &random)
          lines.append(draft.line)
          events[day, default: []].append((time, draft.numbers["input_tokens"] ?? 0))
        }
      }
      reports.days[day] = try fold(lines, day: day)
    }
  }
}

@Suite struct EveryZoneReportTests {
  @Test(.enabled("needs python3 and tzdata") { Tools.isCI || (Tools.anyPython != nil && !names.isEmpty) })
  func daysAreTheSumsOfTheirEvents() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var quarters = QuarterHours(seed: seed)
    var seen: Set<[Int]> = []
    var cases = 0
    let zones = try offsets()
    #expect(zones.count > 300)
    for (name, offsets) in zones.sorted(by: { $0.key < $1.key }) {
      // Python reads one rule a second late; see EveryZoneTests.
      if name == "America/Ojinaga", offsets.changes.contains(where: { $0[0] % 60 != 0 }) { continue }
      let zone = try database.zone(named: name)
      // A week in which nothing happens, and a few days around each change.
      for instant in [1_700_000_000] + offsets.changes.map({ $0[0] }) where instant >= 1_420_070_400 {
        let near = offsets.changes.filter { abs($0[0] - instant) < 4 * 86_400 }
        let key = [instant, offsets.offset(instant - 4 * 86_400)] + near.flatMap(\.self)
        guard seen.insert(key).inserted else { continue }
        let day = offsets.day(Int64(instant) * 1000)
        try quarters.fill((day - 2)...(day + 2))
        try check(zone, offsets, (day - 1)...(day + 1), quarters, "seed \(seed), \(name) at \(instant)")
        cases += 1
      }
    }
    #expect(cases > 300)
  }

  private func check(
    _ zone: TimeZoneRules, _ offsets: Offsets, _ days: ClosedRange<Int>, _ quarters: QuarterHours,
    _ place: String
  ) throws {
    var expected: [Int: Int64] = [:]
    for (time, tokens) in (days.lowerBound - 1...days.upperBound + 1).flatMap({ quarters.events[$0] ?? [] }) {
      expected[offsets.day(time), default: 0] += tokens
    }
    let daily = try quarters.reports.report(try request(.day, [], days, zone: zone))
    let labels = days.map { EventDraft.dayText($0) }
    let isRight =
      daily.cells(daily.columns[0].name).map(\.text) == labels
      && daily.numbers("input_tokens") == days.map { Int128(expected[$0] ?? 0) }
    if !isRight { Issue.record("\(place): \(daily.numbers("input_tokens")), not \(expected)") }
    let range = try quarters.reports.report(try request(nil, [], days, zone: zone))
    let isWhole = range.total("input_tokens") == daily.total("input_tokens")
    if !isWhole { Issue.record("\(place): the range is not the sum of its days") }
  }
}
