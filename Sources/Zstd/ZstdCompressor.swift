package import Bytes
import CZstd

/// Makes zstd frames, one call a frame; keeps its context between calls because making one costs more than
/// compressing a short line.
package struct ZstdCompressor: ~Copyable {
  private let context: OpaquePointer

  /// A compressor at `level` (1 fast … 19 small).
  ///
  /// - Parameters:
  ///   - checksum: whether frames carry a checksum of their content.
  ///   - targetLength: levels 16 and up take a match of this length without looking for anything better; nil for
  ///     what the level has.
  package init(level: Int32, checksum: Bool = true, targetLength: Int32? = nil) {
    guard let context = ZSTD_createCCtx() else { preconditionFailure("zstd: out of memory") }
    self.context = context
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
    if let targetLength { _ = ZSTD_CCtx_setParameter(context, ZSTD_c_targetLength, targetLength) }
  }

  /// A compressor of columns of numbers: faster than level 1, and as small.
  ///
  /// What repeats in a column stands near, a row or a few before, so a table of matches that stays in the processor's
  /// nearest memory finds as much as a large one, which has to be cleared for each page. The negative levels look less
  /// closely, which loses little here.
  package static func ofColumns() -> ZstdCompressor {
    let compressor = ZstdCompressor(level: -2)
    _ = ZSTD_CCtx_setParameter(compressor.context, ZSTD_c_hashLog, 10)
    _ = ZSTD_CCtx_setParameter(compressor.context, ZSTD_c_minMatch, 6)
    return compressor
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Says whether bytes that match nothing, which are most of many columns, get a code of their own.
  ///
  /// It takes a third of the time, of readers too.
  package func setCompressesLiterals(_ always: Bool) { tally_compressLiterals(context, always ? 1 : 0) }

  /// Appends one frame holding `bytes` to `output`.
  ///
  /// The target has room for the worst case, so the library has no way to fail but lack of memory.
  package func compress(_ bytes: RawSpan, into output: inout ByteWriter) {
    let bound = ZSTD_compressBound(bytes.byteCount)
    var code = 0
    output.append(upTo: bound) { target in
      code = bytes.withUnsafeBytes {
        ZSTD_compress2(context, target.baseAddress, target.count, $0.baseAddress, $0.count)
      }
      return ZSTD_isError(code) == 0 ? code : 0
    }
    precondition(ZSTD_isError(code) == 0, "zstd: \(ZstdError(code: code).reason)")
  }
}
