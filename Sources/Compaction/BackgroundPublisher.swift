//! Publishing waits for the disk three times a day; this thread does the waiting, so that those who compute need not.
//!
//! Waiting was a tenth of the time of a rollup.

import Bytes
import Dispatch
import Files

/// A file that is finished in memory.
///
/// Unchecked: nobody changes it.
final class FinishedFile: @unchecked Sendable {
  let path: String
  private let bytes: ByteWriter

  init(path: String, _ bytes: consuming ByteWriter) {
    self.path = path
    self.bytes = bytes
  }

  /// Puts the file in place of the one that was there, atomically and durably.
  func publish() throws(FileError) {
    try Folders.create(Folders.parent(of: path))
    try bytes.withBytes { (bytes) throws(FileError) in try Publish.replace(path, with: bytes) }
  }
}

/// Publishes files in the order in which they come.
final class BackgroundPublisher: Sendable {
  private let queue = DispatchQueue(label: "publish")
  /// A slow disk must not let finished files fill the memory.
  private let room = DispatchSemaphore(value: 4)

  /// Takes files that belong together, as soon as there is room, and says later how it went.
  func publish(_ files: [FinishedFile], then report: @escaping @Sendable (FileError?) -> Void) {
    room.wait()
    queue.async { [room] in
      defer { room.signal() }
      do throws(FileError) {
        for file in files { try file.publish() }
        report(nil)
      } catch {
        report(error)
      }
    }
  }

  /// Waits until all is published.
  func wait() { queue.sync {} }
}
