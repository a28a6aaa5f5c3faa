//! Writes column chunks: one dictionary page or none, one data page. Each column is looked at once for its bounds
//! (which are checked there, and are its statistics), then encoded, compressed and hashed; the buffers are kept
//! from chunk to chunk.
//!
//! Equal columns of a file share their bytes: where no event reports a cost, the computed cost and its unreported
//! part are the same numbers, and amounts are a third of a file.

import Bytes

/// Encodes and compresses the chunks of one file.
struct ChunkEncoder: ~Copyable {
  private let fileStart: Int
  /// Content of the dictionary page.
  var dictionary = ByteWriter(capacity: 1 << 16)
  /// Content of the data page.
  var data = ByteWriter(capacity: 1 << 18)
  /// Numbers of dictionary entries, or levels.
  var indices = IndexBuffer()
  private var levels = ByteWriter()
  private var pages = PageWriter()

  init(fileStart: Int) { self.fileStart = fileStart }

  /// What the encoding of a chunk's values came to.
  struct Encoded {
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
    let encoded: Encoded
    do throws(Complaint) {
      encoded =
        switch values {
        case .constant(let scalar, _): encodeConstant(scalar, rows.count, layout)
        case .strings(let strings, let indices): try encodeStrings(strings, indices, rows, layout)
        case .booleans(let values, let nulls): encodeBooleans(values, nulls, rows, layout)
        case .integers(let values, let nulls):
          try encodeNumbers(values, nulls, rows, layout) { .integer($0) }
        case .decimals(let values, let nulls):
          try encodeNumbers(values, nulls, rows, layout) { .decimal($0) }
        }
    } catch {
      throw ParquetError(.invalidTable, place: "column \"\(layout.column.name)\"", error.what)
    }
    return write(encoded, rowCount: rows.count, into: &output)
  }

  // MARK: Levels

  /// Writes the definition levels of an optional column; returns how many values are present.
  mutating func encodeLevels(_ nulls: [Bool], _ rows: Range<Int>, _ layout: ColumnLayout) -> Int {
    guard layout.column.isOptional else { return rows.count }
    var absent = 0
    if !nulls.isEmpty { for row in rows { absent &+= nulls[row] ? 1 : 0 } }
    if absent == 0 || absent == rows.count {
      encodeUniformLevels(absent == 0 ? 1 : 0, rows.count)
    } else {
      let target = indices.take(rows.count)
      for row in rows { target[row - rows.lowerBound] = nulls[row] ? 0 : 1 }
      encodeLevels(UnsafeBufferPointer(target))
    }
    return rows.count - absent
  }

  mutating func encodeLevels(_ levels: UnsafeBufferPointer<Int32>) {
    self.levels.removeAll()
    RunLength.append(levels, width: 1, into: &self.levels)
    appendLevels()
  }

  mutating func encodeUniformLevels(_ level: UInt32, _ count: Int) {
    levels.removeAll()
    RunLength.append(level, count: count, width: 1, into: &levels)
    appendLevels()
  }

  private mutating func appendLevels() {
    data.append(littleEndian: UInt32(levels.count))
    levels.withBytes { data.append($0) }
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
      appendBits(repeatElement(value, count: count))
      return Encoded(encoding: .plain, statistics: statistics(scalar, scalar))
    case .string(let bytes): dictionary.append(littleEndian: UInt32(bytes.count))
    case .integer, .decimal: break
    }
    dictionary.append(layout.plainBytes(scalar))
    appendConstantIndices(count)
    return Encoded(dictionaryCount: 1, statistics: statistics(scalar, scalar))
  }

  /// `count` times entry 0, which some engines cannot read with a width of 0 bits.
  mutating func appendConstantIndices(_ count: Int) {
    data.append(1)
    RunLength.append(0, count: count, width: 1, into: &data)
  }

  func statistics(_ minimum: ParquetScalar, _ maximum: ParquetScalar, nullCount: Int = 0)
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

  // MARK: Pages

  private mutating func write(_ encoded: Encoded, rowCount: Int, into output: inout ByteWriter) -> ColumnChunk
  {
    let start = output.count
    let codec = pages.codec(data, dictionary, encoded.encoding)
    var chunk = ColumnChunk()
    chunk.codec = codec.rawValue
    chunk.valueCount = rowCount
    chunk.statistics = encoded.statistics
    chunk.encodings =
      encoded.dictionaryCount == nil ? [.rle, encoded.encoding] : [.plain, .rle, .rleDictionary]
    if let count = encoded.dictionaryCount {
      chunk.dictionaryPageOffset = output.count - fileStart
      chunk.uncompressedSize += pages.append(.dictionary, dictionary, encoded.encoding, codec, to: &output) {
        $0.structure(7) {
          $0.field(1, Int32(count))
          $0.field(2, Encoding.plain.rawValue)
        }
      }
    }
    chunk.dataPageOffset = output.count - fileStart
    chunk.uncompressedSize += pages.append(.data, data, encoded.encoding, codec, to: &output) {
      $0.structure(5) {
        $0.field(1, Int32(rowCount))
        $0.field(2, encoded.encoding.rawValue)
        $0.field(3, Encoding.rle.rawValue)
        $0.field(4, Encoding.rle.rawValue)
      }
    }
    chunk.compressedSize = output.count - start
    chunk.checksum = output.withBytes { XXH64.hash($0.extracting(start..<output.count)) }
    return chunk
  }
}

/// What is wrong with a column's values.
struct Complaint: Error {
  let what: String
}
