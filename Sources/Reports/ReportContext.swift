import Calendar
import Compaction
package import Configuration
import Files
package import Pricing
import Query
package import SegmentLog

/// An opened store, and all that decides besides the question how a report comes out.
package struct ReportContext: Sendable {
  package let layout: StoreLayout
  package let configuration: Configuration
  /// The file of the configuration, as messages name it.
  package let configurationPath: String
  package let prices: Pricer
  /// The clock, read once; UTC milliseconds.
  package let nowMs: Int64

  package init(
    layout: StoreLayout, configuration: Configuration, configurationPath: String, prices: Pricer, nowMs: Int64
  ) {
    self.layout = layout
    self.configuration = configuration
    self.configurationPath = configurationPath
    self.prices = prices
    self.nowMs = nowMs
  }

  /// The tags that are columns of rollups.
  var tags: [String] { configuration.rollupTags }
}

extension ReportContext {
  /// The UTC days that the store has, ascending, in days since 1970.
  func storedDays() throws(ReportFailure) -> [Int] {
    do throws(FileError) {
      return try StoreDays.list(layout)
    } catch {
      throw .file(error)
    }
  }

  /// The part of a range outside of which the store has no events in any zone: a range may be thousands of years.
  func narrowed(_ days: ClosedRange<CivilDate>) throws(ReportFailure) -> ClosedRange<CivilDate> {
    let nothing = days.lowerBound...days.lowerBound
    let stored = try storedDays()
    guard let first = stored.first, let last = stored.last else { return nothing }
    let known = CivilDate(days: first - 1)...CivilDate(days: last + 1)
    return days.overlaps(known) ? days.clamped(to: known) : nothing
  }

  /// A file that lies beside the configuration file.
  func besideConfiguration(_ name: String) -> String {
    Folders.sibling(name, of: configurationPath)
  }
}
