//! The command. One file per subcommand; this one maps errors to messages and exit codes, and nothing else does.

import ArgumentParser
import Compaction
import Configuration
import Files
import SegmentLog

/// What tally is, and its subcommands.
@main
struct Tally: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "tally",
    abstract: "An append-only log of AI usage, with reports as files.",
    discussion: """
      Pipe events in:      my-script | tally append
      Agents' logs:        tally import
      Roll up nightly:     tally rollup
      Ask anything:        tally query --measure cost --by day,model
      Report a month:      tally report month 2026-10 --output reports/
      """,
    version: version,
    subcommands: [
      AppendCommand.self, AddCommand.self, ImportCommand.self, RollupCommand.self, ReportCommand.self,
      QueryCommand.self, ExplainCommand.self, OverviewCommand.self, StatuslineCommand.self,
      VerifyCommand.self,
      MergeCommand.self, PricesCommand.self, FxCommand.self,
    ])

  /// The options that are not about a command.
  private static let rootOptions = [
    "-h", "--help", "-help", "--version", "--experimental-dump-help", "--generate-completion-script",
  ]

  /// The command that arguments mean.
  ///
  /// What they name is parsed on its own: to make the whole tree of commands first takes a third longer. Only the tree has
  /// the words for what is wrong with them and for help, and knows what is no command's name followed by its options.
  private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    let (command, rest) = named(by: arguments[...])
    if command.configuration.subcommands.isEmpty, let parsed = try? command.parseAsRoot(Array(rest)),
      type(of: parsed) == command
    {
      return parsed
    }
    return try parseAsRoot(arguments)
  }

  static func main() {
    Faults.armFromEnvironment()
    Signals.ignoreRefusedWrites()
    do {
      // What is called once an event does not wait for ArgumentParser when it need not.
      let arguments = System.arguments
      if arguments.first == AddCommand.configuration.commandName,
        let addition = Addition(plain: arguments.dropFirst())
      {
        return try addition.run()
      }
      // Without a command there is something to see, not to read.
      if arguments.first.map({ $0.hasPrefix("-") && !rootOptions.contains($0) }) ?? true {
        var overview = try parseAsRoot([OverviewCommand.configuration.commandName ?? ""] + arguments)
        return try overview.run()
      }
      var command = try parse(Array(arguments))
      try command.run()
    } catch {
      Self.exit(withError: ExitCode(say(error)))
    }
  }

  /// Says why a command ended: help and versions on stdout, what is wrong on stderr; the exit code.
  private static func say(_ error: any Error) -> Int32 {
    switch error {
    case let failure as Failure:
      Terminal.say(failure)
      return failure.code.rawValue
    // Whoever read our output has seen enough.
    case let error as FileError where error.isBrokenPipe: return 0
    case let error as FileError: return say(Failure(error))
    default: break
    }
    let (text, code) = (fullMessage(for: error), exitCode(for: error).rawValue)
    do throws(FileError) {
      if code == 0, !text.isEmpty { try Terminal.print("\(text)\n") }
    } catch {
      return say(error)
    }
    if code != 0, !text.isEmpty { Terminal.say(lines: text) }
    return code
  }
}

extension ParsableCommand {
  /// The command under this one that the first arguments name, and what follows its name.
  fileprivate static func named(
    by arguments: ArraySlice<String>
  ) -> (command: any ParsableCommand.Type, rest: ArraySlice<String>) {
    guard let name = arguments.first,
      let next = configuration.subcommands.first(where: { $0.configuration.commandName == name })
    else { return (self, arguments) }
    return next.named(by: arguments.dropFirst())
  }
}
