import CZstd

/// Questions about a frame that need no decompression.
package enum ZstdFrame {
  /// The size of the frame at the start of `bytes`; nil when it is not whole or no frame at all.
  package static func compressedSize(_ bytes: RawSpan) -> Int? {
    let size = bytes.withUnsafeBytes { ZSTD_findFrameCompressedSize($0.baseAddress, $0.count) }
    return ZSTD_isError(size) == 0 ? size : nil
  }
}
