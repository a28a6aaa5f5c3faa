import Bytes
import Files
package import Parquet
package import Pricing
package import Rollup
package import SegmentLog

/// An open rollup file.
package final class RollupFile {
  package let parquet: ParquetFile

  private init(_ parquet: ParquetFile) { self.parquet = parquet }

  /// Opens the rollup of a day when it is there and is what `stamp` and the prices make it now; nil otherwise.
  ///
  /// A file that cannot be read is as good as none: rollups are made again from segments.
  package static func open(
    _ layout: StoreLayout, _ kind: RollupKind, day: Int, stamp: RollupStamp, prices: Pricer?
  ) throws(PricingError) -> RollupFile? {
    guard let found = try? open(layout.rollup(kind.rawValue, day: day)) else { return nil }
    return try stamp.matches(found.parquet, kind, day: day, prices) ? found : nil
  }

  /// The rollup of a day as it lies there, whatever it was made of; nil when there is none that can be read.
  static func stored(_ layout: StoreLayout, _ kind: RollupKind, day: Int) -> RollupFile? {
    try? open(layout.rollup(kind.rawValue, day: day))
  }

  /// The rollup of a day that lost events, as it was made of the lines of `digest`, at the prices of that time.
  package static func open(
    _ layout: StoreLayout, _ kind: RollupKind, day: Int, madeOf digest: String, tags: [String]
  ) -> RollupFile? {
    guard let found = stored(layout, kind, day: day) else { return nil }
    return RollupStamp(segments: digest, tags: tags).isSame(found.parquet, kind) ? found : nil
  }

  private static func open(_ path: String) throws -> RollupFile {
    let handle = OpenFile(try File(path, .read))
    let parquet = try ParquetFile(size: try handle.file.size()) { offset, length in
      try handle.file.read(length, at: offset)
    }
    return RollupFile(parquet)
  }

  private static let accountsKey = "tally.accounts"
  private static let linesKey = "tally.segments"

  /// The accounts of the day, as `AccountSpan.text` writes them; nil when the footer does not say, as only that of the
  /// day rollup does.
  package var accounts: [UInt8]? { parquet.metadata(Self.accountsKey).map { Array($0.utf8) } }

  /// The lines that it was made of; nil when the footer does not say, as only that of the day rollup does.
  var lines: StoredLines? {
    guard let lines = parquet.metadata(Self.linesKey).flatMap({ StoredLines(text: $0) }),
      RollupStamp.segments(of: parquet) == lines.digest
    else { return nil }
    return lines
  }

  /// The bytes of a rollup, to be published.
  static func encode(
    _ table: RollupTable, _ layout: StoreLayout, _ kind: RollupKind, day: Int, stamp: RollupStamp,
    accounts: [AccountSpan], lines: StoredLines
  ) throws(DayError) -> FinishedFile {
    let path = layout.rollup(kind.rawValue, day: day)
    let more = kind == .day ? [(accountsKey, AccountSpan.text(accounts)), (linesKey, lines.text)] : []
    let writer = ParquetWriter(
      columns: table.columns, metadata: stamp.metadata(kind) + more, formatVersion: RollupSchema.version)
    var output = ByteWriter(capacity: 1 << 16)
    do throws(ParquetError) {
      try writer.write(table.values, into: &output)
    } catch {
      throw .rollup("\(path): \(error)")
    }
    return FinishedFile(path: path, output)
  }
}

/// A file that a reading closure can hold.
final class OpenFile: Sendable {
  let file: File

  init(_ file: consuming File) { self.file = file }
}
