package import Files
import Rollup
package import SegmentLog

/// Which days a store has.
package enum StoreDays {
  /// The UTC days with segments and those with rollups, ascending: where rollups are and no segments, events are gone.
  package static func list(_ layout: StoreLayout) throws(FileError) -> [Int] {
    var days = Set<Int>()
    for folder in [layout.segments] + RollupKind.allCases.map({ layout.rollups($0.rawValue) }) {
      for name in try Folders.names(folder) {
        if let day = StoreLayout.day(ofFolder: name) { days.insert(day) }
      }
    }
    return days.sorted()
  }
}
