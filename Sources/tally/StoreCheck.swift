import Compaction
import Exchange
import Files
import Ingest
import Pricing
import Reports
import SegmentLog

/// What a check of everything in a store but its segments found.
struct StoreCheck {
  /// What was checked, such as `3 rollups`.
  private(set) var counts: [String] = []
  /// What is wrong: each names a file, what it is, and how to mend it.
  private(set) var problems: [String] = []

  /// Reads prices, rates, rollups and what is known of imported files.
  init(_ layout: StoreLayout) {
    let catalogs = StoreCatalog(folder: layout.catalog).check()
    add(catalogs.count, "catalog", catalogs.problems)
    checkRates(layout)
    let rollups = RollupCheck(layout)
    add(rollups.count, "rollup", rollups.problems)
    problems += rollups.failures.map(\.description)
    checkCursor(layout)
  }

  private mutating func checkRates(_ layout: StoreLayout) {
    do throws(RateStoreError) {
      let rates = try RateStore(layout).read()
      add(rates.series.values.reduce(0) { $0 + $1.count }, "exchange rate", [RateStoreError]())
    } catch {
      problems.append(error.description)
    }
  }

  private mutating func checkCursor(_ layout: StoreLayout) {
    do throws(FileError) {
      let cursor = try ImportCursor.check(ImportCursor.path(localFolder: layout.local))
      add(cursor.isThere ? 1 : 0, "cursor", cursor.problems)
    } catch {
      problems.append(error.description)
    }
  }

  private mutating func add(_ count: Int, _ noun: String, _ found: [some CustomStringConvertible]) {
    if count > 0 { counts.append(counted(count, noun)) }
    problems += found.map(\.description)
  }
}
