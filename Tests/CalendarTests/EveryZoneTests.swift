//! Every zone of the installed database against Python's zoneinfo, which reads the same files with other code.
//!
//! One Python process walks through every zone day by day, finds each change of the offset by bisection, and prints
//! what its clocks and its calendar say around it. Our zones must say the same; and our days must tile.

import Foundation
import Testing
import TestSupport

@testable import Calendar

/// What Python says about one zone.
private struct PythonZone: Decodable {
  /// The offset in seconds at the start of 2015.
  let offset: Int
  /// Each change: instant in seconds, the offset from then on, ordinal of the local date before and after.
  let changes: [[Int]]
  /// Around each change: days since 1970 and the second at which the local day starts.
  let days: [[Int]]
}

private let script = """
  import datetime as d, hashlib, json, sys, zoneinfo
  zoneinfo.reset_tzpath([sys.argv[1]])
  utc = d.timezone.utc
  epoch = d.datetime(1970, 1, 1, tzinfo=utc)
  start = int((d.datetime(2015, 1, 1, tzinfo=utc) - epoch).total_seconds())
  end = int((d.datetime(2045, 1, 1, tzinfo=utc) - epoch).total_seconds())
  days = [(t, d.datetime.fromtimestamp(t, utc)) for t in range(start, end + 1, 86400)]
  first = d.date(1970, 1, 1).toordinal()
  def local(zone, t):
    return d.datetime.fromtimestamp(t, utc).astimezone(zone)
  def seconds(moment):
    return moment.utcoffset() // d.timedelta(seconds=1)
  def describe(zone):
    changes, starts = [], []
    last = days[0][1].astimezone(zone).utcoffset()
    initial = last // d.timedelta(seconds=1)
    for t, moment in days:
      now = moment.astimezone(zone).utcoffset()
      if now == last: continue
      low, high = t - 86400, t
      while high - low > 1:
        middle = (low + high) // 2
        if local(zone, middle).utcoffset() == last: low = middle
        else: high = middle
      after = local(zone, high)
      changes.append([high, seconds(after), local(zone, low).toordinal() - first, after.toordinal() - first])
      last = now
      for ordinal in range(after.toordinal() - 1, after.toordinal() + 3):
        midnight = d.datetime.fromordinal(ordinal).replace(tzinfo=zone)
        at = (midnight.astimezone(utc) - epoch) // d.timedelta(seconds=1)
        if local(zone, at).replace(tzinfo=None) != midnight.replace(tzinfo=None): at = high
        starts.append([ordinal - first, at])
    return {"offset": initial, "changes": changes, "days": starts}
  known, zones = {}, {}
  for name in sys.stdin.read().split():
    with open(sys.argv[1] + "/" + name, "rb") as file: key = hashlib.sha256(file.read()).digest()
    if key not in known: known[key] = describe(zoneinfo.ZoneInfo(name))
    zones[name] = known[key]
  json.dump(zones, sys.stdout)
  """

/// A Python with zoneinfo: `$TALLY_PYTHON`, the one that the tests set up, or any on the path.
private func pythonZones(_ python: String, folder: String, names: [String]) throws -> [String: PythonZone] {
  let input = Data(names.joined(separator: "\n").utf8)
  let printed = try Tools.run(python, ["-c", script, folder], input: input)
  return try JSONDecoder().decode([String: PythonZone].self, from: printed)
}

/// The folder with the names that all these tests use.
private let database = TimeZoneDatabase.installed
private let names = database.names()
private var folder: String? {
  database.folders.first { FileManager.default.fileExists(atPath: $0 + "/" + (names.first ?? "none")) }
}

private let startMs: Int64 = 1_420_070_400_000
private let endMs: Int64 = 2_366_841_600_000

/// Without a database or a Python, a test is skipped on someone's machine and fails in CI.
private let needsZones: ConditionTrait = .enabled("needs tzdata") { Tools.isCI || !names.isEmpty }
private let needsPython: ConditionTrait = .enabled("needs python3 and tzdata") {
  Tools.isCI || (Tools.anyPython != nil && !names.isEmpty)
}

@Suite struct EveryZoneTests {
  @Test(needsPython)
  func agreesWithPython() throws {
    let folder = try #require(folder, "no time zone database")
    let python = try #require(Tools.anyPython, "no python3")
    let expected = try pythonZones(python, folder: folder, names: names)
    #expect(expected.count == names.count && names.count > 300)
    for (name, theirs) in expected {
      // In short ("slim") files, Python applies Ojinaga's rule one second after the last change of the table, and
      // sees a week of summer that the long files and the database's own reader do not have.
      if name == "America/Ojinaga", theirs.changes.contains(where: { $0[0] == 1_667_116_801 }) { continue }
      let ours = try database.zone(named: name)
      #expect(ours.offsetSeconds(at: startMs) == theirs.offset, "\(name)")
      var offset = theirs.offset
      var changes: [TimeZoneTransition] = []
      for change in theirs.changes {
        let ms = Int64(change[0]) * 1000
        changes.append(TimeZoneTransition(ms: ms, offsetSecondsBefore: offset, offsetSecondsAfter: change[1]))
        check(ours, change, before: offset)
        offset = change[1]
      }
      #expect(ours.transitions(from: startMs, to: endMs) == changes, "\(name)")
      for day in theirs.days {
        let start = ours.startOfDay(CivilDate(days: day[0]))
        guard start != Int64(day[1]) * 1000 else { continue }
        Issue.record("\(name): \(CivilDate(days: day[0])) starts at \(rfc3339(start)), not \(day[1])")
      }
    }
  }

  /// The offset and the date, one second before the change and at it.
  private func check(_ zone: TimeZoneRules, _ change: [Int], before: Int) {
    let ms = Int64(change[0]) * 1000
    let isRight =
      zone.offsetSeconds(at: ms - 1) == before && zone.offsetSeconds(at: ms) == change[1]
      && zone.localDate(of: ms - 1).days == change[2]
      && zone.localDate(of: ms).days == max(change[2], change[3])
      && ms % 60_000 == 0 && change[1] % 60 == 0
    if !isRight { Issue.record("\(zone.name) at \(rfc3339(ms))") }
  }

  @Test(needsZones)
  func daysTileInEveryZone() throws {
    let first = CivilDate(days: CivilDate.days(year: 2015, month: 1, day: 1))
    let last = CivilDate(days: CivilDate.days(year: 2027, month: 12, day: 31))
    // Zones that keep the same time throughout are one zone under many names.
    var distinct: [[Int64]: TimeZoneRules] = [:]
    for name in names {
      let zone = try database.zone(named: name)
      let changes = zone.transitions(from: startMs - 86_400_000, to: endMs)
      distinct[[Int64(zone.offsetSeconds(at: startMs))] + changes.map(\.ms)] = zone
    }
    #expect(distinct.count > 50)
    for zone in distinct.values {
      var start = zone.startOfDay(first)
      let rangeStart = start
      var sum: Int64 = 0
      for day in first...last {
        let end = zone.startOfDay(day + 1)
        // Casey in the Antarctic moves its clocks by three hours.
        let hours = (end - start) / 3_600_000
        if !(21...27 ~= hours) || zone.localDate(of: start) != day || zone.localDate(of: end - 1) != day {
          Issue.record("\(zone.name) \(day)")
        }
        sum += end - start
        start = end
      }
      #expect(sum == start - rangeStart && start == zone.startOfDay(last + 1))
      let months = zone.buckets(of: first...last, by: .month)
      #expect(months.reduce(0) { $0 + $1.endMs - $1.startMs } == sum, "\(zone.name)")
    }
  }

  static let oddDays: [(String, String, Int64)] = [
    ("Australia/Lord_Howe", "2026-04-05", 24 * 60 + 30),
    ("Australia/Lord_Howe", "2026-10-04", 23 * 60 + 30),
    ("Pacific/Chatham", "2026-09-27", 23 * 60), ("Pacific/Chatham", "2026-04-05", 25 * 60),
    ("Asia/Kathmandu", "2026-04-05", 24 * 60), ("Europe/Berlin", "2045-03-26", 23 * 60),
    // Midnight itself is skipped or repeated.
    ("America/Havana", "2026-03-08", 23 * 60), ("Asia/Beirut", "2026-03-29", 23 * 60),
    ("Africa/Cairo", "2025-04-25", 23 * 60), ("America/Santiago", "2026-04-04", 25 * 60),
  ]

  @Test(needsZones, arguments: oddDays)
  func knowsOddDays(name: String, day: String, minutes: Int64) throws {
    let zone = try database.zone(named: name)
    let interval = zone.interval(of: try #require(CivilDate(day)))
    #expect(interval.upperBound - interval.lowerBound == minutes * 60_000)
  }

  @Test(needsZones)
  func knowsOddOffsets() throws {
    let summer: Int64 = 1_782_000_000_000
    for (name, text) in [
      ("Asia/Kathmandu", "2026-06-21T05:45+05:45"), ("Pacific/Chatham", "2026-06-21T12:45+12:45"),
      ("America/St_Johns", "2026-06-20T21:30-02:30"),
    ] {
      #expect(try database.zone(named: name).minuteText(of: summer) == text)
    }
  }

  @Test(needsZones)
  func damagedFilesNeverTrap() throws {
    let folder = try #require(folder)
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    var survivors = 0
    for name in ["Europe/Berlin", "America/Nuuk", "Asia/Kathmandu"] {
      let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
      for _ in 0..<150 {
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          // Half of the time near the ends, where the counts and the rule are.
          let near = Bool.random(using: &random) ? min(64, bytes.count) : bytes.count
          let distance = Int.random(in: 0..<near, using: &random)
          let at = Bool.random(using: &random) ? distance : bytes.count - 1 - distance
          bytes[at] = UInt8.random(in: 0...255, using: &random)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
          bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random))
        }
        guard let zone = try? TimeZoneFile.parse(bytes, name: name, path: name) else { continue }
        survivors += 1
        for _ in 0..<8 {
          let day = CivilDate(days: Int.random(in: 16_000...30_000, using: &random))
          let interval = zone.interval(of: day)
          guard !interval.isEmpty else { continue }
          #expect(zone.localDate(of: interval.lowerBound) == day, "seed \(seed)")
          #expect(zone.localDate(of: interval.upperBound - 1) == day, "seed \(seed)")
        }
      }
    }
    #expect(survivors > 0, "seed \(seed)")
  }
}
