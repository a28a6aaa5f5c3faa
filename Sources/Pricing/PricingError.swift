package import Files

/// Why prices could not be read or written.
package enum PricingError: Error, Equatable, CustomStringConvertible {
  case file(FileError)
  /// What is wrong in a price file, on which line.
  case content(file: String, line: Int, String)
  /// A file that is not what its name says, and the name that would be right.
  case altered(file: String, rightName: String)
  /// What was asked for cannot be done.
  case request(String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .content(let file, let line, let what): "\(file):\(line): \(what)"
    case .altered(let file, let name):
      "\(file): it does not match the digest in its name: it was damaged, or changed by hand: restore it from a copy, "
        + "or name it \(name) to take it as it is"
    case .request(let what): what
    }
  }
}
