import Bytes
import Files
package import SegmentLog

extension AppendSession {
  /// Makes events durable that earlier runs had to spool.
  ///
  /// What goes wrong here goes wrong for the new events too and is reported there; the spool stays as it is. A line that
  /// is no event, because its write was torn, is set aside whole.
  package func drainSpool(_ folder: String, layout: StoreLayout, writer: String) {
    var drained: UInt64 = 0
    do throws(FileError) {
      try Spool.drain(folder) { batch, lines in
        var options = AppendOptions()
        options.keepsRejects = true
        let session = AppendSession(layout: layout, writer: writer, batch: batch, options: options)
        session.begin(input: "spool", isStream: false)
        session.accept(lines.span.bytes)
        session.endInput()
        let summary = session.finish()
        if session.failure != nil { return false }
        drained += summary.accepted
        if let path = summary.rejectsPath {
          note("the spool: lines that are no events: \(summary.rejected); they are kept in \(path)")
        }
        return true
      }
    } catch {
      note("the spool cannot be read: \(error)")
    }
    noteDrained(drained)
  }
}
