import Bytes
package import Files

extension ImportCursor {
  /// A line of the file that is no entry.
  package struct Problem: Equatable, Sendable, CustomStringConvertible {
    package let path: String
    /// From 1.
    package let line: Int

    package var description: String {
      "\(path):\(line): this is no entry: remove the line, and the file it was about is read again"
    }
  }

  /// The lines of a cursor that an import takes for missing; none when there is no file.
  package static func check(_ path: String) throws(FileError) -> (isThere: Bool, problems: [Problem]) {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Publish.contents(path)
    } catch {
      if error.isMissing { return (false, []) }
      throw error
    }
    let problems = bytes.withUnsafeBytes { bytes in
      var problems: [Problem] = []
      var (start, line) = (0, 1)
      while start < bytes.count {
        let end = LineSplitter.lineFeed(bytes, from: start)
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)])
        if end == nil || entry(text) == nil { problems.append(Problem(path: path, line: line)) }
        start = (end ?? bytes.count) + 1
        line += 1
      }
      return problems
    }
    return (true, problems)
  }
}
