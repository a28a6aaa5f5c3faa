import Foundation
import Testing
import TestSupport

@testable import Events

@Suite struct TimestampTests {
  private func parse(_ text: String) -> Result<Int64, Timestamp.Fault> {
    let bytes = Array(text.utf8)
    return Timestamp.parse(bytes.span.bytes, 0..<bytes.count)
  }

  @Test func agreesWithFoundation() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    let (from, to) = (Int64(-2_208_988_800), Int64(7_289_654_400))
    for _ in 0..<2000 {
      let second = Int64.random(in: from..<to, using: &generator)
      let millisecond = Int64.random(in: 0...999, using: &generator)
      let digits = String(String(1000 + millisecond).dropFirst())
      let theirs = formatter.string(from: Date(timeIntervalSince1970: Double(second)))
      let expected = theirs.dropLast() + ".\(digits)Z"
      let time = second * 1000 + millisecond
      #expect(Timestamp.text(time) == expected, "seed \(seed)")
      #expect(parse(String(expected)) == .success(time), "seed \(seed)")
      #expect(Timestamp.dayText(Timestamp.utcDay(time)) == expected.prefix(10), "seed \(seed)")
      #expect(Timestamp.day(named: expected.prefix(10)) == Timestamp.utcDay(time), "seed \(seed)")
    }
  }

  static let noon: Int64 = 1_795_176_000_000

  static let readings: [(String, Int64)] = [
    ("2026-11-20T12:00:00Z", noon), ("2026-11-20t12:00:00z", noon), ("2026-11-20 12:00:00Z", noon),
    ("2026-11-20T12:00:00,5Z", noon + 500), ("2026-11-20T12:00:00.05Z", noon + 50),
    ("2026-11-20T12:00:00.0009Z", noon), ("2026-11-20T12:00:00.123456789012345678901234567890Z", noon + 123),
    ("2026-11-20T12:00Z", noon), ("2026-11-20T14:00:00+02:00", noon), ("2026-11-20T14:00:00+0200", noon),
    ("2026-11-20T14:00:00+02", noon), ("2026-11-20T06:30:00-05:30", noon),
    ("2026-11-20T12:00:00-00:00", noon),
    ("2026-11-21T01:45:00+13:45", noon), ("2026-11-19T12:01:00-23:59", noon),
    ("2026-11-20T12:00:60Z", noon + 59_999), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ("2000-02-29T00:00:00Z", 951_782_400_000), ("1969-12-31T23:59:59.999Z", -1),
    ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
  ]

  @Test(arguments: readings)
  func reads(text: String, time: Int64) {
    #expect(parse(text) == .success(time))
  }

  static let faults: [(String, Timestamp.Fault)] = [
    ("", .malformed), ("2026", .malformed), ("2026-11-20", .malformed), ("2026-11-20T", .malformed),
    ("2026-11-20T12", .malformed), ("2026-11-20T12:0", .malformed), ("2026-11-20T12:00:0Z", .malformed),
    ("2026-11-20T12:00:00.Z", .malformed), ("2026-11-20T12:00:00ZZ", .malformed),
    ("2026-11-20T12:00:00 +02:00", .malformed), ("2026-11-20T12:00:00Z ", .malformed),
    (" 2026-11-20T12:00:00Z", .malformed), ("26-11-20T12:00:00Z", .malformed),
    ("20261120T120000Z", .malformed),
    ("2026/11/20T12:00:00Z", .malformed), ("2026-1-20T12:00:00Z", .malformed),
    ("+2026-11-20T12:00:00Z", .malformed),
    ("2026-11-20T12:00:00+24:00", .malformed), ("2026-11-20T12:00:00+02:60", .malformed),
    ("2026-11-20T12:00:00+2:00", .malformed), ("２026-11-20T12:00:00Z", .malformed),
    ("2026-11-20T12:00:00", .noOffset), ("2026-11-20T12:00", .noOffset),
    ("2026-11-20T12:00:00.123", .noOffset),
    ("2026-02-29T12:00:00Z", .noSuchDate), ("1900-02-29T12:00:00Z", .noSuchDate),
    ("2026-02-30T12:00:00Z", .noSuchDate), ("2026-04-31T12:00:00Z", .noSuchDate),
    ("2026-13-01T12:00:00Z", .noSuchDate), ("2026-00-01T12:00:00Z", .noSuchDate),
    ("2026-01-00T12:00:00Z", .noSuchDate), ("2026-01-32T12:00:00Z", .noSuchDate),
    ("2026-11-20T24:00:00Z", .noSuchDate), ("2026-11-20T12:60:00Z", .noSuchDate),
    ("2026-11-20T12:00:61Z", .noSuchDate), ("0000-01-01T00:00:00+00:01", .noSuchDate),
    ("9999-12-31T23:59:59-00:01", .noSuchDate),
  ]

  @Test(arguments: faults)
  func refuses(text: String, fault: Timestamp.Fault) {
    #expect(parse(text) == .failure(fault))
  }

  @Test(arguments: [
    ("2026-11-20", 20_777), ("1970-01-01", 0), ("1969-12-31", -1), ("2026-11-2", nil), ("2026-02-29", nil),
    ("20261120", nil), ("2026-11-20Z", nil), ("", nil),
  ])
  func readsDays(text: String, day: Int?) {
    #expect(Timestamp.day(named: text) == day)
  }

  @Test func aDayBeginsAtMidnight() {
    #expect(Timestamp.utcDay(0) == 0 && Timestamp.utcDay(-1) == -1 && Timestamp.utcDay(86_399_999) == 0)
    #expect(Timestamp.utcDay(86_400_000) == 1 && Timestamp.utcDay(-86_400_000) == -1)
    #expect(Timestamp.utcDay(-86_400_001) == -2)
  }
}
