import Bytes
package import Files

/// What is wrong with a segment, and where.
package enum SegmentError: Error, Equatable, CustomStringConvertible {
  case file(FileError)
  /// Bytes that do not fit the format: file, offset in bytes, reason.
  case damaged(path: String, offset: Int, reason: String)
  /// Events that were stored are not there any more: how many were known, and how many the file holds now.
  case lost(path: String, known: UInt64, found: UInt64)
  /// The file is named like a segment, but what stands before the suffix is no writer's name.
  case misnamed(path: String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let path, let offset, let reason): "\(shown(path)): offset \(offset): \(reason)"
    case .lost(let path, let known, let found) where found < known:
      "\(shown(path)): \(known - found) of \(known) stored events are gone"
    case .lost(let path, let known, _):
      "\(shown(path)): the first \(known) events are not those that were stored"
    case .misnamed(let path):
      "\(shown(path)): no writer is called so: \(WriterName.rule)\nGive the file its writer's name, or remove it"
    }
  }

  /// Names may come from other stores.
  private func shown(_ path: String) -> String { PlainText.printable(path) }
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
