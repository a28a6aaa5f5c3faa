//! Who appends. Each machine owns its own file of a day, so merging stores is copying files; the identity lives
//! outside the store, so that copying a store does not copy it.

package import Files

/// The name of a writer.
package enum WriterName {
  static let rule = "use 1 to 64 letters, digits, \"-\", \"_\" or \".\", not starting with a dot or \"-\""

  /// Why there is no usable name.
  package enum Fault: Error, Equatable, CustomStringConvertible {
    case malformed(String)
    case file(FileError)

    package var description: String {
      switch self {
      case .malformed(let name):
        "writer \"\(name)\": \(WriterName.rule)"
      case .file(let error): error.description
      }
    }
  }

  /// The name given, else the one in the state folder, made on first use.
  package static func resolve(_ given: String?, stateFolder: String) throws(Fault) -> String {
    if let name = given {
      guard isValid(name) else { throw .malformed(name) }
      return name
    }
    let path = "\(stateFolder)/writer"
    do throws(FileError) {
      if let name = try stored(path) { return name }
      try Folders.create(stateFolder)
      let lock = try File("\(path).lock", .update)
      try lock.lock()
      // Another process may have made it while we waited.
      if let name = try stored(path) { return name }
      let name = fresh()
      try Publish.replace(path, with: Array("\(name)\n".utf8).span.bytes)
      return name
    } catch {
      throw .file(error)
    }
  }

  private static func stored(_ path: String) throws(FileError) -> String? {
    guard try Folders.status(path) != nil else { return nil }
    let line = try Publish.contents(path).prefix { $0 != 10 }
    let name = String(decoding: line, as: UTF8.self)
    return isValid(name) ? name : nil
  }

  /// A name that no other writer has: the host's and a random part.
  package static func fresh() -> String {
    let host = System.hostName.lowercased().unicodeScalars.map { scalar -> Character in
      isAllowed(scalar) ? Character(scalar) : "-"
    }
    let suffix = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
    let name = String(host.prefix(40)).drop { $0 == "." || $0 == "-" }
    return "\(name.isEmpty ? "host" : String(name))-\(suffix)"
  }

  package static func isValid(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && name.first != "." && name.first != "-"
      && name.unicodeScalars.allSatisfy(isAllowed)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
    default: false
    }
  }
}
