package import Bytes
import CZstd

/// Reads zstd frames whose content size is known, one call a frame.
package struct ZstdDecompressor: ~Copyable {
  private let context: OpaquePointer
  /// Whether the content is hashed and compared with the frame's checksum, which takes a tenth of the time.
  ///
  /// Without it the frame itself must have been checked.
  package var checksContent: Bool {
    didSet { tally_ignoreChecksums(context, checksContent ? 0 : 1) }
  }

  package init(checksContent: Bool = true) {
    guard let context = ZSTD_createDCtx() else { preconditionFailure("zstd: out of memory") }
    self.context = context
    self.checksContent = checksContent
    tally_ignoreChecksums(context, checksContent ? 0 : 1)
  }

  deinit { ZSTD_freeDCtx(context) }

  /// Appends the content of the one frame in `frame` to `output`.
  ///
  /// - Parameters:
  ///   - frame: exactly one frame.
  ///   - size: how many bytes it must hold; another number is an error.
  ///   - output: where the content goes.
  package func decompress(
    _ frame: RawSpan, size: Int, into output: inout ByteWriter
  ) throws(ZstdError) {
    var code = 0
    output.append(upTo: size) { target in
      code = frame.withUnsafeBytes {
        ZSTD_decompressDCtx(context, target.baseAddress, target.count, $0.baseAddress, $0.count)
      }
      return ZSTD_isError(code) == 0 ? code : 0
    }
    if ZSTD_isError(code) != 0 { throw ZstdError(code: code) }
    if code != size { throw ZstdError(reason: "holds \(code) bytes instead of \(size)") }
  }
}
