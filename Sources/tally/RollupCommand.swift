import ArgumentParser
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

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Days worked on at once (default: the number of cores).", valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if let sealLevel, !(1...19).contains(sealLevel) {
      throw ValidationError("--seal-level \(sealLevel): use 1 to 19")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs): use 1 or more") }
  }

  func run() throws {
    let settings = try options.settings()
    let layout = try ReportStore.layout(options, settings)
    var rollup = RollupOptions()
    rollup.tags = settings.rollupTags
    rollup.isForced = force
    if seal {
      rollup.sealLevel = Int32(sealLevel ?? settings.sealLevel ?? 16)
      rollup.writer = try options.writerName()
    }
    if let jobs { rollup.jobs = jobs }
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
    if !outcome.problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }

  static func text(_ outcome: RollupOutcome) -> String {
    var parts: [String] = []
    if outcome.daysRolled == 0, outcome.problems.isEmpty {
      parts.append("\(counted(outcome.daysSeen, "day")), nothing changed")
    } else {
      var text =
        "rolled up \(outcome.daysRolled) of \(counted(outcome.daysSeen, "day")): \(counted(outcome.events, "event"))"
      if outcome.statistics.repeats > 0 { text += ", \(counted(outcome.statistics.repeats, "repeat"))" }
      if outcome.statistics.voids > 0 { text += ", \(outcome.statistics.voids) void" }
      if outcome.statistics.conflicts > 0 { text += ", \(counted(outcome.statistics.conflicts, "conflict"))" }
      parts.append(text)
    }
    if outcome.daysSealed > 0 {
      parts.append(
        "sealed \(counted(outcome.daysSealed, "day")): \(outcome.sealedSizeBytesBefore) → \(outcome.sealedSizeBytesAfter) bytes"
      )
    }
    return parts.joined(separator: "; ")
  }
}
