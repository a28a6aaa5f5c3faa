//! Which part of a line is canonical as it stands. Most programs that feed tally write their keys in one fixed
//! order without spaces, and all of our own segments are written so; then the line behind id and time can be copied
//! whole, with the source put in, instead of being spelled out field by field.
//!
//! The parser notes each member as it reads it; one member out of order, a space, or a value in another spelling
//! than ours ends the run's claim, and the line is written the ordinary way. A test holds both ways together.

struct CanonicalRun {
  /// Whether every member so far is canonical.
  private(set) var holds = true
  /// Where the members behind id and time begin, at their comma.
  private(set) var start = 0
  /// Where the source belongs: behind the last member before it.
  private(set) var sourceAt = 0
  private var previous: UInt8 = 0

  /// The run is broken for good.
  @inline(__always)
  mutating func fail() { holds = false }

  /// Notes a member whose comma (or opening brace) stands at `from` and whose value ends at `end`.
  @inline(__always)
  mutating func note(_ field: EventField, from: Int, end: Int) {
    let order = field.rawValue &+ 1
    if order <= previous { holds = false }
    previous = order
    if field.rawValue <= EventField.time.rawValue {
      start = end
      sourceAt = end
    } else if field.rawValue < EventField.source.rawValue {
      sourceAt = end
    }
  }
}
