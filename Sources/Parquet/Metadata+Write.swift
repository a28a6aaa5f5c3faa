//! The footer, written. Its last key-value pair holds checksums of everything: of the footer itself (taken with
//! the digits of that checksum as zeros), then of each column chunk. The format's own page checksums leave out
//! the page headers and the footer, and a wrong number there would be a wrong sum without a word.

import Bytes

extension Footer {
  /// The footer in Thrift's compact protocol, checksums included.
  func encoded() -> [UInt8] {
    var writer = ThriftWriter(capacity: 256 + rowGroups.count * layouts.count * 160)
    writer.field(1, Int32(2))
    writeSchema(&writer)
    writer.field(3, long: rowCount)
    writer.list(4, of: .structure, count: rowGroups.count)
    for (index, group) in rowGroups.enumerated() {
      writer.structure { writeRowGroup(group, index, &$0) }
    }
    let chunkChecksums = rowGroups.flatMap { $0.chunks.map { $0.checksum ?? 0 } }
    let digits = chunkChecksums.map(Hexadecimal.text).joined()
    let blank = String(repeating: "0", count: Format.checksumDigits)
    writer.list(5, of: .structure, count: metadata.count + 1)
    for (key, value) in metadata + [(Format.checksumsKey, blank + digits)] {
      writer.structure {
        $0.field(1, key)
        $0.field(2, value)
      }
    }
    // The element's end and this field's head lie between the digits and here.
    let checksumStart = writer.bytes.count - 1 - digits.utf8.count - Format.checksumDigits
    writer.field(6, createdBy)
    writer.list(7, of: .structure, count: layouts.count)
    for _ in layouts { writer.structure { $0.structure(1) { _ in } } }
    writer.finish()
    var bytes = writer.bytes.array
    let checksum = Array(Hexadecimal.text(XXH64.hash(bytes)).utf8)
    bytes.replaceSubrange(checksumStart..<checksumStart + Format.checksumDigits, with: checksum)
    return bytes
  }

  private func writeSchema(_ writer: inout ThriftWriter) {
    writer.list(2, of: .structure, count: layouts.count + 1)
    writer.structure {
      $0.field(4, "schema")
      $0.field(5, Int32(layouts.count))
    }
    for layout in layouts { writer.structure { writeElement(layout, &$0) } }
  }

  private func writeElement(_ layout: ColumnLayout, _ writer: inout ThriftWriter) {
    writer.field(1, layout.physical.rawValue)
    if layout.physical == .fixedLengthByteArray { writer.field(2, Int32(layout.byteCount)) }
    writer.field(3, (layout.column.isOptional ? Repetition.optional : .required).rawValue)
    writer.field(4, layout.column.name)
    switch layout.column.type {
    case .int64:
      writer.field(6, ConvertedType.int64.rawValue)
      writer.structure(10) {
        $0.structure(LogicalKind.integer.rawValue) {
          $0.field(1, byte: 64)
          $0.field(2, true)
        }
      }
    case .timestampMillisecondsUTC:
      writer.field(6, ConvertedType.timestampMillis.rawValue)
      writer.structure(10) {
        $0.structure(LogicalKind.timestamp.rawValue) {
          $0.field(1, true)
          $0.structure(2) { $0.structure(1) { _ in } }
        }
      }
    case .date:
      writer.field(6, ConvertedType.date.rawValue)
      writer.structure(10) { $0.structure(LogicalKind.date.rawValue) { _ in } }
    case .string:
      writer.field(6, ConvertedType.utf8.rawValue)
      writer.structure(10) { $0.structure(LogicalKind.string.rawValue) { _ in } }
    case .decimal38Scale12:
      writer.field(6, ConvertedType.decimal.rawValue)
      writer.field(7, Int32(12))
      writer.field(8, Int32(38))
      writer.structure(10) {
        $0.structure(LogicalKind.decimal.rawValue) {
          $0.field(1, Int32(12))
          $0.field(2, Int32(38))
        }
      }
    case .boolean, .unsupported: break
    }
  }

  private func writeRowGroup(_ group: ParquetRowGroup, _ index: Int, _ writer: inout ThriftWriter) {
    writer.list(1, of: .structure, count: group.chunks.count)
    for (layout, chunk) in zip(layouts, group.chunks) {
      writer.structure {
        $0.field(2, long: 0)
        $0.structure(3) { writeChunk(chunk, layout, &$0) }
      }
    }
    writer.field(2, long: group.chunks.reduce(0) { $0 + $1.uncompressedSize })
    writer.field(3, long: group.rowCount)
    if let first = group.chunks.first { writer.field(5, long: first.offset) }
    writer.field(6, long: group.chunks.reduce(0) { $0 + $1.compressedSize })
  }

  private func writeChunk(_ chunk: ColumnChunk, _ layout: ColumnLayout, _ writer: inout ThriftWriter) {
    writer.field(1, layout.physical.rawValue)
    writer.list(2, of: .int32, count: chunk.encodings.count)
    for encoding in chunk.encodings { writer.element(encoding.rawValue) }
    writer.list(3, of: .binary, count: 1)
    writer.element(layout.column.name)
    writer.field(4, chunk.codec)
    writer.field(5, long: chunk.valueCount)
    writer.field(6, long: chunk.uncompressedSize)
    writer.field(7, long: chunk.compressedSize)
    writer.field(9, long: chunk.dataPageOffset)
    if let offset = chunk.dictionaryPageOffset { writer.field(11, long: offset) }
    writer.structure(12) {
      if let count = chunk.statistics.nullCount { $0.field(3, long: count) }
      if let maximum = chunk.statistics.maximum { $0.field(5, layout.plainBytes(maximum)) }
      if let minimum = chunk.statistics.minimum { $0.field(6, layout.plainBytes(minimum)) }
      if chunk.statistics.minimum != nil {
        $0.field(7, true)
        $0.field(8, true)
      }
    }
  }
}

extension ColumnLayout {
  /// A value as statistics hold it: PLAIN, without a length.
  func plainBytes(_ scalar: ParquetScalar) -> [UInt8] {
    switch scalar {
    case .null: []
    case .string(let bytes): bytes
    case .boolean(let value): [value ? 1 : 0]
    case .integer(let value) where physical == .int32:
      withUnsafeBytes(of: Int32(truncatingIfNeeded: value).littleEndian) { Array($0) }
    case .integer(let value): withUnsafeBytes(of: value.littleEndian) { Array($0) }
    case .decimal(let value): withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
  }

  /// A value of statistics, or nil when it is none of ours.
  func scalar(_ bytes: UnsafeRawBufferPointer) -> ParquetScalar? {
    // A converted column's bounds would have to be converted too, and nobody prunes by those.
    guard conversion == .none else { return nil }
    switch (column.type, physical, bytes.count) {
    case (.string, .byteArray, _): return .string(Array(bytes))
    case (.boolean, .boolean, 1): return .boolean(bytes[0] != 0)
    case (.decimal38Scale12, .fixedLengthByteArray, byteCount): return .decimal(Plain.bigEndian(bytes))
    case (.decimal38Scale12, .int32, 4): return .decimal(Int128(Plain.int32(bytes)))
    case (.decimal38Scale12, .int64, 8): return .decimal(Int128(Plain.int64(bytes)))
    case (.int64, .int32, 4), (.date, .int32, 4): return .integer(Int64(Plain.int32(bytes)))
    case (.int64, .int64, 8), (.timestampMillisecondsUTC, .int64, 8): return .integer(Plain.int64(bytes))
    default: return nil
    }
  }
}

/// Single numbers as PLAIN has them.
enum Plain {
  static func int32(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    Int32(littleEndian: bytes.loadUnaligned(as: Int32.self))
  }

  static func int64(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    Int64(littleEndian: bytes.loadUnaligned(as: Int64.self))
  }

  /// Big-endian two's complement of up to 16 bytes.
  @inline(__always)
  static func bigEndian(_ bytes: UnsafeRawBufferPointer) -> Int128 {
    var value: Int128 = bytes.first.map { $0 >= 0x80 } ?? false ? -1 : 0
    for byte in bytes { value = value &<< 8 | Int128(byte) }
    return value
  }
}
