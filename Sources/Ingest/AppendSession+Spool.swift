import Bytes
import Files
package import SegmentLog

extension AppendSession {
  /// Makes events durable that earlier runs had to spool.
  ///
  /// What goes wrong here goes wrong for the new events too and is reported there; the spool stays as it is.
  package func drainSpool(_ folder: String, layout: StoreLayout, writer: String) {
    var drained: UInt64 = 0
    do throws(FileError) {
      try Spool.drain(folder) { batch, lines in
        let session = AppendSession(
          layout: layout, writer: writer, batch: batch, options: AppendOptions())
        session.begin(input: "spool", isStream: false)
        session.accept(lines.span.bytes)
        session.endInput()
        let summary = session.finish()
        drained += summary.accepted
        return session.failure == nil
      }
    } catch {
      note("the spool cannot be read: \(error)")
    }
    noteDrained(drained)
  }
}
