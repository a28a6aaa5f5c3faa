import Bytes
import Files

/// What goes to people: talk on stderr, data on stdout.
enum Terminal {
  /// Whether colour may be used on a descriptor.
  static func isColored(_ descriptor: Int32) -> Bool {
    System.isTerminal(descriptor) && System.environment("NO_COLOR") == nil
      && System.environment("TERM") != "dumb"
  }

  /// Writes a line to stderr, without what would act on the terminal; nobody listening is no reason to stop.
  static func say(_ text: String) {
    try? Stream.write("\(PlainText.printable(text))\n", to: Stream.standardError)
  }

  /// Writes a text of several lines to stderr.
  static func say(lines: String) {
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) { say(String(line)) }
  }

  /// Writes the lines of a failure to stderr.
  static func say(_ failure: Failure) {
    say("tally: \(failure.message)")
    for line in failure.details { say(line) }
  }

  /// Writes a JSON value on one line of stderr: what would act on the terminal is escaped and stays the same text.
  static func say(json: String) {
    try? Stream.write("\(PlainText.escaped(json: json))\n", to: Stream.standardError)
  }

  /// Writes a JSON value on one line of stdout; see `say(json:)`.
  static func print(json: String) throws(FileError) {
    try Stream.write("\(PlainText.escaped(json: json))\n", to: Stream.standardOutput)
  }

  /// Writes a line for people to stdout, without what would act on the terminal.
  static func print(line: String) throws(FileError) {
    try Stream.write("\(PlainText.printable(line))\n", to: Stream.standardOutput)
  }

  /// Writes data to stdout.
  static func print(_ text: String) throws(FileError) {
    try Stream.write(text, to: Stream.standardOutput)
  }
}

extension Terminal {
  /// Whether the locale is UTF-8; unset means yes, as everywhere today but in bare cron jobs, whose output is mail.
  static var isUTF8: Bool {
    let locale = System.environment("LC_ALL") ?? System.environment("LC_CTYPE") ?? System.environment("LANG")
    guard let locale = locale?.lowercased() else { return true }
    return locale.contains("utf-8") || locale.contains("utf8") || !(locale == "c" || locale == "posix")
  }
}

/// `1 day`, `2 days`.
func counted(_ count: some BinaryInteger, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
