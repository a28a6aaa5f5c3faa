//! Writes an event as its canonical line: keys in the order of `EventField`, no spaces, absent when unset, the
//! defaults of `kind`, `status` and `revision` left out, decimals in their shortest exact form.

package import Bytes
import Calendar
import Money

/// Writes canonical lines; keeps the spelled-out keys ready.
package struct CanonicalLine {
  private let keys: [UInt8]
  private let starts: [Int]

  package init() {
    var keys: [UInt8] = []
    var starts: [Int] = []
    for field in EventField.allCases {
      starts.append(keys.count)
      let isQuoted = field.shape != .count && field.shape != .object
      keys += Array("\(field == .id ? "{" : ",")\"\(field.name)\":\(isQuoted ? "\"" : "")".utf8)
    }
    starts.append(keys.count)
    self.keys = keys
    self.starts = starts
  }

  /// Appends the line of `parser.event`, without a line end.
  ///
  /// - Parameters:
  ///   - parser: holds the event that was parsed from `line`.
  ///   - line: the line that was parsed.
  ///   - id: the whole identity, namespace included, as the inside of a JSON string.
  ///   - source: the source, likewise.
  ///   - time: the time, which input may have left out.
  ///   - output: where the line goes.
  package func append(
    _ parser: borrowing EventParser, line: RawSpan, id: RawSpan, source: RawSpan, time: Int64,
    to output: inout ByteWriter
  ) {
    output.reserve(line.byteCount &+ id.byteCount &+ source.byteCount &+ 64)
    key(.id, &output)
    output.append(id)
    output.append(UInt8(ascii: "\""))
    key(.time, &output)
    output.append(rfc3339: time)
    output.append(UInt8(ascii: "\""))
    appendFields(parser, line, source, &output)
  }

  /// Spells out what comes behind id and time, field by field.
  private func appendFields(
    _ parser: borrowing EventParser, _ line: RawSpan, _ source: RawSpan, _ output: inout ByteWriter
  ) {
    parser.scratch.withBytes { scratch in
      let event = parser.event
      if event.period != .instant { word(.period, event.period.name, &output) }
      if event.kind != .usage { word(.kind, event.kind.name, &output) }
      for field in EventField.dimensions {
        let isSource = field == .source
        let slice = event.text(field)
        if slice.isEmpty, !isSource { continue }
        key(field, &output)
        if isSource {
          output.append(source)
        } else {
          output.append(slice.isScratch ? scratch : line, slice.range)
        }
        output.append(UInt8(ascii: "\""))
      }
      if event.status != .ok { word(.status, event.status.name, &output) }
      numbers(event, &output)
      if event.revision != 0 {
        key(.revision, &output)
        output.append(decimal: event.revision)
      }
      objects(event, line, scratch, &output)
      output.append(UInt8(ascii: "}"))
    }
  }

  private func numbers(_ event: Event, _ output: inout ByteWriter) {
    let first = EventField.requests.rawValue
    var rest = event.present >> UInt64(first)
    rest &= (1 << UInt64(EventField.revision.rawValue - first)) - 1
    while rest != 0 {
      let index = UInt8(truncatingIfNeeded: rest.trailingZeroBitCount)
      rest &= rest &- 1
      guard let field = EventField(rawValue: first + index) else { continue }
      key(field, &output)
      switch field.shape {
      case .decimal: Decimal.append(field == .cost ? event.cost : event.credits, to: &output)
      case .currency: output.append(event.currency?.description ?? "")
      case .time: output.append(rfc3339: event.resetsAt)
      default: output.append(decimal: event.number(field))
      }
      if field.shape != .count { output.append(UInt8(ascii: "\"")) }
    }
  }

  private func objects(_ event: Event, _ line: RawSpan, _ scratch: RawSpan, _ output: inout ByteWriter) {
    if !event.tags.isEmpty {
      key(.tags, &output)
      output.append(event.tags.isScratch ? scratch : line, event.tags.range)
    }
    if !event.metadata.isEmpty {
      key(.metadata, &output)
      output.append(event.metadata.isScratch ? scratch : line, event.metadata.range)
    }
  }

  @inline(__always)
  private func key(_ field: EventField, _ output: inout ByteWriter) {
    let index = Int(field.rawValue)
    output.append(keys.span.bytes, starts[index]..<starts[index &+ 1])
  }

  private func word(_ field: EventField, _ name: String, _ output: inout ByteWriter) {
    key(field, &output)
    output.append(name)
    output.append(UInt8(ascii: "\""))
  }
}
