#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Nothing says where this user's files are.
package struct NoHome: Error, Equatable, CustomStringConvertible {
  /// What would say it, besides HOME.
  let variables: [String]

  package var description: String {
    let names = ["HOME"] + variables
    let list =
      names.count == 1 ? names[0] : "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")"
    return
      "no home folder: HOME is not set, and \(Directories.userList) has none for user \(getuid()): set \(list)"
  }
}

/// The folders of the XDG base directory specification, for tally.
package enum Directories {
  static let userList = "/etc/passwd"
  private static let userListSizeBytesMax = 16 << 20

  /// `$XDG_DATA_HOME/tally`: the default store.
  package static func data() throws(NoHome) -> String {
    try base("XDG_DATA_HOME", ".local/share", or: "TALLY_STORE")
  }

  /// `$XDG_STATE_HOME/tally`: this machine's identity and spool.
  package static func state() throws(NoHome) -> String { try base("XDG_STATE_HOME", ".local/state") }

  /// `$XDG_CONFIG_HOME/tally`: the configuration.
  package static func config() throws(NoHome) -> String {
    try base("XDG_CONFIG_HOME", ".config", or: "TALLY_CONFIG")
  }

  /// A path as people write it in a configuration, where no shell expands `~/`.
  package static func expanded(_ path: String) throws(NoHome) -> String {
    guard path.hasPrefix("~/") else { return path }
    return "\(try home())/\(path.dropFirst(2))"
  }

  /// The user's own folder: `$HOME`, else what the list of users says.
  package static func home() throws(NoHome) -> String { try home(or: []) }

  private static func home(or variables: [String]) throws(NoHome) -> String {
    guard let home = System.environment("HOME") ?? listedHome() else { throw NoHome(variables: variables) }
    return home
  }

  private static func base(
    _ variable: String, _ fallback: String, or other: String? = nil
  ) throws(NoHome) -> String {
    // The specification: a relative path in these variables is invalid and ignored.
    if let path = System.environment(variable), path.hasPrefix("/") { return "\(path)/tally" }
    return "\(try home(or: [variable] + (other.map { [$0] } ?? [])))/\(fallback)/tally"
  }

  /// The home folder of the user who runs this process.
  private static func listedHome() -> String? {
    #if canImport(Darwin)
      guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return nil }
      return String(cString: home)
    #else
      // Not getpwuid: what it loads into a binary that is linked statically must be of the same C library.
      guard let list = try? Publish.contents(userList, sizeBytesMax: userListSizeBytesMax) else { return nil }
      return home(of: getuid(), in: list)
    #endif
  }

  /// The home folder of a user in the text of `/etc/passwd`; nil when it has none.
  static func home(of user: UInt32, in list: [UInt8]) -> String? {
    for line in list.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard fields.count >= 6, fields[2].elementsEqual("\(user)".utf8) else { continue }
      return fields[5].first == UInt8(ascii: "/") ? String(decoding: fields[5], as: UTF8.self) : nil
    }
    return nil
  }
}
