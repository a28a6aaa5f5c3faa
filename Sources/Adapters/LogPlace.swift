/// Where an agent keeps its logs: a folder of its own, and patterns in it.
package struct LogPlace: Equatable, Sendable {
  /// An environment variable that names the folder; nil when there is none.
  package let variable: String?
  /// Whether the variable may name several, with commas between them.
  package let isList: Bool
  /// The folders when the variable is not set; `~/` is the home, `$XDG_DATA_HOME/` as the specification has it.
  package let folders: [String]
  /// Paths in the folder: `*` stands for any part of a name, `**` for any number of folders.
  package let patterns: [String]

  package init(variable: String? = nil, isList: Bool = false, folders: [String], patterns: [String]) {
    self.variable = variable
    self.isList = isList
    self.folders = folders
    self.patterns = patterns
  }
}
