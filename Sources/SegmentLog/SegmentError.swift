package import Files

/// What is wrong with a segment, and where.
package enum SegmentError: Error, Equatable, CustomStringConvertible {
  case file(FileError)
  /// Bytes that do not fit the format: file, offset in bytes, reason.
  case damaged(path: String, offset: Int, reason: String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let path, let offset, let reason): "\(path): offset \(offset): \(reason)"
    }
  }
}

extension SegmentError {
  /// Does `body`, with its file errors as segment errors.
  static func wrap<R: ~Copyable>(_ body: () throws(FileError) -> R) throws(SegmentError) -> R {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}
