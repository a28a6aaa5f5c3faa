import Foundation
import Testing

@testable import Calendar

@Suite struct PosixTimeZoneTests {
  @Test(
    arguments: [
      ("EST5EDT", 1_795_169_472_345, -18_000), ("EST5EDT", 1_782_000_000_000, -14_400),
      ("<+03>-3", 0, 10_800), ("<-0330>3:30", 0, -12_600), ("NPT-5:45", 0, 20_700), ("XXX0:00:30", 0, -30),
      ("CET-1CEST,M3.5.0,M10.5.0/3", 1_792_889_999_999, 7200),
      ("CET-1CEST,M3.5.0,M10.5.0/3", 1_792_890_000_000, 3600),
      // Dublin: winter time is the odd one, an hour less.
      ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_782_000_000_000, 3600),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_795_169_472_345, 0),
      // Permanent summer time, as RFC 9636 spells it, at New Year too.
      ("XXX3EDT4,0/0,J365/23", 1_782_000_000_000, -14_400),
      ("XXX3EDT4,0/0,J365/23", 1_767_236_400_000, -14_400),
    ] as [(String, Int64, Int)])
  func knowsTheOffset(text: String, ms: Int64, seconds: Int) throws {
    #expect(try #require(TimeZoneRules(posix: text)).offsetSeconds(at: ms) == seconds)
  }

  /// Nuuk changes at -1 h and 0 h before Sunday; Gaza at 50 h after a Saturday; Jn skips 29 February, n does not.
  @Test(arguments: [
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", ["2040-03-25T01:00:00.000Z", "2040-10-28T01:00:00.000Z"]),
    ("EET-2EEST,M3.4.4/50,M10.4.4/50", ["2040-03-24T00:00:00.000Z", "2040-10-26T23:00:00.000Z"]),
    ("AAA0BBB,J60/0,J61/0", ["2040-03-01T00:00:00.000Z", "2040-03-01T23:00:00.000Z"]),
    ("AAA0BBB,59/0,60/0", ["2040-02-29T00:00:00.000Z", "2040-02-29T23:00:00.000Z"]),
    ("AAA0BBB,J1/-2,J365/167", ["2040-01-06T22:00:00.000Z", "2040-12-31T22:00:00.000Z"]),
  ])
  func changesWhenTheRuleSays(text: String, instants: [String]) throws {
    let zone = try #require(TimeZoneRules(posix: text))
    let start = CivilDate(days: CivilDate.days(year: 2040, month: 1, day: 1)).utcStartMs
    let end = CivilDate(days: CivilDate.days(year: 2041, month: 1, day: 1)).utcStartMs
    #expect(zone.transitions(from: start, to: end).map { rfc3339($0.ms) } == instants)
  }

  @Test(arguments: [
    "", "A", "AB1", "ABC", "ABC25", "ABC1DE", "<AB>1", "<ABC1", "ABC1DEF,M3.5.0", "ABC1DEF,M13.5.0,M10.5.0",
    "ABC1DEF,M3.6.0,M10.5.0", "ABC1DEF,M3.5.7,M10.5.0", "ABC1DEF,J0,J5", "ABC1DEF,J366,J5", "ABC1DEF,366,5",
    "ABC1DEF,J1/168,J5", "ABC1DEF,J1,J5 ", "ABC1:60", "Europe/Berlin", "ABC99999999999999999999",
  ])
  func refusesWhatIsNoRule(text: String) {
    #expect(TimeZoneRules(posix: text) == nil)
  }
}

@Suite struct LocalDayTests {
  private func zone(_ changes: [(String, Int)], initial: Int) -> TimeZoneRules {
    TimeZoneRules(
      name: "test", initialOffsetSeconds: initial, changesMs: changes.map { utc($0.0) },
      offsetsSeconds: changes.map { Int32($0.1) }, rule: nil)
  }

  /// `2026-10-01 12:30` in UTC.
  private func utc(_ text: String) -> Int64 {
    (try? TimeExpression.parse(text, nowMs: 0, zone: .utc)) ?? .min
  }

  private func day(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(days: .min / 2) }

  @Test func aSkippedMidnightStartsTheDayLater() {
    // 00:00 becomes 01:00, and a gap that begins before midnight: 23:30 becomes 00:30.
    let atMidnight = zone([("2026-05-10 00:00", 3600)], initial: 0)
    #expect(rfc3339(atMidnight.startOfDay(day("2026-05-10"))) == "2026-05-10T00:00:00.000Z")
    #expect(atMidnight.interval(of: day("2026-05-10")).count == 23 * 3_600_000)
    let before = zone([("2026-05-09 23:30", 3600)], initial: 0)
    #expect(rfc3339(before.startOfDay(day("2026-05-10"))) == "2026-05-09T23:30:00.000Z")
  }

  @Test func aSkippedDayIsEmpty() {
    // Samoa, 30 December 2011: from ten hours behind UTC to fourteen ahead.
    let samoa = zone([("2011-12-30 10:00", 14 * 3600)], initial: -10 * 3600)
    #expect(samoa.interval(of: day("2011-12-30")).isEmpty)
    #expect(samoa.localDate(of: utc("2011-12-30 09:59:59")) == day("2011-12-29"))
    #expect(samoa.localDate(of: utc("2011-12-30 10:00")) == day("2011-12-31"))
    let buckets = samoa.buckets(of: day("2011-12-29")...day("2011-12-31"), by: .day)
    #expect(buckets.map { ($0.endMs - $0.startMs) / 3_600_000 } == [24, 0, 24])
  }

  @Test func aRepeatedDayIsLong() {
    let back = zone([("2026-05-10 00:00", -12 * 3600)], initial: 12 * 3600)
    // At 12:00 on the 10th clocks go back to 12:00 on the 9th; the 10th, once begun, stays.
    #expect(back.interval(of: day("2026-05-09")).count == 24 * 3_600_000)
    #expect(back.interval(of: day("2026-05-10")).count == 48 * 3_600_000)
    #expect(back.localDate(of: utc("2026-05-10 00:00")) == day("2026-05-10"))
  }

  @Test func goingBackOverMidnightKeepsTheNewDay() {
    // At 00:01 clocks go back to 23:01, as in St. John's until 2011.
    let back = zone([("2026-11-01 00:01", -3600)], initial: 0)
    #expect(rfc3339(back.startOfDay(day("2026-11-01"))) == "2026-11-01T00:00:00.000Z")
    #expect(back.localDate(of: utc("2026-11-01 00:30")) == day("2026-11-01"))
    #expect(back.interval(of: day("2026-11-01")).count == 25 * 3_600_000)
    // Going back at midnight exactly, the old day is just longer.
    let at = zone([("2026-11-01 00:00", -3600)], initial: 0)
    #expect(at.interval(of: day("2026-10-31")).count == 25 * 3_600_000)
    #expect(at.localDate(of: utc("2026-11-01 00:30")) == day("2026-10-31"))
  }
}

/// A folder of zones of our own, removed afterwards.
private final class ZoneFolder {
  let path = NSTemporaryDirectory() + "tally-zones-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(
      atPath: path + "/zoneinfo/Europe", withIntermediateDirectories: true)
    for name in ["Europe/Berlin", "Europe/Dublin", "EST5EDT"] {
      try write(file("CET-1CEST,M3.5.0,M10.5.0/3"), name)
    }
    try write(file("EST5"), "../Outside")
    try write(Array("no zone".utf8), "zone.tab")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/zoneinfo/" + name))
  }

  /// A file with the offsets 0 and 3600 s, the given changes and, from version 2 on, a footer.
  func file(_ footer: String, changes: [(seconds: Int64, type: UInt8)] = [], version: String = "2") -> [UInt8]
  {
    func block(_ changes: [(seconds: Int64, type: UInt8)], timeSize: Int) -> [UInt8] {
      var bytes = Array("TZif\(version)".utf8) + Array(repeating: 0, count: 15 + 12)
      for count in [changes.count, 2, 4] { bytes += [0, 0, 0, UInt8(count)] }
      for change in changes {
        bytes += (0..<timeSize).reversed().map { UInt8(change.seconds >> ($0 * 8) & 0xff) }
      }
      return bytes + changes.map(\.type) + [0, 0, 0, 0, 0, 0, 0, 0, 14, 16, 1, 0] + Array("UTC\0".utf8)
    }
    if version == "\0" { return block(changes, timeSize: 4) }
    return block([], timeSize: 4) + block(changes, timeSize: 8) + Array("\n\(footer)\n".utf8)
  }

  func database(localtime: String = "none", timezone: String = "none") -> TimeZoneDatabase {
    TimeZoneDatabase(
      folders: [path + "/zoneinfo"], localtimePath: path + "/" + localtime,
      timezonePath: path + "/" + timezone)
  }
}

@Suite struct TimeZoneDatabaseTests {
  private let folder: ZoneFolder

  init() throws { folder = try ZoneFolder() }

  @Test func listsZonesOnly() {
    #expect(folder.database().names() == ["EST5EDT", "Europe/Berlin", "Europe/Dublin"])
  }

  @Test func utcNeedsNoFile() throws {
    #expect(try TimeZoneDatabase(folders: []).zone(named: "UTC") == .utc)
    #expect(try TimeZoneDatabase(folders: []).zone(named: "Etc/UTC").offsetSeconds(at: 0) == 0)
  }

  @Test(arguments: [
    ("Europe/Belin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"), ("Dublin", "Europe/Dublin"),
    ("utc", "UTC"), ("Europe/ Berlin", "Europe/Berlin"), ("EST5EDR", "EST5EDT"),
  ])
  func namesTheNearestZone(typed: String, nearest: String) {
    #expect(
      message { () throws(CalendarError) in _ = try folder.database().zone(named: typed) }
        == "unknown time zone \"\(typed)\"; did you mean \(nearest)?")
  }

  @Test(arguments: [
    "../Outside", "/etc/passwd", "Mars/Olympus_Mons", "Europe", "Europe/", "", "zone.tab", "a//b",
  ])
  func neverLeavesTheDatabase(typed: String) {
    #expect(
      message { () throws(CalendarError) in _ = try folder.database().zone(named: typed) }
        == "unknown time zone \"\(typed)\"; use a name such as Europe/Berlin; \(folder.path)/zoneinfo has them all"
    )
  }

  @Test func saysWhenThereIsNoDatabase() {
    #expect(
      message { () throws(CalendarError) in
        _ = try TimeZoneDatabase(folders: ["/none"]).zone(named: "Mars/Base")
      }
        == "unknown time zone \"Mars/Base\"; no time zone database found: install tzdata or set TZDIR")
  }

  @Test(
    arguments: [
      ("Europe/Berlin", "Europe/Berlin"), (":Europe/Dublin", "Europe/Dublin"), ("", "UTC"),
      ("<+03>-3", "<+03>-3"), ("EST5EDT", "EST5EDT"), ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
      (":/usr/share/zoneinfo/posix/Europe/Berlin", "Europe/Berlin"), (nil, "UTC"),
    ] as [(String?, String)])
  func takesTheZoneFromTheEnvironment(setting: String?, name: String) throws {
    #expect(try folder.database().systemZone(setting: setting).name == name)
  }

  @Test func anUnknownSettingIsAnError() {
    #expect(
      message { () throws(CalendarError) in _ = try folder.database().systemZone(setting: "Europe/Belin") }
        == "unknown time zone \"Europe/Belin\"; did you mean Europe/Berlin?")
  }

  @Test func takesTheZoneFromTheSystem() throws {
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: "../usr/share/zoneinfo/Europe/Dublin")
    try Data("Europe/Dublin\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/timezone"))
    try Data(folder.file("CET-1CEST,M3.5.0,M10.5.0/3")).write(to: URL(fileURLWithPath: folder.path + "/copy"))
    try Data(folder.file("JST-9")).write(to: URL(fileURLWithPath: folder.path + "/other"))
    func name(_ localtime: String, _ timezone: String) throws -> String {
      try folder.database(localtime: localtime, timezone: timezone).systemZone(setting: nil).name
    }
    #expect(try name("link", "none") == "Europe/Dublin")
    #expect(try name("none", "timezone") == "Europe/Dublin")
    #expect(try name("copy", "timezone") == "Europe/Dublin")
    #expect(try name("copy", "none") == "Europe/Berlin")
    #expect(try name("other", "timezone") == "local")
  }

  @Test func corruptFilesAreErrors() throws {
    let good = folder.file("EST5")
    let name = "Europe/Berlin"
    let path = folder.path + "/zoneinfo/" + name
    func expect(_ bytes: [UInt8], _ offset: Int, _ reason: String) throws {
      try folder.write(bytes, name)
      #expect(
        message { () throws(CalendarError) in _ = try folder.database().zone(named: name) }
          == "time zone file \(path) is corrupt at byte \(offset): \(reason); install the tzdata package again"
      )
    }
    func changed(_ at: Int, _ byte: UInt8) -> [UInt8] {
      var bytes = good
      bytes[at] = byte
      return bytes
    }
    try expect([], 0, "it ends within the header")
    try expect(Array("no zone".utf8) + Array(repeating: 32, count: 99), 0, "it does not begin with TZif")
    try expect(Array(good[..<50]), 44, "it ends within the first block")
    try expect(Array(good[..<105]), 104, "it ends within the offsets")
    try expect(Array(good[..<118]), 116, "it ends within the names")
    try expect(Array(good[..<120]), 120, "it ends within the footer")
    try expect(Array(good.dropLast()), 120, "the footer is no line")
    try expect(folder.file("EST"), 120, "the footer is no POSIX time zone")
    try expect(changed(60 + 31, 1), 104, "it counts leap seconds, which our times do not")
    try expect(changed(60 + 39, 0), 104, "it has no offset")
    try expect(changed(60 + 44, 0x7f), 104, "an offset of 2130706432 s")
    try expect(changed(60 + 32, 0x7f), 104, "it ends within the times of change")
    try expect(
      folder.file("EST5", changes: [(5, 0), (5, 1)]), 104, "its times of change are not ascending")
    try expect(folder.file("EST5", changes: [(5, 2)]), 112, "a change names an offset that it lacks")
  }

  @Test func readsTheTableThenTheFooter() throws {
    let bytes = folder.file("EST5", changes: [(-(1 << 59), 1), (1000, 0), (2000, 1)])
    let zone = try TimeZoneFile.parse(bytes, name: "x", path: "x")
    let offsets = [-1_000_000_000, 999_999, 1_000_000, 1_999_999].map { zone.offsetSeconds(at: $0) }
    // The footer takes over at the last change.
    #expect(offsets == [3600, 3600, 0, 0] && zone.offsetSeconds(at: 2_000_000) == -18_000)
    let old = try TimeZoneFile.parse(
      folder.file("", changes: [(-1000, 1), (2000, 0)], version: "\0"), name: "x", path: "x")
    #expect(
      [-1_000_001, -1_000_000, 1_999_999, 2_000_000].map { old.offsetSeconds(at: $0) } == [0, 3600, 3600, 0])
  }
}
