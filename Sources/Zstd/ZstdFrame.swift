import CZstd

/// Questions about a frame that need no decompression.
package enum ZstdFrame {
  /// What stands at the start of some bytes.
  package enum Start: Equatable, Sendable {
    /// A whole frame of so many bytes.
    case frame(Int)
    /// What may be a frame when more bytes come.
    case partial
    /// No frame, whatever comes.
    case nothing
  }

  /// What stands at the start of `bytes`.
  package static func start(_ bytes: RawSpan) -> Start {
    let size = bytes.withUnsafeBytes { ZSTD_findFrameCompressedSize($0.baseAddress, $0.count) }
    if ZSTD_isError(size) == 0 { return .frame(size) }
    return ZSTD_getErrorCode(size) == ZSTD_error_srcSize_wrong ? .partial : .nothing
  }
}
