//! What the tests of this module share: lines in, canonical lines or messages out.

import Bytes
import Events
import Foundation

/// A moment in the life of the tests: 2026-11-21T00:00:00Z.
let now: Int64 = 1_795_219_200_000

/// What a parser made of one line.
struct Outcome: Equatable {
  var line = ""
  var dropped: [String] = []
  var message: String?
}

/// Parses `bytes` and writes the event's canonical line with the id, source and time that it has itself; those it
/// lacks become empty texts and 1970.
func outcome(
  _ bytes: [UInt8], _ mode: EventParser.Mode = .input, keptFields: [String] = []
) -> Outcome {
  var parser = EventParser(mode, keptFields: keptFields)
  do throws(EventFault) {
    try parser.parse(bytes.span.bytes, now: now)
  } catch {
    return Outcome(message: error.message)
  }
  var output = ByteWriter()
  let id = text(.id, parser, bytes)
  let source = text(.source, parser, bytes)
  CanonicalLine().append(
    parser, line: bytes.span.bytes, id: id.span.bytes, source: source.span.bytes, time: parser.event.time,
    to: &output)
  return Outcome(
    line: String(decoding: output.array, as: UTF8.self),
    dropped: parser.dropped.map { String(decoding: bytes[$0], as: UTF8.self) })
}

func outcome(_ line: String, _ mode: EventParser.Mode = .input, keptFields: [String] = []) -> Outcome {
  outcome(Array(line.utf8), mode, keptFields: keptFields)
}

/// The bytes of a text field.
func text(_ field: EventField, _ parser: borrowing EventParser, _ line: [UInt8]) -> [UInt8] {
  let slice = parser.event.text(field)
  return parser.scratch.withBytes { scratch in
    (slice.isScratch ? scratch : line.span.bytes).array(slice.range)
  }
}

private let head = #"{"id":"t:1","time":"2026-11-20T00:00:00.000Z","#

/// The whole input line around `fields`, which belong to one complete event.
func line(_ fields: String) -> String {
  #"{"id":"t:1","time":"2026-11-20T00:00:00Z","source":"t","# + fields + "}"
}

/// The whole canonical line: dimensions before `source`, the rest behind it.
func canonical(_ rest: String, before: String = "") -> String {
  head + (before.isEmpty ? "" : before + ",") + #""source":"t""# + (rest.isEmpty ? "" : "," + rest) + "}"
}
