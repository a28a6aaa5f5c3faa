//! Writes pages: a header, then the content, compressed or not. Bit-packed differences and random numbers are
//! noise to a compressor; a sample of a few KiB says so for a twentieth of the price.
//!
//! Amounts are compressed without a code for their digits. Most of their 16 bytes are zeros, which a match takes
//! away; a code for the rest would save 4 % of the size of a rollup, and cost 1.5 % of the time of a rollup and 4 %
//! of that of a report.

import Bytes
import Zstd

/// Compresses pages and puts headers before them; keeps its buffers.
struct PageWriter: ~Copyable {
  private let zstd = ZstdCompressor.ofColumns()
  private var compressed = ByteWriter(capacity: 1 << 16)
  private var header = ThriftWriter()

  /// Less than this is not worth a frame's own head and checksum.
  static let compressedSizeMin = 64
  /// How much of a data page without a dictionary is compressed to see what it is worth.
  static let sampleSize = 8 << 10

  /// What a chunk of this content is best compressed with.
  mutating func codec(
    _ data: borrowing ByteWriter, _ dictionary: borrowing ByteWriter, _ encoding: Encoding
  ) -> Codec {
    guard data.count + dictionary.count >= Self.compressedSizeMin else { return .uncompressed }
    guard encoding != .rleDictionary, data.count >= 4 * Self.sampleSize else { return .zstd }
    compressed.removeAll()
    let start = (data.count - Self.sampleSize) / 2
    data.withBytes { compress($0.extracting(start..<start + Self.sampleSize), encoding) }
    return compressed.count < Self.sampleSize - Self.sampleSize / 32 ? .zstd : .uncompressed
  }

  private mutating func compress(_ bytes: RawSpan, _ encoding: Encoding) {
    // Of numbers as they are, such as 16 bytes of money, most of what can be saved are the zeros before the digits.
    zstd.setCompressesLiterals(encoding != .plain)
    zstd.compress(bytes, into: &compressed)
  }

  /// Appends a page with `content`; `body` writes what is special in its header.
  ///
  /// - Parameter encoding: of the chunk; a dictionary is of texts as a rule, and compressed like numbers into it.
  /// - Returns: how large header and content are before compression.
  mutating func append(
    _ type: PageType, _ content: borrowing ByteWriter, _ encoding: Encoding, _ codec: Codec,
    to output: inout ByteWriter,
    _ body: (inout ThriftWriter) -> Void
  ) -> Int {
    compressed.removeAll()
    if codec == .zstd { content.withBytes { compress($0, encoding) } }
    header.removeAll()
    header.field(1, type.rawValue)
    header.field(2, Int32(content.count))
    header.field(3, Int32(codec == .zstd ? compressed.count : content.count))
    body(&header)
    header.finish()
    header.bytes.withBytes { output.append($0) }
    if codec == .zstd {
      compressed.withBytes { output.append($0) }
    } else {
      content.withBytes { output.append($0) }
    }
    return header.bytes.count + content.count
  }
}
