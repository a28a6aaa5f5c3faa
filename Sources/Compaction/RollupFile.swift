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

  private static func open(_ path: String) throws -> RollupFile {
    let handle = OpenFile(try File(path, .read))
    let parquet = try ParquetFile(size: try handle.file.size()) { offset, length in
      try handle.file.read(length, at: offset)
    }
    return RollupFile(parquet)
  }

  private static let accountsKey = "tally.accounts"

  /// The accounts of the day, as `AccountSpan.text` writes them; nil when the footer does not say, as only that of the
  /// day rollup does.
  package var accounts: [UInt8]? { parquet.metadata(Self.accountsKey).map { Array($0.utf8) } }

  /// The bytes of a rollup, to be published.
  static func encode(
    _ table: RollupTable, _ layout: StoreLayout, _ kind: RollupKind, day: Int, stamp: RollupStamp,
    accounts: [AccountSpan]
  ) throws(DayError) -> FinishedFile {
    let path = layout.rollup(kind.rawValue, day: day)
    let more = kind == .day ? [(accountsKey, AccountSpan.text(accounts))] : []
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
