import CZstd

/// What the zstd library said when it could not do its work.
package struct ZstdError: Error, Equatable, CustomStringConvertible {
  /// The library's own words, such as "Restored data doesn't match checksum".
  package let reason: String

  package var description: String { reason }

  init(code: Int) {
    reason = String(cString: ZSTD_getErrorName(code))
  }

  package init(reason: String) {
    self.reason = reason
  }
}
