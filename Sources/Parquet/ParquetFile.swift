//! Reads Parquet files, ours and those of other engines, a column of a row group at a time. Opening reads only
//! the footer; nothing else is touched until it is asked for.

import Bytes
import Zstd

/// A Parquet file whose footer has been read.
///
/// Sendable: several threads may read columns of one file at once, each with its own scratch memory.
package struct ParquetFile: Sendable {
  /// Gives `length` bytes of the file from `offset` on.
  package typealias ReadRange = @Sendable (_ offset: Int, _ length: Int) throws -> [UInt8]

  /// The file's columns.
  package let columns: [ParquetColumn]
  /// How many rows it has.
  package let rowCount: Int
  /// Key-value pairs of the footer in their order, without our checksums.
  package let metadata: [(String, String)]
  /// Who wrote it.
  package let createdBy: String
  /// The runs of rows it is made of.
  package let rowGroups: [ParquetRowGroup]
  /// Whether it carries checksums of footer and columns, as all files of ours do.
  package let hasChecksums: Bool

  private let layouts: [ColumnLayout]
  private let dataEnd: Int
  private let source: ReadRange
  /// The end of the file, as it was read for the footer.
  private let tail: [UInt8]
  private let tailStart: Int

  /// Opens a file that is in memory.
  package init(bytes: [UInt8]) throws(ParquetError) {
    try self.init(size: bytes.count) { offset, length in Array(bytes[offset..<offset + length]) }
  }

  /// Opens a file of `size` bytes.
  ///
  /// Cost: one read of up to 64 KiB at the end, rarely two; what is smaller than 256 KiB is read whole, once.
  ///
  /// - Parameters:
  ///   - size: the file's length in bytes.
  ///   - read: gives exactly the bytes asked for, which always lie within `size`.
  package init(size: Int, read: @escaping ReadRange) throws(ParquetError) {
    guard size >= Format.magic.count + Format.trailerSize else {
      throw ParquetError(.notParquet, place: "file", "\(size) bytes are too few")
    }
    var tailStart = size <= Format.wholeSize ? 0 : size - Format.tailSize
    var tail = try Self.read(read, "footer", tailStart, size - tailStart)
    let magic = Array(tail.suffix(Format.magic.count))
    guard magic != Format.encryptedMagic else {
      throw ParquetError(.unsupported, place: "footer", "encrypted")
    }
    guard magic == Format.magic else {
      throw ParquetError(.notParquet, place: "file", offset: size - 4, "does not end in PAR1")
    }
    let length = tail.suffix(Format.trailerSize).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let footerEnd = size - Format.trailerSize
    guard length > 0, length <= footerEnd - Format.magic.count else {
      throw ParquetError(.damaged, place: "footer", offset: footerEnd, "an impossible length of \(length)")
    }
    if footerEnd - length < tailStart {
      tailStart = footerEnd - length
      tail = try Self.read(read, "footer", tailStart, size - tailStart)
    }
    let start = footerEnd - length
    var footer: Footer
    do throws(Damage) {
      footer = try tail.span.bytes.withUnsafeBytes { (bytes) throws(Damage) in
        try Footer(
          checking: UnsafeRawBufferPointer(rebasing: bytes[start - tailStart..<footerEnd - tailStart]))
      }
    } catch {
      throw error.error(place: "footer", base: start)
    }
    columns = footer.layouts.map(\.column)
    rowCount = footer.rowCount
    metadata = footer.metadata
    createdBy = footer.createdBy
    rowGroups = footer.rowGroups
    hasChecksums = footer.hasChecksums
    layouts = footer.layouts
    dataEnd = start
    source = read
    self.tail = tail
    self.tailStart = tailStart
  }

  /// The place of the column of that name, nil when there is none.
  package func column(named name: String) -> Int? {
    columns.firstIndex { $0.name.hasBytes(of: name) }
  }

  /// The value of a footer's key.
  package func metadata(_ key: String) -> String? {
    metadata.first { $0.0 == key }?.1
  }

  /// Reads one column of one row group.
  package func read(column: Int, rowGroup: Int) throws(ParquetError) -> ParquetValues {
    var scratch = ParquetScratch()
    return try read(column: column, rowGroup: rowGroup, with: &scratch)
  }

  /// Reads one column of one row group, using memory of earlier reads.
  ///
  /// Cost a value: 1.5 to 6 ns for integers and strings, 25 ns for decimals that zstd must unpack; nothing is read
  /// or decoded of a column of ours that holds one value throughout.
  package func read(
    column: Int, rowGroup: Int, with scratch: inout ParquetScratch
  ) throws(ParquetError) -> ParquetValues {
    let layout = layouts[column]
    let group = rowGroups[rowGroup]
    let chunk = group.chunks[column]
    if let constant = constant(chunk, group.rowCount) { return .constant(constant, count: group.rowCount) }
    return try decode(layout, chunk, group, rowGroup, with: &scratch)
  }

  /// Decodes every page of the file, those that `read` can do without too, and throws what is wrong.
  ///
  /// Memory is that of one column of one row group.
  package func check() throws(ParquetError) {
    var scratch = ParquetScratch()
    let start = try Self.read(source, "file", 0, Format.magic.count)
    guard start == Format.magic else {
      throw ParquetError(.damaged, place: "file", offset: 0, "does not begin with PAR1")
    }
    for (rowGroup, group) in rowGroups.enumerated() {
      for (layout, chunk) in zip(layouts, group.chunks) {
        scratch.reuse(try decode(layout, chunk, group, rowGroup, with: &scratch))
      }
    }
  }

  private func decode(
    _ layout: ColumnLayout, _ chunk: ColumnChunk, _ group: ParquetRowGroup, _ rowGroup: Int,
    with scratch: inout ParquetScratch
  ) throws(ParquetError) -> ParquetValues {
    func place() -> String { "column \"\(layout.column.name)\", row group \(rowGroup)" }
    if case .unsupported(let what) = layout.column.type {
      throw ParquetError(.unsupported, place: place(), "its type is \(what)")
    }
    let codec = Codec(rawValue: chunk.codec)
    guard let codec, codec == .zstd || codec == .uncompressed else {
      let name = codec?.name ?? "codec \(chunk.codec)"
      throw ParquetError(.unsupported, place: place(), "compressed with \(name), only ZSTD and none are read")
    }
    let offset = chunk.offset
    guard offset >= Format.magic.count, chunk.compressedSize >= 0,
      offset <= dataEnd, chunk.compressedSize <= dataEnd - offset
    else { throw ParquetError(.damaged, place: place(), "lies outside of the file") }
    let bytes = try slice(place(), offset, chunk.compressedSize)
    do throws(Damage) {
      return try bytes.span.bytes.withUnsafeBytes { (bytes) throws(Damage) in
        if let checksum = chunk.checksum, XXH64.hash(bytes) != checksum {
          throw Damage(offset: 0, what: "its bytes do not match their checksum")
        }
        // What matched need not be checked again, page by page.
        scratch.zstd.checksContent = chunk.checksum == nil
        return try ChunkDecoder.decode(bytes, layout, codec, rowCount: group.rowCount, with: &scratch)
      }
    } catch {
      throw error.error(place: place(), base: offset)
    }
  }

  /// The value that all rows have, where checked statistics say so.
  private func constant(_ chunk: ColumnChunk, _ rowCount: Int) -> ParquetScalar? {
    guard chunk.checksum != nil, let nullCount = chunk.statistics.nullCount else { return nil }
    if nullCount == rowCount { return .null }
    guard nullCount == 0, let least = chunk.statistics.minimum, least == chunk.statistics.maximum else {
      return nil
    }
    return least
  }

  private func slice(_ place: @autoclosure () -> String, _ offset: Int, _ length: Int) throws(ParquetError)
    -> ArraySlice<UInt8>
  {
    if offset >= tailStart { return tail[offset - tailStart..<offset - tailStart + length] }
    return try Self.read(source, place(), offset, length)[...]
  }

  private static func read(
    _ source: ReadRange, _ place: @autoclosure () -> String, _ offset: Int, _ length: Int
  ) throws(ParquetError) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try source(offset, length)
    } catch {
      throw ParquetError(.unreadable, place: place(), offset: offset, "\(error)")
    }
    guard bytes.count == length else {
      throw ParquetError(.unreadable, place: place(), offset: offset, "got \(bytes.count) of \(length) bytes")
    }
    return bytes
  }
}

/// Memory that reading columns needs again and again.
package struct ParquetScratch: ~Copyable {
  fileprivate(set) var zstd = ZstdDecompressor()
  /// The page that is being decoded, with padding after it.
  var page = ByteWriter(capacity: 1 << 18)
  /// Definition levels or dictionary indices of one page.
  var levels: [UInt8] = []
  /// Numbers of columns that nobody needs any more.
  private var spareNumbers: [Int64] = []
  private var spareDecimals: [Int128] = []

  package init() {}

  /// Takes back a column that was read, so that the next one need not ask the system for memory.
  ///
  /// Of use only when nobody else has it.
  package mutating func reuse(_ values: consuming ParquetValues) {
    switch values {
    case .integers(let numbers, _): spareNumbers = numbers
    case .decimals(let numbers, _): spareDecimals = numbers
    default: break
    }
  }

  /// Room for `count` integers, whatever is in it.
  mutating func integers(_ count: Int) -> [Int64] { Self.taken(&spareNumbers, count) }

  /// Room for `count` decimals, whatever is in it.
  mutating func decimals(_ count: Int) -> [Int128] { Self.taken(&spareDecimals, count) }

  private static func taken<Number: ExpressibleByIntegerLiteral>(
    _ spare: inout [Number], _ count: Int
  ) -> [Number] {
    var numbers: [Number] = []
    swap(&numbers, &spare)
    if numbers.count > count { numbers.removeLast(numbers.count - count) }
    if numbers.count < count {
      numbers.append(contentsOf: repeatElement(0, count: count - numbers.count))
    }
    return numbers
  }
}
