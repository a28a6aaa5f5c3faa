import Adapters
import ArgumentParser
import Calendar
import Files
import Ingest
import SegmentLog

/// Takes in other people's files.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import usage from coding agents' logs, API responses, logs and exports.",
    discussion: """
      Without files it finds the logs of the coding agents on this machine and imports what is new in them. With files
      it finds out what each of them is, or is told by --as. Importing again adds only what is new.
        tally import
        tally import --dry-run
        tally import responses.json --as response
        tally import --explain ~/.claude/projects/x/session.jsonl
      """)

  @OptionGroup var options: StoreOptions

  @Argument(help: "Files; none looks for the logs of coding agents.")
  var files: [String] = []

  @OptionGroup var input: FormatOptions

  @Flag(help: "Read all files whole, whatever was imported before. No number changes by it.")
  var again = false

  @Flag(help: "Say what would be imported, and write nothing.")
  var dryRun = false

  @Flag(help: "Print line by line what each line became and why, and write nothing.")
  var explain = false

  @Option(
    help: ArgumentHelp("With csv: keep the columns in the configuration, for --as NAME.", valueName: "name"))
  var save: String?

  @Flag(help: "Keep rejected records whole in the rejects file.")
  var keepRejects = false

  @Option(help: "How the summary on stderr is written: text or json.")
  var summary = AppendCommand.SummaryFormat.text

  mutating func validate() throws {
    // `tally import csv FILE` is `tally import --as csv FILE`.
    if input.formatName == nil, files.count > 1, files[0] == "csv" { input.formatName = files.removeFirst() }
    try input.check()
    if save != nil, input.formatName != "csv" { throw ValidationError("--save goes with csv only") }
    if explain, files.isEmpty { throw ValidationError("--explain needs a file: tally import --explain FILE") }
    if let name = input.formatName, files.isEmpty {
      throw ValidationError("--as needs files: tally import --as \(name) FILE")
    }
  }

  func run() throws {
    Signals.handle()
    let settings = try options.settings()
    let layout = try options.layout(settings)
    let writesNothing = dryRun || explain
    let lock = writesNothing ? nil : try ImportLock.take(layout)
    defer { withExtendedLifetime(lock) {} }
    let writer = writesNothing && options.writer == nil ? "dry-run" : try options.writerName()
    var append = AppendOptions()
    append.keepsRejects = keepRejects
    append.isDryRun = writesNothing
    let session = AppendSession(
      layout: layout, writer: writer, batch: Batch.name(now: System.now(), writer: writer), options: append)
    var importing = ImportOptions()
    importing.isAgain = again || explain
    importing.provider = input.provider
    importing.time = try input.instant()
    let run = ImportRun(session: session, layout: layout, options: importing, isDryRun: writesNothing)
    let output = StandardOutput()
    if explain { run.explain = ImportText.explainer(output) }
    let format = try input.format(settings, path: try options.configurationPath)
    if dryRun, !explain { run.explain = ImportText.firstEvents(output) }
    let failures = files.isEmpty ? try importFound(run) : importNamed(run, format)
    run.save()
    try report(run, session, failures + [output.failure].compactMap(\.self))
  }

  /// Imports what is new in the logs of agents.
  private func importFound(_ run: ImportRun) throws -> [Failure] {
    var search = LogSearch(home: try Failure.wrap(Directories.home))
    for format in LogFormats.all { search.look(for: format) }
    if search.found.isEmpty {
      let places = LogFormats.all.flatMap(\.places).flatMap(search.folders)
      options.say("no logs of coding agents found; looked in \(places.joined(separator: ", "))")
    }
    let total = search.found.reduce(0) {
      $0 + (run.isUnchanged($1.path, $1.format, $1.mark) ? 0 : Int($1.mark.sizeBytes))
    }
    let bar = ProgressBar(isQuiet: options.quiet)
    var done = 0
    run.progress = { size in
      done += size
      bar.update(done >> 20, of: total >> 20)
    }
    for log in search.found where Signals.ending == nil {
      run.add(ImportFile(path: log.path, format: log.format), mark: log.mark)
    }
    bar.end()
    return search.failures.map { Failure($0) }
  }

  /// Imports what is new in the files that were named.
  private func importNamed(_ run: ImportRun, _ chosen: LogFormat?) -> [Failure] {
    var failures: [Failure] = []
    for path in files where Signals.ending == nil {
      do throws(FileError) {
        var format = chosen
        if format == nil { format = try FormatDetection.format(of: path) }
        guard let format else {
          failures.append(
            Failure(
              "\(path): not a format that tally knows: say which with --as (\(FormatOptions.names))",
              .dataError))
          continue
        }
        if format.name == "csv", let failure = showColumns(of: path) {
          failures.append(failure)
          continue
        }
        run.add(ImportFile(path: path, format: format))
      } catch {
        failures.append(Failure(error))
      }
    }
    return failures
  }

  /// Says which column became what; returns what is wrong with that.
  private func showColumns(of path: String) -> Failure? {
    do {
      let header = try FormatDetection.header(of: path)
      let map = try input.csvMap().guessed(from: header)
      let text = "\(path): \(map.text(header: header))"
      do throws(Misread) {
        try map.check(header: header)
        options.say(text)
      } catch {
        if FieldMap.isHeader(header) { options.say(text) }
        return Failure("\(path): \(error.message)", .dataError)
      }
      if let save { try SavedFormat.add(map, name: save, to: try options.configurationPath) }
      return nil
    } catch let error as FileError {
      return Failure(error)
    } catch {
      return error as? Failure ?? Failure("\(path): \(error)", .dataError)
    }
  }

  private static func failure(_ error: FileError) -> Failure {
    guard error.path == "sqlite3", error.isMissing else { return Failure(error) }
    return Failure(
      "sqlite3: not found: install it (apt-get install sqlite3, brew install sqlite) to read databases",
      .unavailable)
  }

  private static func failure(_ database: UnansweredDatabase) -> Failure {
    if database.isLocked {
      return Failure(
        "\(database.path): another program holds its lock: import again when it is done", .tryAgain)
    }
    return Failure(
      "\(database.path): sqlite3 cannot read its messages: update sqlite3 to 3.38 or later, or say what it is with "
        + "--as", .dataError)
  }

  private func report(_ run: ImportRun, _ session: AppendSession, _ failures: [Failure]) throws {
    let result = session.summary
    for reason in session.shownReasons where !options.quiet && !explain { Terminal.say(reason) }
    for (format, count) in run.counts { options.say(ImportText.summary(format, count)) }
    for note in result.notes { Terminal.say("tally: \(note)") }
    switch summary {
    case .text: if result.accepted + result.rejected + result.lost > 0 { options.say(result.text) }
    case .json: Terminal.say(json: result.json)
    }
    var failures = failures + run.failures.map(Self.failure)
    failures += run.unanswered.map(Self.failure)
    if let failure = session.failure { failures.append(Failure(failure)) }
    if let failure = run.cursorFailure { failures.append(Failure(failure)) }
    for failure in failures.dropLast() { Terminal.say(failure) }
    if let failure = failures.last { throw failure }
    if result.rejected > 0 { throw ExitCode(Status.dataError.rawValue) }
  }
}

/// One import at a time: two would not harm the log, but each other's cursor.
final class ImportLock {
  private let file: File

  private init(_ file: consuming File) { self.file = file }

  /// Takes the lock of a store, until it goes away.
  static func take(_ layout: StoreLayout) throws -> ImportLock {
    do throws(FileError) {
      try Folders.create("\(layout.local)/locks")
      let file = try File("\(layout.local)/locks/import", .update)
      try file.lock(wait: false)
      return ImportLock(file)
    } catch {
      if !error.isLocked { throw Failure(error) }
      throw Failure("another import is running in this store: try again when it is done", .tryAgain)
    }
  }
}
