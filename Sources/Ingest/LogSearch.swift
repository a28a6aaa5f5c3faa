//! Where the agents of this machine keep their logs.

package import Adapters
import Bytes
package import Files

/// A log that was found.
package struct FoundLog: Sendable {
  package let path: String
  package let format: LogFormat
  /// The folder it was found in, as people know it.
  package let folder: String
  package let mark: FileMark
}

/// Finds logs by the places that formats name.
package struct LogSearch {
  private let environment: (String) -> String?
  private let home: String
  /// Logs by path; of two formats that name a path, the first.
  package private(set) var found: [FoundLog] = []
  /// Folders and files that are there but cannot be looked at.
  package private(set) var failures: [FileError] = []
  private var paths: Set<ByteText> = []

  package init(home: String, environment: @escaping (String) -> String? = System.environment) {
    self.home = home
    self.environment = environment
  }

  /// Looks in all places of a format.
  package mutating func look(for format: LogFormat) {
    for place in format.places {
      for folder in folders(of: place) {
        for pattern in place.patterns {
          walk(
            folder, pattern.split(separator: "/").map(String.init)[...], Found(format: format, folder: folder)
          )
        }
      }
    }
  }

  /// The folders of a place: the variable's, else the usual ones.
  package func folders(of place: LogPlace) -> [String] {
    if let named = place.variable.flatMap(environment) {
      let names = place.isList ? named.split(separator: ",").map(String.init) : [named]
      return names.map(expanded)
    }
    return place.folders.map(expanded)
  }

  private func expanded(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path.hasPrefix("~/") { return "\(home)/\(path.dropFirst(2))" }
    let data = "$XDG_DATA_HOME/"
    guard path.hasPrefix(data) else { return Folders.absolute(path) }
    let base = environment("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/share"
    return "\(base)/\(path.dropFirst(data.count))"
  }

  private struct Found {
    let format: LogFormat
    let folder: String
  }

  private mutating func walk(_ path: String, _ pattern: ArraySlice<String>, _ origin: Found) {
    guard let part = pattern.first else { return }
    let rest = pattern.dropFirst()
    if part != "**", !part.contains("*") {
      if !rest.isEmpty { return walk("\(path)/\(part)", rest, origin) }
      guard let entry = seen({ () throws(FileError) in try Folder(path).entry(part) }), !entry.isFolder else {
        return
      }
      return add("\(path)/\(part)", entry.mark, origin)
    }
    guard let names = seen({ () throws(FileError) in try Folders.list(path) }), !names.isEmpty,
      let folder = seen({ () throws(FileError) in try Folder(path) })
    else { return }
    for name in names { step(name, in: path, folder, part, rest, origin) }
  }

  /// What there is to see; that something cannot be seen is kept, that it is not there is no fault.
  private mutating func seen<Value>(_ look: () throws(FileError) -> Value?) -> Value? {
    do throws(FileError) {
      return try look()
    } catch {
      if !error.isMissing { failures.append(error) }
      return nil
    }
  }

  /// Goes on with one name of a folder.
  private mutating func step(
    _ name: String, in path: String, _ folder: Folder, _ part: String, _ rest: ArraySlice<String>,
    _ origin: Found
  ) {
    let below = "\(path)/\(name)"
    let isAnyDepth = part == "**"
    guard isAnyDepth || Self.matches(name, part),
      let entry = seen({ () throws(FileError) in try folder.entry(name) })
    else { return }
    if !isAnyDepth {
      if entry.isFolder { return walk(below, rest, origin) }
      return rest.isEmpty ? add(below, entry.mark, origin) : ()
    }
    let isNext = rest.first.map { Self.matches(name, $0) } ?? false
    if entry.isFolder {
      if isNext, rest.count > 1 { walk(below, rest.dropFirst(), origin) }
      // A link to a folder above would never end.
      if !entry.isLink { walk(below, ["**"] + rest, origin) }
    } else if isNext, rest.count == 1 {
      add(below, entry.mark, origin)
    }
  }

  private mutating func add(_ path: String, _ mark: FileMark, _ origin: Found) {
    guard paths.insert(ByteText(path)).inserted else { return }
    found.append(FoundLog(path: path, format: origin.format, folder: origin.folder, mark: mark))
  }

  /// Whether a name is one of a pattern with `*` for any part.
  static func matches(_ name: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first, let last = parts.last else { return name == pattern }
    guard name.hasPrefix(first), name.utf8.count >= first.utf8.count + last.utf8.count, name.hasSuffix(last)
    else {
      return false
    }
    var rest = name.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let place = rest.firstRange(of: part) else { return false }
      rest = rest[place.upperBound...]
    }
    return true
  }
}
