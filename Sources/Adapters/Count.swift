import Events
import Money

/// The one way in for counts of other people's records.
///
/// A count that came in is 0 to 10^12, so readers add and subtract counts of one record without checks: a record has
/// at most 8 MiB, so at most 4 million counts, and 4 million times 10^12 is less than half of what an `Int64` holds.
enum Count {
  /// What a count is, for messages.
  static let description = "whole number from 0 to 10^12"

  /// `value` as a count; nil when it is none.
  static func of(_ value: some BinaryInteger) -> Int64? {
    0...EventFault.countMax ~= Int64(clamping: value) ? Int64(value) : nil
  }

  /// `pico` pico-units as a count; nil when they are none.
  static func of(pico: Int128) -> Int64? {
    let (count, rest) = pico.quotientAndRemainder(dividingBy: Decimal.unit)
    return rest == 0 ? of(count) : nil
  }
}
