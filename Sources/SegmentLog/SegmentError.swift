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
  /// Another file has taken its place since it was opened, as sealing and merging do.
  case replaced(path: String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let path, let offset, let reason): "\(shown(path)): offset \(offset): \(reason)"
    case .lost(let path, let known, let found):
      "\(shown(path)): \(Self.gone(known, found)): tally merge brings them back from a copy of the store, and tally rollup "
        + "--accept-loss \(Self.day(of: path)) goes on without them"
    case .misnamed(let path):
      "\(shown(path)): no writer is called so (\(WriterName.rule)): give the file its writer's name, or remove it"
    case .replaced(let path): "\(shown(path)): it was replaced while it was read: run the command again"
    }
  }

  private static func gone(_ known: UInt64, _ found: UInt64) -> String {
    found < known
      ? "\(known - found) of \(known) stored events are gone"
      : "the first \(known) events are not those that were stored"
  }

  /// The day of a segment, or of a folder of segments.
  private static func day(of path: String) -> String {
    let name =
      path.hasSuffix(StoreLayout.segmentSuffix)
      ? Folders.name(of: Folders.parent(of: path)) : Folders.name(of: path)
    return String(name.dropFirst(StoreLayout.dayPrefix.count))
  }

  /// The file that it is about.
  package var path: String {
    switch self {
    case .file(let error): error.path
    case .damaged(let path, _, _), .lost(let path, _, _), .misnamed(let path), .replaced(let path): path
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
