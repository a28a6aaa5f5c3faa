//! The last line, so that a prompt need not wait for the same answer again. It holds while nothing that it was made of has
//! changed: the segments of yesterday, today and tomorrow (in any zone today is among them), which days there are, what is
//! rolled up, catalogs, the configuration, what was asked, and the hour. Something appended to an older day is seen
//! after ten minutes at most.

import Bytes
import Calendar
import Files
import SegmentLog

struct StatuslineCache {
  private static let ageMsMax: Int64 = 600_000
  private static let hourMs: Int64 = 3_600_000
  private static let sizeBytesMax = 1 << 16

  private let path: String
  private let key: String
  private let now: Int64

  /// Nil when it cannot be seen what has changed.
  init?(_ layout: StoreLayout, configuration: String, now: Int64) {
    self.now = now
    path = layout.statusline
    let day = CivilDate(utcDayOf: now).days
    var segments: [String] = []
    for folder in (day - 1...day + 1).map(layout.segments(day:)) {
      guard let names = try? Folders.list(folder) else { return nil }
      segments += names.map { "\(folder)/\($0)" }
    }
    let files = [configuration, layout.segments, layout.rollupManifest, layout.catalog] + segments
    let root = try? Folder("/")
    let marks = files.map { file in
      let mark = root?.mark(Folders.absolute(file))
      return mark.map { "\($0.inode) \($0.sizeBytes) \($0.changedNanoseconds)" } ?? "none"
    }
    let asked =
      System.arguments
      + ["TZ", "LANG", "LC_ALL", "LC_CTYPE"].map { System.environment($0) ?? "" }
    let text = TabbedLine.text(asked + ["\(now / Self.hourMs)"] + marks)
    key = Hexadecimal.text(XXH64.hash(Array(text.utf8)))
  }

  /// The line, if it still holds and is as it was written.
  var line: String? {
    guard let bytes = try? Publish.contents(path, sizeBytesMax: Self.sizeBytesMax) else { return nil }
    return RememberedLine(bytes).flatMap { known in
      known.key == key && known.madeMs <= now && known.madeMs >= now - Self.ageMsMax ? known.line : nil
    }
  }

  /// Remembers a line; a store that cannot be written to does without.
  func keep(_ line: String) {
    let bytes = RememberedLine(key: key, madeMs: now, line: line).bytes
    try? Folders.create(Folders.parent(of: path))
    try? Publish.replace(path, with: bytes.span.bytes)
  }
}
