import Adapters
import ArgumentParser
import Bytes
import Configuration
import Files
import Ingest

/// Takes in JSON Lines.
struct AppendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Append usage events from standard input or files.",
    discussion: """
      One JSON object per line, such as
        {"time":"2026-11-20T10:11:12Z","model":"gpt-5","input_tokens":1200,"output_tokens":300}
      What is acknowledged is durable. A slow pipe is flushed at least every second. Lines that are no events are set
      aside with the reason, and the exit code is 65.
      """)

  enum SummaryFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var options: StoreOptions

  @Argument(help: "Files of JSON Lines; \"-\" or none reads standard input.")
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "The source of events that name none; also the namespace of their ids.", valueName: "name"))
  var source = "stdin"

  @OptionGroup var input: FormatOptions

  @Flag(help: "Check the lines without writing anything.")
  var dryRun = false

  @Flag(help: "Pass every line on to standard output at once.")
  var tee = false

  @Flag(help: "Never fail: what cannot be written now is spooled for the next append; exit 0.")
  var bestEffort = false

  @Flag(help: "Keep rejected lines whole in the rejects file.")
  var keepRejects = false

  @Flag(help: "Print the number of durable lines on standard output at each flush.")
  var ack = false

  @Option(help: "How the summary on stderr is written: text or json.")
  var summary = SummaryFormat.text

  func validate() throws {
    if ack, tee { throw ValidationError("--ack and --tee both write to standard output: choose one") }
    try input.check()
    if ack, input.formatName != nil {
      throw ValidationError("--ack counts lines of events: it does not go with --as")
    }
    if input.formatName == nil, input.provider != nil || input.time != nil {
      throw ValidationError("--provider and --time go with --as: name the format of the input")
    }
    if source.isEmpty || source.utf8.count > 64
      || source.utf8.contains(where: { $0 < 0x21 || $0 == 0x22 || $0 == 0x5C })
    {
      throw ValidationError(
        "--source \"\(source)\": use 1 to 64 characters without spaces, quotes and backslashes")
    }
  }

  func run() throws {
    Signals.handle()
    let output = StandardOutput()
    let driver: AppendDriver
    do {
      driver = try makeDriver(output)
    } catch {
      // Nothing can be kept, but the sender must not suffer.
      let failure = bestEffort ? error as? Failure : nil
      if let failure { Terminal.say(failure) }
      var result = AppendSummary()
      result.lost = AppendDriver.drain(files, to: tee ? output : nil)
      if let failure = output.failure { Terminal.say(failure) }
      if failure == nil { throw error }
      return say(result)
    }
    let failure = driver.run(files)
    let result = driver.session.finish()
    report(result, driver)
    let failures = [output.failure, driver.session.failure.map { Failure($0) }, failure].compactMap(\.self)
    for failure in bestEffort ? failures[...] : failures.dropLast() { Terminal.say(failure) }
    if bestEffort { return }
    if let failure = failures.last { throw failure }
    if result.rejected > 0 { throw ExitCode(Status.dataError.rawValue) }
  }

  private func makeDriver(_ output: StandardOutput) throws -> AppendDriver {
    let setup = try AppendSetup(options, isDryRun: dryRun, isBestEffort: bestEffort && !dryRun)
    var append = AppendOptions()
    append.source = source
    append.keptFields = setup.settings.keepFields
    append.keepsRejects = keepRejects
    append.isDryRun = dryRun
    append.isSpoolOnly = setup.isSpoolOnly
    append.spoolFolder = bestEffort ? setup.spool : nil
    let batch = Batch.name(now: System.now(), writer: setup.writer)
    let session = AppendSession(layout: setup.layout, writer: setup.writer, batch: batch, options: append)
    if !dryRun {
      for folder in setup.waiting { session.drainSpool(folder, layout: setup.layout, writer: setup.writer) }
    }
    return AppendDriver(
      session: session, output: output, tee: tee, ack: ack, foreign: try foreign(session, setup.settings))
  }

  /// Who makes readers of the format that was named.
  private func foreign(
    _ session: AppendSession, _ settings: Configuration
  ) throws -> ((String, Bool) -> ForeignInput)? {
    guard let format = try input.format(settings, path: try options.configurationPath) else { return nil }
    let given = try input.instant()
    let provider = input.provider
    let source = source == "stdin" ? nil : source
    return { name, isStream in
      // What comes through a pipe comes when it happens; a file may be old.
      let clock: (@Sendable () -> Int64)? = isStream ? { @Sendable in System.now() } : nil
      let context = LogContext(path: name, provider: provider, time: given, clock: clock)
      return ForeignInput(format, context, session: session, source: source, isStream: isStream)
    }
  }

  private func report(_ result: AppendSummary, _ driver: AppendDriver) {
    for reason in driver.session.shownReasons where !options.quiet { Terminal.say(reason) }
    let more = Int(clamping: result.rejected) - driver.session.shownReasons.count
    if more > 0 { options.say("and \(more) more") }
    say(result)
  }

  private func say(_ result: AppendSummary) {
    for note in result.notes { Terminal.say("tally: \(note)") }
    switch summary {
    case .text: options.say(result.text)
    case .json: Terminal.say(json: result.json)
    }
  }
}
