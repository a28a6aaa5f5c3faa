import ArgumentParser
import Calendar
import Compaction
import Configuration
import Files

/// Brings rollups up to date.
struct RollupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollup",
    abstract: "Roll up the days that changed into Parquet files.",
    discussion: "Safe to run while append runs, and twice at once. Reports are right without it, only slower."
  )

  @OptionGroup var options: StoreOptions

  @Flag(help: "Also rewrite this machine's segments of closed days into few large frames.")
  var seal = false

  @Option(
    help: ArgumentHelp(
      "The zstd level of sealed segments, 1 to 19 (default: seal_level, else 16).", valueName: "level"))
  var sealLevel: Int?

  @Flag(help: "Make all rollups again, current ones too.")
  var force = false

  private static let jobsMax = 1024

  @Option(
    help: ArgumentHelp(
      "Go on without the stored events that this day lost: what is left of it counts from now on. A month or a year names all its days.",
      valueName: "day"))
  var acceptLoss: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Days worked on at once (default: the number of cores).", valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if let sealLevel, !(1...19).contains(sealLevel) {
      throw ValidationError("--seal-level \(sealLevel): use 1 to 19")
    }
    if let jobs, !(1...Self.jobsMax).contains(jobs) {
      throw ValidationError("--jobs \(jobs): use 1 to \(Self.jobsMax)")
    }
  }

  func run() throws {
    let settings = try options.settings()
    let layout = try options.openLayout(settings)
    var rollup = RollupOptions()
    rollup.tags = settings.rollupTags
    rollup.isForced = force
    if seal {
      rollup.sealLevel = Int32(sealLevel ?? settings.sealLevel ?? 16)
      rollup.writer = try options.writerName()
    }
    if let jobs { rollup.jobs = jobs }
    for text in acceptLoss { rollup.acceptedDays.formUnion(try Self.days(text)) }
    rollup.prices = try StorePrices.pricer(layout, isPinning: true)
    System.keepFreedMemory()
    let progress = ProgressBar(isQuiet: options.quiet)
    let outcome: RollupOutcome
    do throws(RollupRunError) {
      outcome = try RollupRun(layout, options: rollup, now: System.now()).run {
        progress.update($0, of: $1)
      }
    } catch {
      switch error {
      case .file(let error): throw Failure(error)
      case .prices(let error): throw Failure(error)
      }
    }
    progress.end()
    for problem in outcome.problems { Terminal.say("tally: \(problem)") }
    options.say(Self.text(outcome))
    if !acceptLoss.isEmpty, outcome.acceptedDays.isEmpty {
      options.say(
        "tally: --accept-loss \(acceptLoss.joined(separator: " ")): no stored events are missing there")
    }
    if !outcome.problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }

  /// The UTC days that an expression names.
  private static func days(_ text: String) throws -> ClosedRange<Int> {
    do throws(CalendarError) {
      let days = try DateExpression.parse(text, today: CivilDate(utcDayOf: System.now()))
      return days.lowerBound.days...days.upperBound.days
    } catch {
      throw Failure("--accept-loss: \(error)", .usage)
    }
  }

  static func text(_ outcome: RollupOutcome) -> String {
    var parts: [String] = []
    if outcome.daysRolled == 0, outcome.problems.isEmpty, outcome.acceptedDays.isEmpty {
      parts.append("\(counted(outcome.daysSeen, "day")), nothing changed")
    } else {
      var text =
        "rolled up \(outcome.daysRolled) of \(counted(outcome.daysSeen, "day")): \(counted(outcome.events, "event"))"
      if outcome.statistics.repeats > 0 { text += ", \(counted(outcome.statistics.repeats, "repeat"))" }
      if outcome.statistics.voids > 0 { text += ", \(outcome.statistics.voids) void" }
      if outcome.statistics.conflicts > 0 { text += ", \(counted(outcome.statistics.conflicts, "conflict"))" }
      parts.append(text)
    }
    if !outcome.acceptedDays.isEmpty {
      parts.append("accepted what \(counted(outcome.acceptedDays.count, "day")) lost")
    }
    if outcome.daysSealed > 0 {
      parts.append(
        "sealed \(counted(outcome.daysSealed, "day")): \(outcome.sealedSizeBytesBefore) → \(outcome.sealedSizeBytesAfter) bytes"
      )
    }
    return parts.joined(separator: "; ")
  }
}
