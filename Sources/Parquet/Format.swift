//! Every number of the Parquet format that we write or read: magic, enumerations, limits. The names are those of
//! the format's own Thrift definition (parquet.thrift), so that both can be read side by side. What of it we
//! support is in Schemas/parquet.md.

/// Constants of the file as a whole.
enum Format {
  /// `PAR1`, at both ends of a file.
  static let magic: [UInt8] = [0x50, 0x41, 0x52, 0x31]
  /// `PARE`, at the end of a file whose footer is encrypted.
  static let encryptedMagic: [UInt8] = [0x50, 0x41, 0x52, 0x45]
  /// Length of the footer (4 bytes, little endian) and the magic.
  static let trailerSize = 8
  /// The key under which a file of ours carries its checksums.
  static let checksumsKey = "tally.checksums"
  /// How `created_by` begins in a file of ours; the caller's format version follows.
  static let createdByPrefix = "tally version "
  /// Hexadecimal digits of one checksum.
  static let checksumDigits = 16

  /// How much of a file's end is read at once, in the hope that it holds the footer.
  static let tailSize = 64 << 10
  /// Files up to this size are read at once: to ask for each column takes longer than to copy what nobody asks for.
  static let wholeSize = 256 << 10
  /// More rows in a row group than any engine writes; what is above it is taken for damage.
  static let rowGroupRowsMax = 1 << 24
  /// More bytes in a page than any engine writes; what is above it is taken for damage.
  static let pageSizeMax = 1 << 28
  /// More columns than any table of ours will ever have.
  static let columnCountMax = 1 << 14
  /// Longer strings get no statistics, to keep the footer small.
  static let statisticsBytesMax = 64
  /// More distinct numbers in a row group than this are not worth a dictionary.
  static let dictionaryCountMax = 4096
  /// Zero bytes that follow a page in memory, so that bit unpacking may load whole words.
  static let pagePadding = 16
}

/// How a value lies in the file.
enum PhysicalType: Int32 {
  case boolean, int32, int64, int96, float, double, byteArray, fixedLengthByteArray
}

/// How the values of a page are encoded.
enum Encoding: Int32 {
  case plain = 0
  case plainDictionary = 2
  case rle = 3
  case bitPacked = 4
  case deltaBinaryPacked = 5
  case deltaLengthByteArray = 6
  case deltaByteArray = 7
  case rleDictionary = 8
  case byteStreamSplit = 9
}

/// How pages are compressed.
enum Codec: Int32 {
  case uncompressed, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw

  /// The name that other engines use for it.
  var name: String {
    switch self {
    case .uncompressed: "UNCOMPRESSED"
    case .snappy: "SNAPPY"
    case .gzip: "GZIP"
    case .lzo: "LZO"
    case .brotli: "BROTLI"
    case .lz4: "LZ4"
    case .zstd: "ZSTD"
    case .lz4Raw: "LZ4_RAW"
    }
  }
}

/// What a page holds.
enum PageType: Int32 {
  case data, index, dictionary, dataV2
}

/// Whether a value may be absent or repeated.
enum Repetition: Int32 {
  case required, optional, repeated
}

/// The old annotations of what a physical type means.
enum ConvertedType: Int32 {
  case utf8, map, mapKeyValue, list, enumeration, decimal, date, timeMillis, timeMicros
  case timestampMillis, timestampMicros, uint8, uint16, uint32, uint64, int8, int16, int32, int64
  case json, bson, interval
}

/// The field numbers of the union of new annotations.
enum LogicalKind: Int16 {
  case string = 1
  case map, list, enumeration, decimal, date, time, timestamp
  case integer = 10
  case unknown, json, bson, uuid, float16
}
