import Bytes

@testable import Rollup

/// Adds up to more than 127 bits, in a row or outside all rows.
struct OverflowProbe {
  /// Which column is said not to fit; nil when all do.
  func fault(isCounted: Bool) -> FoldError? {
    var scan = DayScan(day: 0, tags: [], expected: 2)
    let lines = (0..<2).map { "{\"id\":\"a:\($0)\",\"time\":\"1970-01-01T00:00:00.000Z\",\"requests\":1}\n" }
    do throws(FoldError) {
      let bytes = Array(lines.joined().utf8)
      try scan.add(bytes.span.bytes)
      for row in 0..<2 {
        scan.events.amounts.set(RollupAmount.credits.rawValue, of: row, to: .max)
        if !isCounted { scan.events.marks[row].insert(.void) }
      }
      _ = try DayFold(scan).finish().rollups()
      return nil
    } catch {
      return error
    }
  }
}
