//! Finds time zones by name in the database that the system keeps (the "tzdata" package), so that a new rule arrives
//! with the system's updates and not with ours.

/// The installed time zone database.
package struct TimeZoneDatabase: Sendable {
  /// The folders to look in, best first.
  package let folders: [String]
  /// The system's own zone: a link into the database, or a copy of a file of it.
  let localtimePath: String
  /// A file with the name of the system's zone.
  let timezonePath: String

  /// A database in given folders; the paths are those of the system unless a test says otherwise.
  package init(
    folders: [String], localtimePath: String = "/etc/localtime", timezonePath: String = "/etc/timezone"
  ) {
    self.folders = folders
    self.localtimePath = localtimePath
    self.timezonePath = timezonePath
  }

  /// The database of this machine: `$TZDIR` first, then where systems keep it.
  package static var installed: TimeZoneDatabase {
    let usual = [
      "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
      "/var/db/timezone/zoneinfo",
    ]
    let chosen = environmentVariable("TZDIR").flatMap { $0.isEmpty ? nil : $0 }
    return TimeZoneDatabase(folders: (chosen.map { [$0] } ?? []) + usual)
  }

  /// The zone with an IANA name such as `Europe/Berlin`; `UTC` needs no file.
  package func zone(named name: String) throws(CalendarError) -> TimeZoneRules {
    if name == "UTC" { return .utc }
    if Self.isName(name) {
      for folder in folders {
        let path = folder + "/" + name
        guard let bytes = smallFile(path) else { continue }
        return try TimeZoneFile.parse(bytes, name: name, path: path)
      }
      if name == "Etc/UTC" || name == "Z" { return TimeZoneRules(name: name, offsetSeconds: 0) }
    }
    let names = names()
    let folder = folders.first { folderEntries($0)?.isEmpty == false }
    throw .unknownTimeZone(name, nearest: nearestTimeZone(to: name, among: names), folder: folder)
  }

  /// Whether a text may be the name of a zone, so that looking it up never leaves the database.
  static func isName(_ text: String) -> Bool {
    guard 1...64 ~= text.utf8.count else { return false }
    return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
      part in
      guard let first = part.first, 97...122 ~= first | 32 else { return false }
      return part.allSatisfy { byte in
        97...122 ~= byte | 32 || 48...57 ~= byte || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+")
          || byte == UInt8(ascii: "-")
      }
    }
  }

  /// All names of the first folder that has any, sorted.
  ///
  /// Opens some six hundred files: for messages and tests.
  package func names() -> [String] {
    for folder in folders {
      var names: [String] = []
      collectNames(in: folder, prefix: "", depth: 0, into: &names)
      if !names.isEmpty { return names.sorted() }
    }
    return []
  }

  private func collectNames(in folder: String, prefix: String, depth: Int, into names: inout [String]) {
    for entry in folderEntries(folder) ?? [] {
      // `right` counts leap seconds, `posix` repeats everything; the others are no zones of their own.
      if depth == 0, ["posix", "right", "posixrules", "localtime"].contains(entry) { continue }
      let name = prefix + entry
      guard Self.isName(name) else { continue }
      let path = folder + "/" + entry
      if let bytes = smallFile(path) {
        if bytes.starts(with: "TZif".utf8) { names.append(name) }
      } else if depth < 3 {
        collectNames(in: path, prefix: name + "/", depth: depth + 1, into: &names)
      }
    }
  }
}

extension TimeZoneDatabase {
  /// The person's zone: `$TZ`, else the system's, else UTC.
  package func systemZone() throws(CalendarError) -> TimeZoneRules {
    try systemZone(setting: environmentVariable("TZ"))
  }

  /// The person's zone when `$TZ` is `setting`: a name, `:name`, a path into the database or a POSIX string.
  func systemZone(setting: String?) throws(CalendarError) -> TimeZoneRules {
    guard var name = setting else { return try configuredZone() }
    if name.hasPrefix(":") { name.removeFirst() }
    if name.isEmpty { return .utc }
    if name == localtimePath { return try configuredZone() }
    if let inside = Self.nameInside(path: name) { name = inside }
    do {
      return try zone(named: name)
    } catch {
      if case .unknownTimeZone = error, let zone = TimeZoneRules(posix: name) { return zone }
      throw error
    }
  }

  /// The zone that the system is set to.
  private func configuredZone() throws(CalendarError) -> TimeZoneRules {
    if let target = linkTarget(localtimePath), let name = Self.nameInside(path: target) {
      return try zone(named: name)
    }
    let written = smallFile(timezonePath).map { bytes in
      String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self)
    }
    // Containers often get a copy of the host's file beside an /etc/timezone of their image; the clock's file wins.
    if let bytes = smallFile(localtimePath) {
      let candidates = (written.map { [$0] } ?? []) + names().sorted { isPlace($0) && !isPlace($1) }
      let name = candidates.first { name in
        Self.isName(name) && folders.contains { smallFile($0 + "/" + name) == bytes }
      }
      return try TimeZoneFile.parse(bytes, name: name ?? "local", path: localtimePath)
    }
    guard let written, !written.isEmpty else { return .utc }
    return try zone(named: written)
  }

  /// Whether a name is a region and a place; those read better than `MET` or `Etc/GMT-1`.
  private func isPlace(_ name: String) -> Bool { name.contains("/") && !name.hasPrefix("Etc/") }

  /// The name in a path such as `/usr/share/zoneinfo/Europe/Berlin`.
  static func nameInside(path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard let folder = parts.lastIndex(where: { $0.hasPrefix("zoneinfo") }) else { return nil }
    var rest = parts[(folder + 1)...]
    if rest.first == "posix" { rest = rest.dropFirst() }
    return rest.isEmpty ? nil : rest.joined(separator: "/")
  }
}

/// The known name that looks most like `text`, or nil when none is close.
///
/// Compares whole names, and places alone so that `berlin` finds `Europe/Berlin`. The fewest edits win, then the
/// name that comes first.
func nearestTimeZone(to text: String, among names: [String]) -> String? {
  guard text.utf8.count <= 64 else { return nil }
  let typed = folded(text[...])
  var best: (name: String, edits: Int)?
  for name in names + ["UTC"] {
    let place = name.split(separator: "/").last ?? ""
    let edits = min(editDistance(typed, folded(name[...])), editDistance(typed, folded(place)))
    if edits < best?.edits ?? .max { best = (name, edits) }
  }
  guard let best, best.edits <= max(1, typed.count / 4) else { return nil }
  return best.name
}

/// The bytes of a name in lower case, with a space for `_`.
private func folded(_ name: Substring) -> [UInt8] {
  Array(name.lowercased().utf8).map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
}

/// How many insertions, deletions and replacements turn one text into another (Levenshtein).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var row = Array(0...right.count)
  for (i, leftByte) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, rightByte) in right.enumerated() {
      let replaced = diagonal + (leftByte == rightByte ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, min(row[j], row[j + 1]) + 1)
    }
  }
  return row[right.count]
}
