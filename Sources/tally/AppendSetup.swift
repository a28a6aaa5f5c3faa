//! What `tally append` must know before it reads: settings, store, writer, and where lines go that cannot be written.
//!
//! With `--best-effort` no mistake in them loses a line: what cannot be found out has its default, and all lines go to the
//! spool, from which the first append with settings in order takes them.

import Configuration
import Files
import Ingest
import SegmentLog

struct AppendSetup {
  let settings: Configuration
  let layout: StoreLayout
  let writer: String
  /// Where lines go that cannot be written.
  let spool: String
  /// Spools that wait for this store; none when it must not be written.
  let waiting: [String]
  /// Whether all lines go to the spool, because the settings are not in order.
  let isSpoolOnly: Bool

  /// Finds out what there is to know.
  ///
  /// - Parameter isBestEffort: whether what is wrong is said and worked around.
  init(_ options: StoreOptions, isDryRun: Bool, isBestEffort: Bool) throws {
    var faults = 0
    func found<Value>(_ body: () throws -> Value, else fallback: () -> Value) throws -> Value {
      do {
        return try body()
      } catch let failure as Failure where isBestEffort {
        Terminal.say(failure)
        faults += 1
        return fallback()
      }
    }
    settings = try found(options.settings, else: Configuration.init)
    layout = try options.layout(settings)
    let state = try Failure.wrap(Directories.state)
    let ofStore = Spool.folder(state: state, store: layout.root)
    let ofSettings = Spool.folder(state: state, configuration: try options.configurationPath)
    let isNamed = options.namedStore != nil
    // Without settings the store is known only if it is named.
    spool = faults == 0 || isNamed ? ofStore : ofSettings
    // A dry run does not even make this machine a name.
    writer =
      isDryRun && options.writer == nil
      ? "dry-run" : try found(options.writerName, else: WriterName.fresh)
    isSpoolOnly = faults > 0
    waiting = isSpoolOnly ? [] : isNamed ? [ofStore] : [ofStore, ofSettings]
  }
}
