import Calendar
import Foundation
import Rollup
import SegmentLog
import StoreFixtures
import Testing

@testable import Query

/// Where the numbers come from does not matter: files, memory, or some of both.
@Suite struct ReportSourceTests {
  private let seed = UInt64.random(in: 0...UInt64.max)
  private let tags = ["team", "customer"]

  private func requests() throws -> [ReportRequest] {
    let kathmandu = TimeZoneRules(name: "+05:45", offsetSeconds: 20_700)
    let west = TimeZoneRules(name: "-09:30", offsetSeconds: -34_200)
    return [
      try request(.day), try request(.day, ["model"], zone: kathmandu),
      try request(.month, ["user", "project"]),
      try request(nil, ["tag.team", "tag.customer"], zone: west), try request(.day, ["session"]),
      try request(.day, ["session", "model"], zone: kathmandu), try request(nil, [], kind: "billed"),
      try request(.isoWeek, ["model"], zone: west, top: 2), try request(nil, ["service"], shareMin: 2000),
      try request(
        .day, ["model"], zone: kathmandu, filter: "tag.team=red or session=s1 or not user=ann", tags: tags),
      try request(.minute, [], someDay...someDay, zone: west, filter: "period != 1h", tags: tags),
    ]
  }

  @Test func memoryFilesAndMixturesAgree() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    let requests = try requests()
    let fromMemory = try requests.map { try store.report($0, tags: tags) }
    #expect(fromMemory.allSatisfy { !$0.rows.isEmpty })
    try store.rollUp(tags: tags)
    for (request, expected) in zip(requests, fromMemory) {
      expectSame(try store.report(request, tags: tags), expected, "seed \(seed), \(request)")
    }
    // Without one kind, without one day, and with one page that cannot be read.
    let minute = URL(filePath: store.layout.rollup("minute", day: someDay))
    let kept = try Data(contentsOf: minute)
    try FileManager.default.removeItem(at: minute)
    for (request, expected) in zip(requests, fromMemory) {
      expectSame(try store.report(request, tags: tags), expected, "seed \(seed), without minutes")
    }
    try kept.write(to: minute)
    for kind in RollupKind.allCases {
      try store.damage(store.layout.rollup(kind.rawValue, day: someDay + 1)) { data in
        // Pages only: a damaged footer is found when the file is opened. The footer's length stands before PAR1.
        let footer = data.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        for at in stride(from: 20, to: data.count - 8 - footer, by: 40) { data[at] ^= 0x55 }
      }
      try FileManager.default.removeItem(atPath: store.layout.rollup(kind.rawValue, day: someDay + 2))
    }
    for (request, expected) in zip(requests, fromMemory) {
      expectSame(try store.report(request, tags: tags), expected, "seed \(seed), damaged")
    }
  }

  @Test func aStaleRollupIsNotUsed() throws {
    let (stale, fresh) = (try TemporaryStore(), try TemporaryStore())
    let lines = generated(seed)
    try stale.append(Array(lines.prefix(60)))
    try stale.rollUp()
    try stale.append(Array(lines.dropFirst(60)))
    try fresh.append(lines)
    for request in [try request(.day, ["model"]), try request(nil, ["session"])] {
      expectSame(try stale.report(request), try fresh.report(request), "seed \(seed)")
    }
  }

  @Test func rollupsOfOtherTagsAreNotUsed() throws {
    let store = try TemporaryStore()
    // One in some hundred seeds has no use by that team.
    var draft = EventDraft(id: "stdin:red", time: Int64(someDay) * 86_400_000)
    draft.tags["team"] = "red"
    draft.numbers["input_tokens"] = 1
    try store.append(generated(seed) + [draft.line])
    try store.rollUp(tags: ["customer"])
    let report = try store.report(try request(nil, ["tag.team"]), tags: ["team"])
    #expect(Set(report.cells("tag.team").compactMap(\.text)).contains("red"), "seed \(seed)")
  }

  @Test(arguments: [1, 4])
  func theNumberOfJobsDoesNotMatter(jobs: Int) throws {
    let store = try TemporaryStore()
    try store.append(generated(seed, days: 6, count: 15))
    let request = try request(.day, ["model", "user"], someDay...(someDay + 6), top: 3)
    expectSame(try store.report(request, jobs: jobs), try store.report(request, jobs: 2), "seed \(seed)")
  }

  @Test func everyMeasureIsTheSumOfTheEvents() throws {
    let store = try TemporaryStore()
    let lines = generated(seed)
    try store.append(lines)
    for kind in ["usage", "billed"] {
      let events = try winners(lines).filter { $0.kind == kind }
      let report = try store.report(try request(.day, ["model"], kind: kind))
      for name in EventDraft.counts.dropFirst() {
        let expected = events.reduce(0) { $0 + ($1.number(name) ?? 0) }
        #expect(report.total(name) == Int128(expected), "seed \(seed), \(name)")
      }
      #expect(report.total("requests") == Int128(events.reduce(0) { $0 + $1.requests }), "seed \(seed)")
      #expect(report.total("tokens") == Int128(events.reduce(0) { $0 + $1.tokens }), "seed \(seed)")
    }
  }

  @Test func mergedCopiesEqualOneStore() throws {
    let stores = [try TemporaryStore(), try TemporaryStore(), try TemporaryStore()]
    let lines = generated(seed)
    // Both machines saw the middle third.
    try stores[0].append(Array(lines.prefix(80)), writer: "laptop")
    try stores[1].append(Array(lines.dropFirst(40)), writer: "server")
    try stores[0].rollUp()
    try stores[2].append(lines)
    for (path, data) in try stores[1].files("segments") {
      let target = stores[0].folder.appending(path: "segments/\(path)")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: target)
    }
    for request in try requests() where request.dimensions.allSatisfy({ !$0.hasPrefix("tag.") }) {
      let expected = try stores[2].report(request, tags: tags)
      expectSameNumbers(
        try stores[0].report(request, tags: tags), expected, "seed \(seed), before rolling up")
    }
    try stores[0].rollUp()
    try stores[2].rollUp()
    for request in [try request(.day, ["model"]), try request(nil, ["session"])] {
      expectSameNumbers(try stores[0].report(request), try stores[2].report(request), "seed \(seed)")
    }
  }

  @Test func aDamagedSegmentIsAProblemOfItsDayOnly() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    let path = store.layout.segment(day: someDay + 1, writer: "one")
    try store.damage(path) { $0[50] ^= 0x10 }
    let (report, problems) = try ReportRun(store.layout, tags: []).run(try request(.day))
    #expect(problems.map(\.day) == [CivilDate(days: someDay + 1)])
    #expect(problems.first?.reason.hasPrefix(path) == true)
    let whole = try TemporaryStore()
    try whole.append(generated(seed).filter { try Reference.time(of: $0) / 86_400_000 != Int64(someDay) + 1 })
    #expect(try report.rows == whole.report(try request(.day)).rows, "seed \(seed)")
  }

  /// A day that lost events is shown as it was rolled up, as long as more is known than is left.
  @Test func aDayThatLostEventsIsShownAsItWasRolledUp() throws {
    let store = try TemporaryStore()
    let lines = generated(seed)
    try store.append(lines)
    try store.rollUp(tags: tags)
    let requests = try requests().filter { request in
      // Sessions and events of a part of a day are read from segments.
      request.zone == .utc || (!request.dimensions.contains("session") && request.filter == nil)
    }
    let whole = try requests.map { try store.report($0, tags: tags) }
    let path = store.layout.segment(day: someDay + 1, writer: "one")
    try store.damage(path) { $0 = Data() }
    func check(_ place: String) throws {
      for (request, expected) in zip(requests, whole) {
        let (report, problems) = try ReportRun(store.layout, tags: tags).run(request)
        expectSame(report, expected, "seed \(seed), \(place), \(request)")
        if request.days.upperBound.days == someDay { continue }
        #expect(problems.map(\.day) == [CivilDate(days: someDay + 1)], "\(request)")
        #expect(problems.first?.reason.hasSuffix("; the day is shown as it was rolled up") == true)
      }
    }
    try check("emptied")
    try FileManager.default.removeItem(atPath: store.layout.segments(day: someDay + 1))
    try FileManager.default.removeItem(atPath: store.layout.locks)
    try check("removed")
    // When more came than is gone, what there is is shown.
    let other = try TemporaryStore()
    let late = generated(seed &+ 9, days: 3, count: 60, prefix: "late:")
    let day = try late.filter { try Reference.time(of: $0) / 86_400_000 == Int64(someDay) + 1 }
    try store.append(day)
    try other.append(day)
    let request = try request(.day, ["model"], (someDay + 1)...(someDay + 1))
    let (report, problems) = try ReportRun(store.layout, tags: tags).run(request)
    #expect(try report.rows == other.report(request).rows, "seed \(seed)")
    #expect(problems.count == 1 && problems.first?.reason.contains("shown as") == false)
  }
}
