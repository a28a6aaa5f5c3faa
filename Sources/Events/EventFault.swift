/// Why a line is no event: one sentence that says what and how to mend it.
package struct EventFault: Error, Equatable, CustomStringConvertible {
  package let message: String

  package init(_ message: String) { self.message = message }

  package var description: String { message }

  /// The longest line accepted: 1 MiB.
  package static let lineSizeBytesMax = 1 << 20
  /// The largest count of one event, 10^12; a day of a million such events still adds up in 64 bits.
  package static let countMax: Int64 = 1_000_000_000_000
  /// The longest text of an identity, a dimension or a tag; longer is a prompt in the wrong place.
  ///
  /// In canonical spelling, so that escapes do not count; nor does the namespace of an identity.
  package static let textSizeBytesMax = 1024

  /// The most that the tags of an event may be together, as a canonical object.
  ///
  /// So the canonical line of an accepted line is never too long to be accepted itself.
  package static let tagsSizeBytesMax = 1 << 16

  /// A name from outside as a message may show it: whole when short, cut when long.
  package static func shown(_ name: String) -> String {
    name.utf8.count <= 64 ? name : "\(name.prefix(60))…"
  }

  static func notJSON(_ detail: String, at offset: Int) -> EventFault {
    EventFault("not JSON: \(detail) at column \(offset + 1)")
  }
}
