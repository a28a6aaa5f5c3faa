import Calendar
import Testing
import TestSupport

@Suite struct BucketTests {
  let berlin: TimeZoneRules

  init() throws {
    berlin = try #require(TimeZoneRules(posix: "CET-1CEST,M3.5.0,M10.5.0/3"))
  }

  private func days(_ first: String, _ last: String) throws -> ClosedRange<CivilDate> {
    try #require(CivilDate(first))...(try #require(CivilDate(last)))
  }

  private func lines(_ buckets: [Bucket]) -> [String] {
    buckets.map { "\($0.label(in: berlin)) \(rfc3339($0.startMs)) \(($0.endMs - $0.startMs) / 3_600_000) h" }
  }

  @Test func clipsWeeksToTheRange() throws {
    let range = try days("2026-10-21", "2026-11-03")
    #expect(
      lines(berlin.buckets(of: range, by: .isoWeek)) == [
        "2026-10-19 2026-10-20T22:00:00.000Z 121 h",
        "2026-10-26 2026-10-25T23:00:00.000Z 168 h",
        "2026-11-02 2026-11-01T23:00:00.000Z 48 h",
      ])
    #expect(
      lines(berlin.buckets(of: range, by: .week(startingOn: .sunday))) == [
        "2026-10-18 2026-10-20T22:00:00.000Z 96 h",
        "2026-10-25 2026-10-24T22:00:00.000Z 169 h",
        "2026-11-01 2026-10-31T23:00:00.000Z 72 h",
      ])
  }

  @Test func clipsMonthsToTheRange() throws {
    #expect(
      lines(berlin.buckets(of: try days("2026-09-30", "2026-11-01"), by: .month)) == [
        "2026-09 2026-09-29T22:00:00.000Z 24 h",
        "2026-10 2026-09-30T22:00:00.000Z 745 h",
        "2026-11 2026-10-31T23:00:00.000Z 24 h",
      ])
  }

  @Test func cutsDaysOf23And25Hours() throws {
    #expect(
      lines(berlin.buckets(of: try days("2026-03-28", "2026-03-30"), by: .day)).map { $0.suffix(4) }
        == ["24 h", "23 h", "24 h"])
    #expect(
      lines(berlin.buckets(of: try days("2026-10-25", "2026-10-25"), by: .day))
        == ["2026-10-25 2026-10-24T22:00:00.000Z 25 h"])
  }

  @Test func namesRepeatedMinutesApart() throws {
    let minutes = berlin.buckets(of: try days("2026-10-25", "2026-10-25"), by: .minute)
    #expect(minutes.count == 25 * 60)
    #expect(minutes[150].label(in: berlin) == "2026-10-25T02:30+02:00")
    #expect(minutes[210].label(in: berlin) == "2026-10-25T02:30+01:00")
    #expect(Set(minutes.map { $0.label(in: berlin) }).count == 25 * 60)
  }

  @Test func findsTheBucketOfAnInstant() throws {
    let buckets = berlin.buckets(of: try days("2026-10-01", "2026-10-31"), by: .day)
    let first = try #require(buckets.first?.startMs)
    let end = try #require(buckets.last?.endMs)
    #expect(buckets.index(holding: first - 1) == nil && buckets.index(holding: end) == nil)
    #expect(buckets.index(holding: first) == 0 && buckets.index(holding: end - 1) == 30)
    for (index, bucket) in buckets.enumerated() {
      #expect(
        buckets.index(holding: bucket.startMs) == index && buckets.index(holding: bucket.endMs - 1) == index)
    }
  }

  @Test func everyUnitTilesTheRange() throws {
    let range = try days("2025-12-30", "2026-04-02")
    let startMs = berlin.startOfDay(range.lowerBound)
    let endMs = berlin.startOfDay(range.upperBound + 1)
    for unit in [.minute, .day, .isoWeek, .week(startingOn: .saturday), .month] as [BucketUnit] {
      let buckets = berlin.buckets(of: range, by: unit)
      #expect(buckets.first?.startMs == startMs && buckets.last?.endMs == endMs)
      #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.endMs == $1.startMs }, "\(unit)")
    }
  }
}

@Suite struct CoverTests {
  private let day: Int64 = 86_400_000
  private let minute: Int64 = 60_000

  @Test func readsMinutesOnlyOfTheEdges() {
    let first = CivilDate(days: 20_000)
    let startMs = first.utcStartMs + 22 * 60 * minute
    #expect(
      cover(startMs: startMs, endMs: startMs + 2 * day) == [
        .minutes(first, from: 1320, to: 1440), .wholeDay(first + 1), .minutes(first + 2, from: 0, to: 1320),
      ])
    #expect(cover(startMs: first.utcStartMs, endMs: (first + 1).utcStartMs) == [.wholeDay(first)])
    #expect(cover(startMs: startMs, endMs: startMs + minute) == [.minutes(first, from: 1320, to: 1321)])
    #expect(cover(startMs: startMs, endMs: startMs) == [])
  }

  @Test func roundsBothBoundsDown() {
    let first = CivilDate(days: 20_000)
    #expect(
      cover(startMs: first.utcStartMs + 30_000, endMs: first.utcStartMs + 90_000)
        == [.minutes(first, from: 0, to: 1)])
  }

  @Test func coversOfTilesTile() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    for _ in 0..<200 {
      let cuts = (0..<6).map { _ in Int64.random(in: 23_600_000...23_612_000, using: &random) * minute }
        .sorted()
      var atMs = cuts[0]
      for (startMs, endMs) in zip(cuts, cuts.dropFirst()) {
        let pieces = cover(startMs: startMs, endMs: endMs)
        for piece in pieces {
          #expect(piece.startMs == atMs && piece.endMs > atMs, "seed \(seed)")
          #expect(CivilDate(utcDayOf: piece.startMs) == piece.utcDay, "seed \(seed)")
          if case .minutes(_, let from, let to) = piece {
            #expect(from >= 0 && to <= 1440 && to - from < 1440)
          }
          atMs = piece.endMs
        }
        #expect(atMs == endMs, "seed \(seed)")
        #expect(pieces.dropFirst().dropLast().allSatisfy { if case .wholeDay = $0 { true } else { false } })
      }
    }
  }
}
