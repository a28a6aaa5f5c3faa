/// What a log's working folder says about the project.
package enum Project {
  /// The last part of a path, whatever the system it was written on: the whole path is nobody's business.
  package static func name(ofPath path: String?) -> String? {
    let parts = path?.split(whereSeparator: { $0 == "/" || $0 == "\\" }) ?? []
    return parts.last.map(String.init)
  }
}
