//! The project is the last part of the working folder: a whole path says things about people that nothing here needs.

/// What a log's working folder says about the project.
package enum Project {
  /// The last part of a path, whatever the system it was written on: the whole path is nobody's business.
  package static func name(ofPath path: String?) -> String? {
    func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    guard let path else { return nil }
    let name = path.utf8.reversed().drop(while: isSeparator).prefix { !isSeparator($0) }.reversed()
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }
}
