//! What a footer says, in memory: how columns lie in the file, where their chunks are, what they span.

/// How a column's values lie in the file, and what must be done to make them ours.
struct ColumnLayout: Equatable {
  /// What must be done to a stored number.
  enum Conversion: Equatable {
    case none
    /// The stored 32 bits have no sign.
    case unsigned32
    /// The stored 64 bits have no sign; above Int64.max they cannot be read.
    case unsigned64
    /// A decimal of smaller scale.
    case multiply(Int128)
    /// A time of finer unit; a remainder cannot be read.
    case divide(Int64)
  }

  let column: ParquetColumn
  let physical: PhysicalType
  /// The bytes of a FIXED_LEN_BYTE_ARRAY.
  var byteCount = 0
  var conversion = Conversion.none
}

/// What a column chunk spans.
package struct ParquetStatistics: Equatable, Sendable {
  /// The least value, nil when not known or when all are absent.
  package var minimum: ParquetScalar?
  /// The greatest value, nil when not known or when all are absent.
  package var maximum: ParquetScalar?
  /// How many values are absent, nil when not known.
  package var nullCount: Int?

  init(minimum: ParquetScalar? = nil, maximum: ParquetScalar? = nil, nullCount: Int? = nil) {
    self.minimum = minimum
    self.maximum = maximum
    self.nullCount = nullCount
  }
}

/// One column of one row group.
struct ColumnChunk {
  var codec: Int32 = 0
  var encodings: [Encoding] = []
  var valueCount = 0
  /// Page headers included.
  var compressedSize = 0
  var uncompressedSize = 0
  var dataPageOffset = 0
  var dictionaryPageOffset: Int?
  var statistics = ParquetStatistics()
  /// XXH64 of the chunk's bytes, in files of ours.
  var checksum: UInt64?

  /// Where the chunk begins.
  var offset: Int {
    guard let dictionary = dictionaryPageOffset, dictionary > 0 else { return dataPageOffset }
    return min(dictionary, dataPageOffset)
  }
}

/// A run of rows.
package struct ParquetRowGroup: Sendable {
  /// How many rows it has.
  package var rowCount = 0
  var chunks: [ColumnChunk] = []

  /// What each column spans, in the order of the file's columns.
  package func statistics(column: Int) -> ParquetStatistics { chunks[column].statistics }
}

/// A whole footer.
struct Footer {
  var layouts: [ColumnLayout] = []
  var rowCount = 0
  var rowGroups: [ParquetRowGroup] = []
  var metadata: [(String, String)] = []
  var createdBy = ""
}
