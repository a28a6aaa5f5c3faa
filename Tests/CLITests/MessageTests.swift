import Foundation
import Testing

/// What people are told when they ask for what cannot be. (Of lines: RejectTests; of `add`: AddTests; of the
/// configuration: ConfigurationTests; of failing disks: AttachTests.)
@Suite struct MessageTests {
  private static let dates =
    "; use 2026-10-01, 20261001, 2026-10, 2026, 2026-W41, today, yesterday, tomorrow, this-week, last-week, this-month, "
    + "last-month, this-year, last-year, 7d or 4w"

  /// A command is parsed on its own when it can be; what is wrong with it is said where all commands are known.
  @Test(arguments: ["rollup", "query", "report daily", "report month", "prices show"])
  func helpAndErrorsNameTheWholeCommand(_ command: String) throws {
    let box = try Sandbox()
    let words = command.split(separator: " ").map(String.init)
    let help = try box.start(words + ["--help"]).finish()
    #expect(help.status == 0 && help.output.contains("USAGE: tally \(command)"))
    #expect(try box.start(["help"] + words).finish().output == help.output)
    let wrong = try box.start(words + ["--nonsense"]).finish()
    #expect(wrong.status == 64 && wrong.errors.contains("Usage: tally \(command)"))
    #expect(try box.start(words + ["--version"]).finish().output == "0.1.0\n")
  }

  static let messages: [(command: String, status: Int32, message: String)] = [
    ("report daily nonsense", 64, "tally: range: cannot read the date \"nonsense\"\(dates)"),
    ("report daily --since foo", 64, "tally: --since: cannot read the date \"foo\"\(dates)"),
    ("report daily --until 0d", 64, "tally: --until: cannot read the date \"0d\"\(dates)"),
    ("report daily 2026-13", 64, "tally: range: the calendar has no 2026-13; months are 01 to 12"),
    (
      "report daily 2026-02-30", 64,
      "tally: range: the calendar has no 2026-02-30; 2026-02 has the days 01 to 28"
    ),
    (
      "report daily 2026-W54", 64, "tally: range: the calendar has no 2026-W54; 2026 has the weeks W01 to W53"
    ),
    ("report daily 2026-10 --since 2026", 64, "tally: give either a range or --since and --until, not both"),
    (
      "report daily -s 2026-10 -u 2026-09", 64,
      "tally: --since 2026-10-01 is after --until 2026-09-30: swap them"
    ),
    (
      "report daily -z Europe/Berln", 64,
      "tally: time zone: unknown time zone \"Europe/Berln\"; did you mean Europe/Berlin?"
    ),
    (
      "report weekly -w tag", 64,
      "tally: week start \"tag\": use monday, tuesday, wednesday, thursday, friday, saturday or sunday"
    ),
    ("report daily --by modl", 64, "tally: --by modl: no such field: did you mean model?"),
    (
      "report daily --by tag.team", 64,
      "tally: --by tag.team: the tag is no column of rollups: add \"team\" to rollup_tags in the configuration"
    ),
    (
      "report daily --by zzzzzzz", 64,
      "tally: --by zzzzzzz: no such field: use provider, service, account, source, model, operation, request_type, "
        + "service_tier, user, project, session"
    ),
    (
      "report daily --where servce=claude", 64,
      "tally: --where: unknown field \"servce\" at 1: did you mean \"service\"?"
    ),
    (
      "report daily --where service=", 64,
      "tally: --where: expected a value, not the end at 9: write a word, a 'quoted text' or none"
    ),
    (
      "report daily --format xml", 64,
      "Error: --format: unknown format \"xml\"\nuse one of table, csv, json, markdown"
    ),
    ("report daily --top 0", 64, "Error: --top 0: use 1 or more"),
    ("report daily --top x", 64, "Error: The value 'x' is invalid for '--top <n>'"),
    (
      "report daily --min-share 101", 64,
      "Error: --min-share 101: use a percentage from 0 to 100, such as 2.5"
    ),
    ("report daily --kind quota", 64, "Error: --kind quota: use usage or billed"),
    (
      "report daily --currency EURO", 64,
      "Error: --currency \"EURO\": use a code of ISO 4217, such as EUR or USD"
    ),
    ("report daily --cost reported", 64, "Error: --cost reported: use auto, calculate or display"),
    ("report daily --no-cost --cost auto", 64, "Error: --no-cost and --cost auto: choose one"),
    ("report daily --no-cost --currency EUR", 64, "Error: --no-cost and --currency EUR: choose one"),
    ("fx show DM", 64, "Error: currency \"DM\": use a code of ISO 4217, such as EUR or USD"),
    ("fx show USD --on 2026-11", 64, "tally: --on: cannot read the date \"2026-11\"\(dates)"),
    ("fx show USD --on foo", 64, "tally: --on: cannot read the date \"foo\"\(dates)"),
    (
      "fx list --format xml", 64,
      "Error: --format: unknown format \"xml\"\nuse one of table, csv, json, markdown"
    ),
    ("fx import", 64, "Error: Missing expected argument '<files> ...'"),
    ("fx import nowhere.csv", 66, "tally: nowhere.csv: cannot open: No such file or directory"),
    ("report foo", 64, "Error: Unexpected argument 'foo'"),
    ("report month 2026-10", 64, "Error: Missing expected argument '--output <folder>'"),
    (
      "report month foo --output out", 64,
      "tally: month \"foo\": write a month such as 2026-10, last-month or this-month"
    ),
    (
      "report month 2026-10-01 --output out", 64,
      "tally: month \"2026-10-01\": write a month such as 2026-10, last-month or this-month"
    ),
    (
      "report month 2026-10 --output /dev/null", 73,
      "tally: /dev/null: cannot create the folder: Not a directory"
    ),
    (
      "report daily --store nowhere", 66,
      "tally: nowhere: there is no store: append events first, or name one with --store"
    ),
    (
      "rollup --store nowhere", 66,
      "tally: nowhere: there is no store: append events first, or name one with --store"
    ),
    (
      "verify --store nowhere", 66,
      "tally: nowhere: there is no store: append events first, or name one with --store"
    ),
    ("rollup --seal --seal-level 20", 64, "Error: --seal-level 20: use 1 to 19"),
    ("rollup --jobs 0", 64, "Error: --jobs 0: use 1 to 1024"),
    ("rollup --jobs 999999999999", 64, "Error: --jobs 999999999999: use 1 to 1024"),
    ("append --ack --tee", 64, "Error: --ack and --tee both write to standard output: choose one"),
    (
      "append --source a\"b", 64,
      "Error: --source \"a\"b\": use 1 to 64 characters without spaces, quotes and backslashes"
    ),
    (
      "append --writer .x", 64,
      "tally: writer \".x\": use 1 to 64 letters, digits, \"-\", \"_\" or \".\", not starting with a dot or \"-\""
    ),
    (
      "append --summary x", 64,
      "Error: The value 'x' is invalid for '--summary <summary>'. Please provide one of 'text' and 'json'."
    ),
    ("foo", 64, "Error: Unexpected argument 'foo'"),
  ]

  @Test func everyMistakeIsSaidWithItsMend() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    for (command, status, message) in Self.messages {
      let outcome = try box.start(command.split(separator: " ").map(String.init)).finish()
      #expect(outcome.status == status, "\(command)")
      #expect(outcome.output == "", "\(command)")
      #expect(
        outcome.errors == message + "\n"
          || (outcome.errors.hasPrefix(message + "\n") && message.hasPrefix("Error")),
        "\(command): \(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: box.path("nowhere")))
  }

  @Test func helpSaysWhatThereIs() throws {
    let box = try Sandbox()
    let outcome = try box.tally("--help")
    #expect(outcome.status == 0)
    for word in ["append", "add", "rollup", "report", "verify", "fx", "my-script | tally append"] {
      #expect(outcome.output.contains(word))
    }
    #expect(try box.files().isEmpty)
    #expect(try box.tally("--version").status == 0)
  }
}
