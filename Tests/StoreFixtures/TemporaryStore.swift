import Bytes
package import Foundation
package import SegmentLog

/// A store in a folder of its own, removed with the object.
package final class TemporaryStore {
  package let folder: URL
  package var layout: StoreLayout { StoreLayout(root: folder.path) }

  package init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tally-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Appends lines, in that order, each to the segment of its day: one commit a call and day.
  package func append(_ lines: [String], writer: String = "one", batch: String = "batch") throws {
    var days: [Int: DayLines] = [:]
    for line in lines {
      let time = try Reference.time(of: line)
      let day = Int(time / 86_400_000)
      let lines = days[day] ?? DayLines(day: day)
      days[day] = lines
      _ = lines.add(time: time) { $0.append(line) }
    }
    var appender = SegmentAppender(layout: layout, writer: writer)
    let faults = appender.append(days.values.sorted { $0.day < $1.day }, batch: batch).compactMap(\.self)
    if let fault = faults.first { throw fault }
  }

  /// The bytes of every file below a folder of the store, by path.
  package func files(_ below: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    let root = folder.appending(path: below).path
    for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
      var isFolder: ObjCBool = false
      let path = root + "/" + name
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      files[name] = try Data(contentsOf: URL(filePath: path))
    }
    return files
  }

  /// Changes the bytes of a file of the store.
  package func damage(_ path: String, _ change: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: URL(filePath: path))
    change(&data)
    try data.write(to: URL(filePath: path))
  }
}
