/// Why a line is no event: one sentence that says what and how to mend it.
package struct EventFault: Error, Equatable, CustomStringConvertible {
  package let message: String

  package init(_ message: String) { self.message = message }

  package var description: String { message }

  /// The longest line accepted: 1 MiB.
  package static let lineSizeBytesMax = 1 << 20
  /// The largest count of one event, 10^12; a day of a million such events still adds up in 64 bits.
  package static let countMax: Int64 = 1_000_000_000_000
  /// The longest text of a dimension or tag; longer is a prompt in the wrong place.
  package static let textSizeBytesMax = 1024

  static func notJSON(_ detail: String, at offset: Int) -> EventFault {
    EventFault("not JSON: \(detail) at column \(offset + 1)")
  }
}
