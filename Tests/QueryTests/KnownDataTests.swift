import Calendar
import Foundation
import Query
import StoreFixtures
import TestSupport
import Testing

/// How far data goes, what is missing, and when a period is final.
@Suite struct KnownDataTests {
  /// A service's events at noon of days of October, by one writer; 0 is 30 September, 32 is 1 November.
  struct Data: Sendable {
    let service: String
    let writer: String
    let days: [Int]

    init(_ service: String, _ writer: String, _ days: ClosedRange<Int>...) {
      self.init(service, writer, days)
    }

    init(_ service: String, _ writer: String, _ days: [ClosedRange<Int>]) {
      self.service = service
      self.writer = writer
      self.days = days.flatMap(Array.init)
    }
  }

  private static func date(_ day: Int) -> CivilDate {
    CivilDate(days: CivilDate.days(year: 2026, month: 10, day: 1)) + (day - 1)
  }

  private func store(_ data: [Data]) throws -> TemporaryStore {
    let store = try TemporaryStore()
    for (number, data) in data.enumerated() {
      let lines = data.days.map { day in
        #"{"id":"x:\#(number)-\#(day)","time":"\#(Self.date(day))T12:00:00.000Z","service":"\#(data.service)","input_tokens":1}"#
      }
      try store.append(lines, writer: data.writer)
    }
    return store
  }

  private func known(
    _ store: TemporaryStore, _ days: ClosedRange<Int> = 1...31, asOf: Int? = nil, filter: String? = nil,
    zone: TimeZoneRules = .utc
  ) throws -> KnownData {
    let range = Self.date(days.lowerBound)...Self.date(days.upperBound)
    var request = ReportRequest(name: "daily", unit: .day, dimensions: [], days: range, zone: zone)
    request.asOf = asOf.map(Self.date)
    request.filter = try filter.map { try Filter.parse($0, fields: ReportField.filterFields(tags: [])) }
    return try #require(try ReportRun(store.layout, tags: []).run(request).report.known)
  }

  private func words(_ known: KnownData) -> [String] {
    known.sources.map { source in
      "\(name(source.source)) \(source.through.dropFirst(5).dropLast(6))\(source.isBehind ? " behind" : "")"
    }
  }

  private func name(_ source: KnownData.Source) -> String {
    switch source {
    case .account(let service, let account): "\(service ?? "-")\(account ?? "")"
    case .writer(let name): name
    }
  }

  @Test(
    arguments: [
      // Nothing after the end: the month may go on.
      ([Data("a", "w", 1...31)], false, ["a 10-31T12:00"]),
      ([Data("a", "w", 1...32)], true, ["a 11-01T00:00"]),
      // Others go on, so b is behind; a week later it has stopped.
      ([Data("a", "w", 1...32), Data("b", "w", 1...28)], false, ["a 11-01T00:00", "b 10-28T12:00 behind"]),
      ([Data("a", "w", 1...38), Data("b", "w", 1...28)], false, ["a 11-01T00:00", "b 10-28T12:00 behind"]),
      ([Data("a", "w", 1...39), Data("b", "w", 1...28)], true, ["a 11-01T00:00", "b 10-28T12:00"]),
      // Up to a day is nothing to speak of, but still more may come.
      ([Data("a", "w", 1...32), Data("b", "w", 1...31)], false, ["a 11-01T00:00", "b 10-31T12:00"]),
      // A writer that is silent is missing, whatever its accounts do elsewhere; who has stopped is not.
      ([Data("a", "w", 1...32), Data("a", "v", 1...20)], false, ["a 11-01T00:00", "v 10-20T12:00 behind"]),
      ([Data("a", "w", 1...39), Data("a", "v", 1...20)], true, ["a 11-01T00:00"]),
      // Who was there in the week before is expected, before that not, and who came later is not either.
      (
        [
          Data("a", "w", 1...32), Data("b", "w", -6 ... -6), Data("c", "w", -7 ... -7),
          Data("d", "w", 33...33),
        ],
        false, ["a 11-01T00:00", "b 09-24T12:00 behind"]
      ),
      ([], false, []),
    ] as [([Data], Bool, [String])])
  func aPeriodIsFinalWhenNobodyIsMissing(_ data: [Data], _ isFinal: Bool, _ through: [String]) throws {
    let store = try store(data)
    for isRolledUp in [false, true] where !data.isEmpty || isRolledUp {
      if isRolledUp { try store.rollUp() }
      let known = try known(store)
      #expect(known.isFinal == isFinal, "rolled up: \(isRolledUp)")
      #expect(words(known) == through)
    }
  }

  /// A gap needs four days, and is longer than chance makes it.
  @Test(
    arguments: [
      ([1...10, 14...31], []), ([1...10, 15...31], ["10-11 10-14"]), ([1...10, 20...31], ["10-11 10-19"]),
      ([1...1, 8...8, 15...15, 22...22, 29...29], []), ([1...3, 8...11], ["10-04 10-07"]),
      ([1...3, 8...10], []),
      ([1...3, 9...9, 20...31], ["10-10 10-19"]),
      // Before and after the range there are gaps, too, but they are not its own.
      ([-6 ... -5, 1...31], []), ([-6 ... -5, 2...31], ["09-26 10-01"]), ([1...20], []),
      // Working days: a free Friday and Monday are none, a week is one.
      ([1...2, 5...8, 13...16, 19...23], []), ([1...2, 5...9, 19...23, 26...30], ["10-10 10-18"]),
    ] as [([ClosedRange<Int>], [String])])
  func aGapIsUnusual(_ days: [ClosedRange<Int>], _ gaps: [String]) throws {
    let found = try known(try store([Data("a", "w", days)])).gaps
    let texts = found.map { "\("\($0.from)".dropFirst(5)) \("\($0.to)".dropFirst(5))" }
    // The account and its writer alike.
    #expect(texts == gaps + gaps)
  }

  /// A report as of a day says what a store says that ends there.
  @Test(arguments: ["UTC", "Asia/Kathmandu", "America/Los_Angeles"])
  func nothingLaterIsKnown(_ name: String) throws {
    let zone = try TimeZoneDatabase.installed.zone(named: name)
    var random = SeededGenerator(7)
    for seed in 0..<6 {
      var lines: [(line: String, time: Int64, writer: String)] = []
      for number in 0..<60 {
        let time = Self.date(1).utcStartMs + Int64.random(in: 0..<(20 * 86_400_000), using: &random)
        let service = ["a", "b", "c"].randomElement(using: &random) ?? ""
        let text = "\(CivilDate(utcDayOf: time))T\(Self.clock(time))Z"
        lines.append(
          (
            #"{"id":"x:\#(number)","time":"\#(text)","service":"\#(service)","input_tokens":1}"#, time,
            ["w", "v"].randomElement(using: &random) ?? ""
          ))
      }
      let asOf = Int.random(in: 3...18, using: &random)
      let end = zone.startOfDay(Self.date(asOf + 1))
      func filled(_ lines: [(line: String, time: Int64, writer: String)]) throws -> TemporaryStore {
        let store = try TemporaryStore()
        for writer in ["w", "v"] {
          try store.append(lines.filter { $0.writer == writer }.map(\.line), writer: writer)
        }
        return store
      }
      let whole = try known(try filled(lines), asOf: asOf, zone: zone)
      #expect(!whole.isFinal)
      let cut = try known(try filled(lines.filter { $0.time < end }), asOf: asOf, zone: zone)
      #expect(whole == cut, "seed \(seed), as of \(asOf)")
    }
  }

  private static func clock(_ ms: Int64) -> String {
    let rest = Int(ms % 86_400_000)
    func two(_ number: Int, _ width: Int = 2) -> String {
      String(repeating: "0", count: width - "\(number)".count) + "\(number)"
    }
    return
      "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(two(rest % 1000, 3))"
  }

  /// Only conditions on accounts choose among them.
  @Test(arguments: [
    ("service=a", ["a"]), ("service=a and model=x", ["a"]), ("model=x", ["a", "b"]),
    ("service=a or model=x", ["a", "b"]), ("not service=a and account=none", ["b"]),
  ])
  func aFilterChoosesAccounts(_ filter: String, _ services: [String]) throws {
    let known = try known(try store([Data("a", "w", 1...32), Data("b", "w", 1...32)]), filter: filter)
    #expect(known.sources.map { name($0.source) } == services)
  }

  /// A provider's bucket reaches as far as it is long.
  @Test func aBucketGoesToItsEnd() throws {
    let store = try TemporaryStore()
    try store.append([
      #"{"id":"x:1","time":"2026-10-31T00:00:00.000Z","period":"1d","service":"a","input_tokens":1}"#
    ])
    #expect(try words(known(store)) == ["a 10-31T23:59"])
  }

  /// An account is one, whoever bills it and however long its buckets are.
  @Test func anAccountGoesAsFarAsAnyOfItsEvents() throws {
    let store = try TemporaryStore()
    try store.append(
      [("p", "a", 20), ("p", "b", 12), ("q", "a", 10), ("r", "a", 15)].map { provider, service, hour in
        #"{"id":"x:\#(provider)\#(service)","time":"2026-10-31T\#(hour):00:00.000Z","provider":"\#(provider)","service":"\#(service)","input_tokens":1}"#
      })
    for isRolledUp in [false, true] {
      if isRolledUp { try store.rollUp() }
      #expect(try words(known(store)) == ["a 10-31T20:00", "b 10-31T12:00"])
    }
  }

  /// Kinds are apart here too.
  @Test func billsHaveTheirOwn() throws {
    let store = try store([Data("a", "w", 1...32)])
    try store.append([
      #"{"id":"x:b","time":"2026-10-05T00:00:00.000Z","kind":"billed","service":"b","cost":"1","currency":"USD"}"#
    ])
    #expect(try words(known(store)) == ["a 11-01T00:00", "one 10-05T00:00 behind"])
  }
}
