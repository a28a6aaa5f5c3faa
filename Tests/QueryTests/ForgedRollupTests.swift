import Calendar
import Compaction
import Foundation
import Parquet
import Rollup
import SegmentLog
import StoreFixtures
import TestSupport
import Testing

@testable import Query
@testable import Reports

/// Rollups whose stamps and checksums are right and whose numbers are anything: reports are numbers or errors, never the
/// end of the process.
@Suite struct ForgedRollupTests {
  private static let tags = ["team"]

  private static func requests() throws -> [ReportRequest] {
    let kathmandu = TimeZoneRules(name: "+05:45", offsetSeconds: 20_700)
    var requests = [
      try request(.day, ["model"]), try request(.day, ["user"], zone: kathmandu, top: 2),
      try request(nil, ["session", "model"]), try request(nil, ["provider"], shareMin: 1000),
      try request(nil, [ReportField.counter]), try request(.month, ["tag.team"], tags: tags),
      try request(.hour, [], zone: kathmandu), try request(nil, ["account"], kind: "billed"),
    ]
    requests[0].measures = [
      "cost", "tokens", "output_tokens_per_second", "requests_per_day", "share", "error_rate",
    ]
    requests[0].today = CivilDate(days: someDay + 2)
    requests[1].order = [ReportOrder("share", isDescending: true)]
    for mode in CostMode.allCases {
      var request = try request(.day, ["model"])
      request.costMode = mode
      requests.append(request)
    }
    return requests
  }

  private func rolledUp(_ seed: UInt64) throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(generated(seed, count: 120))
    try store.rollUp(tags: Self.tags)
    return store
  }

  /// Asks a store everything; what cannot be read or summed may be an error.
  private func ask(_ store: TemporaryStore, _ requests: [ReportRequest]) {
    let run = ReportRun(store.layout, tags: Self.tags, jobs: 2)
    for request in requests { _ = try? run.run(request) }
    var users = requests[1]
    (users.dimensions, users.details, users.needsTimes, users.top) = (
      ["user"], ["session", "model"], true, nil
    )
    users.order = []
    if let usage = try? run.usage(users).usage {
      let day = CivilDate(days: someDay + 2)
      _ = try? UsersReport(ReportParameters()).report([usage], .init(activity: .init(), day: day))
    }
    var days = requests[0]
    (days.dimensions, days.unit, days.measures) = (["service", "account", "model"], .day, nil)
    if let usage = try? run.usage(days).usage {
      _ = try? AnomaliesReport(ReportParameters()).report([usage], days.days)
      let month = days.days.upperBound.civilMonth
      let forecast = ForecastRows(month, at: days.days.upperBound, isOver: false)
      var groups = days
      groups.dimensions = ["service", "account"]
      if let usage = try? run.usage(groups).usage { _ = forecast.report(usage) }
      _ = try? StatsReport(ReportParameters()).report([usage, usage], ())
    }
    var minutes = requests[0]
    (minutes.dimensions, minutes.unit, minutes.measures) = (["service", "account", "period"], nil, nil)
    let nowMs = Int64(someDay + 1) * 86_400_000 + 3_600_000
    if let found = try? run.minutes(minutes, into: BlockFold()) {
      let rows = BlockRows(
        window: .rolling(lengthMs: 18_000_000), days: minutes.days, limit: .fullest, nowMs: nowMs)
      _ = rows.report(found.usage, found.reduction)
    }
    minutes.unit = .day
    if let found = try? run.minutes(minutes, into: RateFold(nowMinuteMs: nowMs)) {
      _ = RateRows(limits: [], nowMs: nowMs).report(found.usage, found.reduction)
    }
    _ = try? run.quotas(minutes)
  }

  /// One or more numbers of a rollup are put in the place of others, and the file is written as tally writes it.
  private func forge(
    _ bytes: [UInt8], _ random: inout SeededGenerator, _ change: (inout Int128, inout SeededGenerator) -> Void
  ) throws -> [UInt8] {
    let file = try ParquetFile(bytes: bytes)
    let chosen = Set((0..<3).map { _ in Int.random(in: 0..<file.columns.count, using: &random) })
    var values: [ParquetValues] = []
    for column in file.columns.indices {
      let known = try file.read(column: column, rowGroup: 0)
      let isNumber = [.int64, .decimal38Scale12].contains(file.columns[column].type)
      guard isNumber, chosen.contains(column) || file.columns[column].name.hasPrefix("cost") else {
        values.append(known)
        continue
      }
      var numbers = (0..<known.count).map { row -> Int128 in
        switch known[row] {
        case .integer(let number): Int128(number)
        case .decimal(let number): number
        default: 0
        }
      }
      for row in numbers.indices where Int.random(in: 0..<3, using: &random) == 0 {
        change(&numbers[row], &random)
      }
      if file.columns[column].type == .int64 {
        values.append(.integers(numbers.map { Int64(clamping: $0) }))
      } else {
        let most: Int128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
        values.append(.decimals(numbers.map { min(max($0, -most), most) }))
      }
    }
    return try ParquetWriter(
      columns: file.columns, metadata: file.metadata, formatVersion: RollupSchema.version
    )
    .bytes(values)
  }

  private static let extremes: [Int128] = [
    .max, .min, Int128(Int64.max), Int128(Int64.min), 1 << 100, -(1 << 110), 1 << 62, -1, 0, 1 << 40,
    SumLimit.amount, SumLimit.count, SumLimit.amount / 1000, SumLimit.count / 1000,
  ]

  @Test func numbersMayBeAnything() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("ForgedRollupTests.numbersMayBeAnything: seed \(seed)")
    var random = SeededGenerator(seed)
    let store = try rolledUp(seed)
    let requests = try Self.requests()
    for _ in 0..<25 {
      var kept: [(URL, Data)] = []
      for day in someDay...(someDay + 2) {
        for kind in RollupKind.allCases where Int.random(in: 0..<3, using: &random) > 0 {
          let path = URL(filePath: store.layout.rollup(kind.rawValue, day: day))
          let data = try Data(contentsOf: path)
          kept.append((path, data))
          let forged = try forge(Array(data), &random) { number, random in
            number = Self.extremes.randomElement(using: &random) ?? 0
          }
          try Data(forged).write(to: path)
        }
      }
      ask(store, requests)
      for (path, data) in kept { try data.write(to: path) }
    }
  }

  /// Any bytes in the place of others, in files that say nothing of checksums.
  @Test func bytesMayBeAnything() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("ForgedRollupTests.bytesMayBeAnything: seed \(seed)")
    var random = SeededGenerator(seed)
    let store = try rolledUp(seed)
    let requests = try Self.requests()
    for _ in 0..<40 {
      var kept: [(URL, Data)] = []
      for kind in RollupKind.allCases {
        let path = URL(filePath: store.layout.rollup(kind.rawValue, day: someDay + 1))
        let data = try Data(contentsOf: path)
        kept.append((path, data))
        var forged = Array(data)
        forged.replace(Array("tally.checksums".utf8), with: Array("tally.checksumz".utf8))
        forged.replace(Array("tally version".utf8), with: Array("other version".utf8))
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let at = Int.random(in: 4..<(forged.count - 8), using: &random)
          forged[at] =
            [0, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)
            ?? 0
        }
        try Data(forged).write(to: path)
      }
      ask(store, requests)
      for (path, data) in kept { try data.write(to: path) }
    }
  }

  /// Sums that do not fit are no reason to believe the file: the segments have them all.
  @Test func whatDoesNotFitIsReadFromTheSegments() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let store = try rolledUp(seed)
    let request = try request(.day, ["model"])
    let expected = try store.report(request, tags: Self.tags)
    for kind in RollupKind.allCases {
      for day in someDay...(someDay + 2) {
        let path = URL(filePath: store.layout.rollup(kind.rawValue, day: day))
        let forged = try forge(Array(try Data(contentsOf: path)), &random) { number, _ in number = .max }
        try Data(forged).write(to: path)
      }
    }
    expectSame(try store.report(request, tags: Self.tags), expected, "seed \(seed)")
  }

  /// Days that fit, each, and together do not: that is said, not shown.
  @Test func daysThatDoNotFitTogetherAreSaid() throws {
    let store = try TemporaryStore()
    for day in 0..<3 {
      var draft = EventDraft(id: "a:1", time: Int64(someDay + day) * 86_400_000)
      (draft.cost, draft.currency) = ("1", "USD")
      try store.append([draft.line])
    }
    try store.rollUp(tags: Self.tags)
    for day in someDay...(someDay + 2) {
      for kind in RollupKind.allCases {
        let path = URL(filePath: store.layout.rollup(kind.rawValue, day: day))
        let file = try ParquetFile(bytes: Array(try Data(contentsOf: path)))
        let values = try file.columns.indices.map { column -> ParquetValues in
          let known = try file.read(column: column, rowGroup: 0)
          return file.columns[column].name == "cost_reported"
            ? .constant(.decimal(SumLimit.amount / 2), count: known.count) : known
        }
        let writer = ParquetWriter(
          columns: file.columns, metadata: file.metadata, formatVersion: RollupSchema.version)
        try Data(try writer.bytes(values)).write(to: path)
      }
    }
    let two = try store.report(try request(.day, [], someDay...(someDay + 1)), tags: Self.tags)
    #expect(two.total("cost") == SumLimit.amount)
    #expect(throws: ReportError.tooLarge(SumTooLarge(column: "cost"))) {
      try store.report(try request(.day), tags: Self.tags)
    }
  }
}
