package import Adapters
import Bytes
package import Files
import JSON

/// Finds out what a file is by its beginning.
package enum FormatDetection {
  private static let sampleSizeBytes = 1 << 18
  private static let objectsMax = 16

  /// The format of the file at `path`; nil when it is none that is known.
  package static func format(of path: String) throws(FileError) -> LogFormat? {
    let bytes = try beginning(of: path)
    return bytes.withBytes { LogFormats.recognise(sample(path, $0)) }
  }

  /// The names of the columns of the file at `path`; none when it is no delimited text.
  package static func header(of path: String) throws(FileError) -> [String] {
    let bytes = try beginning(of: path)
    return bytes.withBytes { header($0) }
  }

  private static func beginning(of path: String) throws(FileError) -> ByteWriter {
    let file = try File(path, .read)
    var bytes = ByteWriter(capacity: sampleSizeBytes)
    try file.read(sampleSizeBytes, at: 0, into: &bytes)
    return bytes
  }

  /// The beginning of a file, as formats look at it.
  private static func sample(_ path: String, _ bytes: RawSpan) -> LogSample {
    let isDatabase = bytes.withUnsafeBytes { $0.starts(with: "SQLite format 3\0".utf8) }
    if isDatabase { return LogSample(path: path, isDatabase: true) }
    var objects: [JSONNode] = []
    var cutter = RecordCutter(.values)
    func take(_ record: RawSpan) {
      guard objects.count < objectsMax, record.byteCount > 1 else { return }
      let bytes = record.withUnsafeBytes { Array($0) }
      if let root = try? JSONDocument(bytes).root, root.kind == .object { objects.append(root) }
    }
    cutter.accept(bytes) { record, _ in take(record) }
    cutter.finish { record, _ in take(record) }
    return LogSample(path: path, objects: objects, header: objects.isEmpty ? header(bytes) : [])
  }

  /// The fields of the first row, if it is delimited text.
  private static func header(_ bytes: RawSpan) -> [String] {
    var header: [String]?
    var cutter = RecordCutter(.rows)
    func take(_ record: RawSpan) {
      if header != nil || record.byteCount == 0 { return }
      header =
        (try? DelimitedText.fields(of: record, delimiter: DelimitedText.delimiter(ofHeader: record))) ?? []
    }
    cutter.accept(bytes) { record, _ in take(record) }
    cutter.finish { record, _ in take(record) }
    return header ?? []
  }
}
