//! Writes column chunks: one dictionary page or none, one data page. Both encodings that can win are really made
//! and the smaller one is taken, a tie going to the dictionary: guessing would be quicker by a third, but wrong
//! for exactly the columns that have long runs.

import Bytes
import Zstd

/// Encodes and compresses the chunks of one file; keeps its buffers between chunks.
struct ChunkEncoder: ~Copyable {
  private let zstd: ZstdCompressor
  private let fileStart: Int
  /// Content of the dictionary page.
  private var dictionary = ByteWriter(capacity: 1 << 16)
  /// Content of the data page.
  private var data = ByteWriter(capacity: 1 << 20)
  private var candidate = ByteWriter(capacity: 1 << 20)
  private var compressed = ByteWriter(capacity: 1 << 20)
  private var header = ThriftWriter()

  init(level: Int32, fileStart: Int) {
    zstd = ZstdCompressor(level: level)
    self.fileStart = fileStart
  }

  /// What the encoding of a chunk's values came to.
  private struct Encoded {
    var encoding = Encoding.rleDictionary
    /// Entries of the dictionary page, nil without one.
    var dictionaryCount: Int?
    var statistics = ParquetStatistics()
  }

  /// Writes the chunk of `rows` of a column.
  mutating func encode(
    _ values: ParquetValues, _ rows: Range<Int>, _ layout: ColumnLayout, into output: inout ByteWriter
  ) throws(ParquetError) -> ColumnChunk {
    dictionary.removeAll()
    data.removeAll()
    var encoded: Encoded
    switch values {
    case .constant(let scalar, _): encoded = encodeConstant(scalar, rows.count, layout)
    case .strings(let dictionary, let indices):
      encoded = encodeStrings(dictionary, indices, rows, layout)
    case .booleans(let values, let nulls): encoded = encodeBooleans(values, nulls, rows, layout)
    case .integers(let values, let nulls):
      let present = encodeLevels(nulls, rows, layout)
      encoded = Self.withPresent(values, nulls, rows) { encodeNumbers($0, layout) { .integer($0) } }
      encoded.statistics.nullCount = rows.count - present
    case .decimals(let values, let nulls):
      let present = encodeLevels(nulls, rows, layout)
      encoded = Self.withPresent(values, nulls, rows) { encodeNumbers($0, layout) { .decimal($0) } }
      encoded.statistics.nullCount = rows.count - present
    }
    do {
      return try write(encoded, rowCount: rows.count, into: &output)
    } catch {
      throw ParquetError(.invalidTable, place: "column \"\(layout.column.name)\"", "zstd: \(error)")
    }
  }

  // MARK: Levels

  /// Writes the definition levels of an optional column; returns how many values are present.
  private mutating func encodeLevels(_ nulls: [Bool], _ rows: Range<Int>, _ layout: ColumnLayout) -> Int {
    let absent = nulls.isEmpty ? 0 : nulls[rows].reduce(0) { $0 + ($1 ? 1 : 0) }
    guard layout.column.isOptional else { return rows.count }
    if absent == 0 || absent == rows.count {
      encodeUniformLevels(absent == 0 ? 1 : 0, rows.count)
    } else {
      encodeLevels(nulls[rows].map { $0 ? 0 : 1 })
    }
    return rows.count - absent
  }

  private mutating func encodeLevels(_ levels: [Int32]) {
    candidate.removeAll()
    RunLength.append(levels, width: 1, into: &candidate)
    appendLevels()
  }

  private mutating func encodeUniformLevels(_ level: UInt32, _ count: Int) {
    candidate.removeAll()
    RunLength.append(level, count: count, width: 1, into: &candidate)
    appendLevels()
  }

  private mutating func appendLevels() {
    data.append(littleEndian: UInt32(candidate.count))
    candidate.withBytes { data.append($0) }
  }

  /// Calls `body` with the values of `rows` that are not absent.
  private static func withPresent<T, R>(
    _ values: [T], _ nulls: [Bool], _ rows: Range<Int>, _ body: (UnsafeBufferPointer<T>) -> R
  ) -> R {
    if nulls.isEmpty || !nulls[rows].contains(true) {
      return values.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[rows])) }
    }
    let present = rows.filter { !nulls[$0] }.map { values[$0] }
    return present.withUnsafeBufferPointer { body($0) }
  }

  // MARK: Values

  private mutating func encodeConstant(
    _ scalar: ParquetScalar, _ count: Int, _ layout: ColumnLayout
  ) -> Encoded {
    if layout.column.isOptional { encodeUniformLevels(scalar == .null ? 0 : 1, count) }
    switch scalar {
    case .null:
      return Encoded(encoding: .plain, statistics: ParquetStatistics(nullCount: count))
    case .boolean(let value):
      appendBits((0..<count).lazy.map { _ in value })
      return Encoded(encoding: .plain, statistics: statistics(scalar, scalar))
    case .string(let bytes): dictionary.append(littleEndian: UInt32(bytes.count))
    case .integer, .decimal: break
    }
    dictionary.append(layout.plainBytes(scalar))
    appendConstantIndices(count)
    return Encoded(dictionaryCount: 1, statistics: statistics(scalar, scalar))
  }

  /// `count` times entry 0, which some engines cannot read with a width of 0 bits.
  private mutating func appendConstantIndices(_ count: Int) {
    data.append(1)
    RunLength.append(0, count: count, width: 1, into: &data)
  }

  private func statistics(_ minimum: ParquetScalar, _ maximum: ParquetScalar, nullCount: Int = 0)
    -> ParquetStatistics
  {
    for case .string(let bytes) in [minimum, maximum] where bytes.count > Format.statisticsBytesMax {
      return ParquetStatistics(nullCount: nullCount)
    }
    return ParquetStatistics(minimum: minimum, maximum: maximum, nullCount: nullCount)
  }

  private mutating func encodeBooleans(
    _ values: [Bool], _ nulls: [Bool], _ rows: Range<Int>, _ layout: ColumnLayout
  ) -> Encoded {
    let present = encodeLevels(nulls, rows, layout)
    let bits = rows.filter { nulls.isEmpty || !nulls[$0] }.map { values[$0] }
    appendBits(bits)
    guard present > 0 else {
      return Encoded(encoding: .plain, statistics: ParquetStatistics(nullCount: rows.count))
    }
    return Encoded(
      encoding: .plain,
      statistics: statistics(
        .boolean(!bits.contains(false)), .boolean(bits.contains(true)), nullCount: rows.count - present))
  }

  private mutating func appendBits(_ values: some Sequence<Bool>) {
    var byte: UInt8 = 0
    var filled = 0
    for value in values {
      if value { byte |= 1 << UInt8(filled) }
      filled += 1
      if filled == 8 {
        data.append(byte)
        byte = 0
        filled = 0
      }
    }
    if filled > 0 { data.append(byte) }
  }

  private mutating func encodeStrings(
    _ strings: ParquetDictionary, _ indices: [Int32], _ rows: Range<Int>, _ layout: ColumnLayout
  ) -> Encoded {
    var isUsed = [Bool](repeating: false, count: strings.count)
    for index in indices[rows] where index >= 0 { isUsed[Int(index)] = true }
    // The dictionary goes in as it is, unless the rows are cut: then each group gets what it uses.
    let isWhole = rows.count == indices.count
    var numbers = [Int32](repeating: -1, count: strings.count)
    var count: Int32 = 0
    for index in 0..<strings.count where isWhole || isUsed[index] {
      let range = strings.range(index)
      dictionary.append(littleEndian: UInt32(range.count))
      dictionary.append(strings.bytes.span.bytes, range)
      numbers[index] = count
      count += 1
    }
    let nullCount = indices[rows].reduce(0) { $0 + ($1 < 0 ? 1 : 0) }
    // The usual table is one row group, and its indices are written as they came.
    let present =
      isWhole && nullCount == 0 ? indices : indices[rows].filter { $0 >= 0 }.map { numbers[Int($0)] }
    if layout.column.isOptional {
      if nullCount == 0 || present.isEmpty {
        encodeUniformLevels(nullCount == 0 ? 1 : 0, rows.count)
      } else {
        encodeLevels(indices[rows].map { $0 < 0 ? 0 : 1 })
      }
    }
    guard let least = isUsed.firstIndex(of: true), let greatest = isUsed.lastIndex(of: true) else {
      dictionary.removeAll()
      return Encoded(encoding: .plain, statistics: ParquetStatistics(nullCount: rows.count))
    }
    let width = max(1, BitPacking.width(UInt64(count - 1)))
    data.append(UInt8(width))
    RunLength.append(present, width: width, into: &data)
    return Encoded(
      dictionaryCount: Int(count),
      statistics: statistics(
        .string(Array(strings[least])), .string(Array(strings[greatest])), nullCount: nullCount))
  }

  private mutating func encodeNumbers<T: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<T>, _ layout: ColumnLayout, _ scalar: (T) -> ParquetScalar
  ) -> Encoded {
    guard let first = values.first else { return Encoded(encoding: .plain) }
    if Numbers.isConstant(values) {
      dictionary.append(layout.plainBytes(scalar(first)))
      appendConstantIndices(values.count)
      return Encoded(dictionaryCount: 1, statistics: statistics(scalar(first), scalar(first)))
    }
    let (minimum, maximum) = Numbers.bounds(values)
    let statistics = statistics(scalar(minimum), scalar(maximum))
    let plainWidth = layout.byteCount > 0 ? layout.byteCount : layout.physical == .int32 ? 4 : 8

    // PLAIN is never made unless it wins: its size is known.
    var best = Encoded(encoding: .plain, statistics: statistics)
    var bestSize = values.count * plainWidth
    candidate.removeAll()
    if layout.physical == .int64 {
      values.withMemoryRebound(to: Int64.self) { DeltaBinaryPacked.append($0, into: &candidate) }
      if candidate.count < bestSize {
        bestSize = candidate.count
        best.encoding = .deltaBinaryPacked
      }
    }
    let limit = min(Format.dictionaryCountMax, values.count / 2 + 1)
    let start = data.count
    if let (distinct, indices) = Numbers.dictionary(values, limit: limit) {
      let width = max(1, BitPacking.width(UInt64(distinct.count - 1)))
      data.append(UInt8(width))
      RunLength.append(indices, width: width, into: &data)
      if data.count - start + distinct.count * plainWidth <= bestSize {
        distinct.withUnsafeBufferPointer { Numbers.appendPlain($0, layout, into: &dictionary) }
        return Encoded(dictionaryCount: distinct.count, statistics: statistics)
      }
      data.truncate(to: start)
    }
    if best.encoding == .deltaBinaryPacked {
      candidate.withBytes { data.append($0) }
    } else {
      Numbers.appendPlain(values, layout, into: &data)
    }
    return best
  }

  // MARK: Pages

  private mutating func write(
    _ encoded: Encoded, rowCount: Int, into output: inout ByteWriter
  ) throws(ZstdError) -> ColumnChunk {
    let start = output.count
    var chunk = ColumnChunk()
    chunk.codec = Codec.zstd.rawValue
    chunk.valueCount = rowCount
    chunk.statistics = encoded.statistics
    chunk.encodings =
      encoded.dictionaryCount == nil ? [.rle, encoded.encoding] : [.plain, .rle, .rleDictionary]
    if let count = encoded.dictionaryCount {
      chunk.dictionaryPageOffset = output.count - fileStart
      compressed.removeAll()
      dictionary.withBytes { zstd.compress($0, into: &compressed) }
      writeHeader(.dictionary, size: dictionary.count) {
        $0.structure(7) {
          $0.field(1, Int32(count))
          $0.field(2, Encoding.plain.rawValue)
        }
      }
      chunk.uncompressedSize += header.bytes.count + dictionary.count
      appendPage(to: &output)
    }
    chunk.dataPageOffset = output.count - fileStart
    compressed.removeAll()
    data.withBytes { zstd.compress($0, into: &compressed) }
    writeHeader(.data, size: data.count) {
      $0.structure(5) {
        $0.field(1, Int32(rowCount))
        $0.field(2, encoded.encoding.rawValue)
        $0.field(3, Encoding.rle.rawValue)
        $0.field(4, Encoding.rle.rawValue)
      }
    }
    chunk.uncompressedSize += header.bytes.count + data.count
    appendPage(to: &output)
    chunk.compressedSize = output.count - start
    chunk.checksum = output.withBytes { XXH64.hash($0.extracting(start..<output.count)) }
    return chunk
  }

  private mutating func writeHeader(
    _ type: PageType, size: Int, _ body: (inout ThriftWriter) -> Void
  ) {
    header.removeAll()
    header.field(1, type.rawValue)
    header.field(2, Int32(size))
    header.field(3, Int32(compressed.count))
    body(&header)
    header.finish()
  }

  private func appendPage(to output: inout ByteWriter) {
    header.bytes.withBytes { output.append($0) }
    compressed.withBytes { output.append($0) }
  }
}
