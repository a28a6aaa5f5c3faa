/// The folders of the XDG base directory specification, for tally.
package enum Directories {
  /// `$XDG_DATA_HOME/tally`: the default store.
  package static var data: String { base("XDG_DATA_HOME", ".local/share") }
  /// `$XDG_STATE_HOME/tally`: this machine's identity and spool.
  package static var state: String { base("XDG_STATE_HOME", ".local/state") }
  /// `$XDG_CONFIG_HOME/tally`: the configuration.
  package static var config: String { base("XDG_CONFIG_HOME", ".config") }

  /// A path as people write it in a configuration, where no shell expands `~/`.
  package static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = System.environment("HOME") else { return path }
    return "\(home)/\(path.dropFirst(2))"
  }

  private static func base(_ variable: String, _ fallback: String) -> String {
    // The specification: a relative path in these variables is invalid and ignored.
    if let path = System.environment(variable), path.hasPrefix("/") { return "\(path)/tally" }
    return "\(System.environment("HOME") ?? "/tmp")/\(fallback)/tally"
  }
}
