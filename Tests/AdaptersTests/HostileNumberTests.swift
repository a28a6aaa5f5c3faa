//! Numbers and times that no use has. A reader refuses the record that holds one, and reads the others as if that one
//! were not there; nothing in a file or a pipe ends the process.

import Adapters
import Bytes
import Events
import Foundation
import TestSupport
import Testing

@Suite struct HostileNumberTests {
  static let numbers = [
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "4611686018427387904",
    "1000000000000000000", "253402300800000", "253402300800", "1000000000001", "1000000000000", "-1", "0.5",
    "1e308", "1e15", "1e-9223372036854775808", "1e9223372036854775807",
    "99999999999999999999999999999999999999999999",
  ]
  static let times = [
    "10000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-01:00",
    "0000-01-01T00:00:00+01:00", "253402300800000", "9223372036854775807", "-1",
  ]

  @Test(arguments: FormatFixture.all)
  func aHostileNumberCostsOnlyItsRecord(_ fixture: FormatFixture) throws {
    try everyPlace(#/-?\d+(\.\d+)?([eE][-+]?\d+)?/#, Self.numbers, fixture)
  }

  @Test(arguments: FormatFixture.all)
  func aHostileTimeCostsOnlyItsRecord(_ fixture: FormatFixture) throws {
    try everyPlace(#/\d{4}-\d\d-\d\d([T ][0-9:.]+(Z|[-+][0-9:]+)?)?/#, Self.times, fixture)
  }

  /// Puts each of `hostile` at each place of a fixture where `pattern` stands for itself, and reads it.
  private func everyPlace<Output>(
    _ pattern: Regex<Output>, _ hostile: [String], _ fixture: FormatFixture
  ) throws {
    let records = records(Array(try Data(contentsOf: fixture.input)), fixture.format)
    let isStream = fixture.input.lastPathComponent == "streams.txt"
    for (index, record) in records.enumerated() {
      var others = records
      others.remove(at: index)
      let without = read(others, fixture).lines
      for range in record.ranges(of: pattern) where isAlone(range, record) {
        for number in hostile {
          var changed = records
          changed[index].replaceSubrange(range, with: number)
          let reading = read(changed, fixture)
          for event in reading.events { parse(event) }
          // Refused, it is as if it were not there; a part of a stream takes its message along.
          if read(Array(changed[...index]), fixture).faults.isEmpty { continue }
          let lost = Set(without).subtracting(reading.lines)
          let place = "byte \(range.lowerBound.utf16Offset(in: record)) of record \(index + 1)"
          #expect(lost.count <= (isStream ? 1 : 0), "\(number) at \(place)")
        }
      }
    }
  }

  /// The next reader of an event: it may refuse it, and must not trap.
  private func parse(_ event: EventDraft) {
    var parser = EventParser(.input)
    try? parser.parse(event.line.span.bytes, now: 1_795_176_000_000)
  }

  private func records(_ bytes: [UInt8], _ format: LogFormat) -> [String] {
    var records: [String] = []
    func add(_ record: RawSpan) {
      records.append(record.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }
    var cutter = RecordCutter(format.shape)
    cutter.accept(bytes.span.bytes) { record, _ in add(record) }
    cutter.finish { record, _ in add(record) }
    return records
  }

  private func read(_ records: [String], _ fixture: FormatFixture) -> FormatReading {
    fixture.reading(Array((records.joined(separator: "\n") + "\n").utf8))
  }

  /// Whether no letter or digit stands beside a match: then it is a number or an instant, not part of a name.
  private func isAlone(_ range: Range<String.Index>, _ text: String) -> Bool {
    func isOther(_ scalar: Unicode.Scalar?) -> Bool {
      guard let scalar else { return true }
      return !("-._:" as String).unicodeScalars.contains(scalar) && !scalar.properties.isAlphabetic
        || scalar == ":"
    }
    let before = text[..<range.lowerBound].unicodeScalars.last
    return isOther(before) && isOther(text[range.upperBound...].unicodeScalars.first)
  }
}

/// Inputs that once ended the process: `Fixtures/regressions/<format>.<what>.<ext>`, a bad record among good ones.
@Suite struct RegressionTests {
  static let inputs: [FormatFixture] = {
    let folder = Tools.root.appending(path: "Fixtures/regressions")
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.sorted { $0.path < $1.path }.compactMap { file in
      let name = file.lastPathComponent.prefix { $0 != "." }
      return LogFormats.named(String(name)).map { FormatFixture(format: $0, input: file) }
    }
  }()

  @Test func thereAreSome() { #expect(Self.inputs.count >= 6) }

  @Test(arguments: inputs)
  func whatEndedTheProcessIsAFaultBesideItsNeighbours(_ input: FormatFixture) throws {
    let reading = input.reading(Array(try Data(contentsOf: input.input)))
    #expect(reading.events.count == 2, "\(reading.lines)")
    #expect(reading.faults.count == 1, "\(reading.faults)")
  }
}
