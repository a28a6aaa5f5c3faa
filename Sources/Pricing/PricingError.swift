package import Files

/// Why prices could not be read or written.
package enum PricingError: Error, Equatable, CustomStringConvertible {
  case file(FileError)
  /// What is wrong in a price file, on which line.
  case content(file: String, line: Int, String)
  /// What was asked for cannot be done.
  case request(String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .content(let file, let line, let what): "\(file):\(line): \(what)"
    case .request(let what): what
    }
  }
}
