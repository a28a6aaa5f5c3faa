//! Memory that is far from the processor takes as long as some hundred instructions to come. Whoever will look at many
//! places says so of all of them first, or of those that come next, and waits for many at a time instead of for each.

import CScan

/// Announces looks at memory.
package enum Prefetch {
  /// How many looks ahead to announce where they come one after the other.
  package static let distance = 8

  /// Says that `bytes` will be looked at soon.
  package static func announce(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      tally_prefetch(start, bytes.count)
    }
  }
}
