//! Writes a table as one Parquet file in memory. Everything is a pure function of the table and the options, so
//! the same table gives the same bytes (with the same zstd library).
//!
//! 1. Rows are cut into row groups.
//! 2. Each column of a row group becomes a chunk: a dictionary page if that is smallest, and one data page. Columns of
//!    numbers that are the same all the way share one.
//! 3. The footer says where the chunks are, what they span, and carries checksums of everything.

package import Bytes

/// Writes tables of one schema.
package struct ParquetWriter {
  /// The table's columns.
  package let columns: [ParquetColumn]
  /// Key-value pairs of the footer, written in this order.
  package var metadata: [(String, String)]
  /// The caller's format version; `created_by` names it.
  package var formatVersion: String
  /// The most rows in one row group.
  package var rowGroupRowsMax: Int

  /// A writer of tables with these columns.
  package init(
    columns: [ParquetColumn], metadata: [(String, String)] = [], formatVersion: String = "1",
    rowGroupRowsMax: Int = 1 << 17
  ) {
    precondition((1...Format.rowGroupRowsMax).contains(rowGroupRowsMax))
    self.columns = columns
    self.metadata = metadata
    self.formatVersion = formatVersion
    self.rowGroupRowsMax = rowGroupRowsMax
  }

  /// Appends a file with `values`, one element a column, to `output`.
  ///
  /// Cost a value: 2 to 10 ns for integers and strings, half of it zstd; 0.3 ns where the column has one value
  /// throughout.
  package func write(_ values: [ParquetValues], into output: inout ByteWriter) throws(ParquetError) {
    let layouts = try checkedLayouts(values)
    let rowCount = values.first?.count ?? 0
    let start = output.count
    var footer = Footer()
    footer.layouts = layouts
    footer.rowCount = rowCount
    footer.metadata = metadata
    footer.createdBy = Format.createdByPrefix + formatVersion
    output.append(Format.magic)
    let twins = Self.twins(layouts, values)
    var encoder = ChunkEncoder(fileStart: start)
    for first in stride(from: 0, to: rowCount, by: rowGroupRowsMax) {
      let rows = first..<min(first + rowGroupRowsMax, rowCount)
      var group = ParquetRowGroup()
      group.rowCount = rows.count
      for (index, layout) in layouts.enumerated() {
        let values = values[index]
        if let twin = twins[index] {
          group.chunks.append(group.chunks[twin])
          continue
        }
        do throws(ParquetError) {
          group.chunks.append(try encoder.encode(values, rows, layout, into: &output))
        } catch {
          output.truncate(to: start)
          throw error
        }
      }
      footer.rowGroups.append(group)
    }
    let bytes = footer.encoded()
    output.append(bytes)
    output.append(littleEndian: UInt32(bytes.count))
    output.append(Format.magic)
  }

  /// For each column of numbers an earlier one of its type with the same values, whose chunks it shares.
  private static func twins(_ layouts: [ColumnLayout], _ values: [ParquetValues]) -> [Int?] {
    values.indices.map { index in
      switch values[index] {
      case .integers, .decimals, .constant(.integer, _), .constant(.decimal, _): break
      case .booleans, .strings, .constant: return nil
      }
      let column = layouts[index].column
      return (0..<index).first { earlier in
        let other = layouts[earlier].column
        return other.type == column.type && other.isOptional == column.isOptional
          && values[earlier] == values[index]
      }
    }
  }

  /// A file with `values`, one element a column.
  package func bytes(_ values: [ParquetValues]) throws(ParquetError) -> [UInt8] {
    var output = ByteWriter(capacity: 1 << 16)
    try write(values, into: &output)
    return output.array
  }
}
