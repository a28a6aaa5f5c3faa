import Calendar
import Foundation
import Rollup
import StoreFixtures
import Testing

@testable import Query

/// Zones and providers' buckets through a whole store, on days that are easy to get wrong.
@Suite struct ZoneReportTests {
  private static let database = TimeZoneDatabase.installed

  /// Zone, and a UTC day near a change of its clocks (or none): 30 and 45 minutes, half-hour summer time, 23 and 25
  /// hours, both sides of the date line.
  private static let places: [(String, String)] = [
    ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2025-10-26"), ("America/New_York", "2025-11-02"),
    ("Asia/Kolkata", "2026-01-01"), ("Asia/Kathmandu", "2025-12-31"), ("Australia/Lord_Howe", "2026-04-04"),
    ("Pacific/Chatham", "2025-09-27"), ("America/St_Johns", "2026-03-08"),
    ("Pacific/Kiritimati", "2026-02-28"),
    ("Pacific/Pago_Pago", "2024-02-29"), ("Africa/Casablanca", "2025-02-23"),
    ("America/Havana", "2025-11-02"),
    ("Asia/Beirut", "2026-03-29"), ("America/Santiago", "2025-09-07"), ("Antarctica/Troll", "2026-03-29"),
  ]

  @Test(.enabled("needs tzdata") { !database.names().isEmpty }, arguments: places)
  func bucketsOfEveryUnitAddUp(name: String, date: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let zone = try Self.database.zone(named: name)
    let middle = Int(try Reference.time(of: "\"time\":\"\(date)T00:00:00.000Z\"") / 86_400_000)
    let store = try TemporaryStore()
    var lines: [String] = []
    for day in (middle - 3)...(middle + 3) {
      var generator = EventGenerator(seed: seed &+ UInt64(day), day: day)
      (generator.currencies, generator.hasPeriods) = (["USD"], false)
      for number in 0..<12 { lines.append(generator.fresh(number: number).line) }
    }
    try store.append(lines)
    try store.rollUp()
    let days = (middle - 2)...(middle + 2)
    let events = try winners(lines).filter { $0.kind == "usage" }
    var expected: [String: Int64] = [:]
    for event in events {
      expected[EventDraft.dayText(zone.localDate(of: event.time).days), default: 0] += event.tokens
    }
    let daily = try store.report(try request(.day, [], days, zone: zone))
    for (label, tokens) in zip(daily.cells("day"), daily.numbers("tokens")) {
      #expect(Int128(expected[label.text ?? ""] ?? -1) == tokens, "seed \(seed), \(label)")
    }
    let additive = daily.columns.filter { $0.role == .count || $0.role == .amount }.map(\.name)
    var totals: [[Int128]] = []
    for unit in [BucketUnit.minute, .day, .isoWeek, .month, nil] {
      let report = try store.report(try request(unit, [], days, zone: zone))
      for column in additive {
        #expect(report.numbers(column).reduce(0, +) == report.total(column), "seed \(seed), \(column)")
      }
      totals.append(additive.map { report.total($0) })
    }
    #expect(Set(totals).count == 1, "seed \(seed)")
    // One day at a time, and with the edges folded from events.
    var single = [Int128](repeating: 0, count: additive.count)
    for day in days {
      let report = try store.report(try request(nil, [], day...day, zone: zone))
      for (index, column) in additive.enumerated() { single[index] += report.total(column) }
    }
    #expect(single == totals[0], "seed \(seed)")
    let sessions = try store.report(try request(.day, ["session"], days, zone: zone))
    #expect(additive.map { sessions.total($0) } == totals[0], "seed \(seed)")
  }

  private func bucket(_ period: String, _ offset: Int64, day: Int = someDay + 1) throws -> TemporaryStore {
    let store = try TemporaryStore()
    var draft = EventDraft(id: "openai:1", time: Int64(day) * 86_400_000 + offset)
    draft.period = period
    draft.numbers["input_tokens"] = 8
    draft.texts["session"] = "s"
    try store.append([draft.line])
    return store
  }

  private static let offsets = [
    0: "UTC", 3600: "+01:00", -18_000: "-05:00", 20_700: "+05:45", 19_800: "+05:30",
  ]

  /// A bucket is whole in a zone whose days begin where it begins or outside of it.
  @Test(
    arguments: [
      ("1d", 0, 0, false), ("1d", 0, 3600, true), ("1d", 0, -18_000, true), ("1d", 0, 20_700, true),
      // The hour before midnight UTC: midnight at +05:45 is 18:15 UTC.
      ("1h", 23, 0, false), ("1h", 23, 3600, false), ("1h", 18, 20_700, true), ("1h", 18, 19_800, true),
      ("1h", 17, 20_700, false), ("1m", 18, 20_700, false), ("1h", 4, -18_000, false),
    ] as [(String, Int64, Int, Bool)], [false, true])
  func aCutBucketMarksItsRow(place: (String, Int64, Int, Bool), isRolledUp: Bool) throws {
    let (period, hour, offset, isCut) = place
    let store = try bucket(period, hour * 3_600_000)
    if isRolledUp { try store.rollUp() }
    let zone = TimeZoneRules(name: Self.offsets[offset] ?? "", offsetSeconds: offset)
    for dimensions in [[], ["model"], ["session"]] {
      let report = try store.report(try request(.day, dimensions, zone: zone))
      #expect(report.rows.map(\.isApproximate) == [isCut], "by \(dimensions)")
      #expect(report.numbers("input_tokens") == [8])
      #expect(report.notes.count == (isCut ? 1 : 0))
    }
    // The whole range holds it all.
    #expect(try store.report(try request(nil, zone: zone)).rows.map(\.isApproximate) == [false])
    #expect(try store.report(try request(.isoWeek, zone: zone)).rows.count == 1)
  }

  @Test func anInstantMarksNothing() throws {
    let store = try TemporaryStore()
    var draft = EventDraft(id: "stdin:1", time: Int64(someDay) * 86_400_000 + 86_399_999)
    draft.numbers["input_tokens"] = 1
    try store.append([draft.line])
    #expect(try store.report(try request(.day)).rows.map(\.isApproximate) == [false])
  }

  /// A session that goes on over local midnight is cut there, to the millisecond.
  @Test func sessionsAreCutAtLocalMidnight() throws {
    let store = try TemporaryStore()
    let zone = TimeZoneRules(name: "+05:45", offsetSeconds: 20_700)
    let midnight = Int64(someDay) * 86_400_000 + 86_400_000 - 20_700_000
    let lines = [(-1, 1), (0, 10), (59_999, 100)].enumerated().map { index, event in
      var draft = EventDraft(id: "stdin:\(index)", time: midnight + Int64(event.0))
      draft.texts["session"] = "night"
      draft.numbers["input_tokens"] = Int64(event.1)
      return draft.line
    }
    try store.append(lines)
    for _ in 0..<2 {
      let report = try store.report(try request(.day, ["session"], zone: zone))
      #expect(report.cells("session") == [.text("night"), .text("night")])
      #expect(report.numbers("input_tokens") == [1, 110])
      try store.rollUp()
    }
  }
}
