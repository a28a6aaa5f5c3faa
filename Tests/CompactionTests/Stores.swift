import Compaction
import Foundation
import Pricing
import SegmentLog
import StoreFixtures
import TestSupport

let someDay = 20_000
/// Late enough that the test days are closed.
let later = Int64(someDay + 100) * 86_400_000

extension TemporaryStore {
  /// Brings the rollups up to date.
  @discardableResult
  func rollUp(
    tags: [String] = [], prices: Pricer? = nil, sealing level: Int32? = nil, writer: String = "one",
    isForced: Bool = false, accepting days: Set<Int> = []
  ) throws -> RollupOutcome {
    var options = RollupOptions()
    options.tags = tags
    options.prices = prices
    options.sealLevel = level
    options.writer = writer
    options.isForced = isForced
    options.acceptedDays = days
    return try RollupRun(layout, options: options, now: later).run { _, _ in }
  }

  var rollups: [String: Data] { get throws { try files("rollups") } }
}

/// Lines of several days.
func generated(_ seed: UInt64, days: Int = 3, count: Int = 40, prefix: String = "stdin:") -> [String] {
  var random = SeededGenerator(seed)
  return (0..<days).flatMap { day in
    var generator = EventGenerator(seed: seed &+ UInt64(day), day: someDay + day)
    generator.idPrefix = prefix
    return generator.lines(count)
  }.shuffled(using: &random)
}
