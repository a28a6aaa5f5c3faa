import ArgumentParser
import Calendar
import Compaction
import Files
import SegmentLog

/// Checks what is stored.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every frame, commit and line of the store, its prices, rates, rollups and cursor.",
    discussion: "Each problem names its file, the place in it and the reason, and the exit code is 65.")

  @OptionGroup var options: StoreOptions

  func run() throws {
    let layout = try options.openLayout(try options.settings())
    let listing: StoreListing
    do throws(FileError) {
      listing = try StoreListing.read(layout)
    } catch {
      throw Failure(error)
    }
    let progress = ProgressBar(isQuiet: options.quiet)
    let total = listing.days.reduce(0) { $0 + $1.segments.count }
    var verifier = SegmentVerifier()
    var (segments, frames, problems) = (0, 0, listing.failures.count)
    var events: UInt64 = 0
    for failure in listing.failures { try Terminal.print(line: "\(failure)") }
    for (day, list) in listing.days {
      for segment in list {
        var verdict = Self.verdict(&verifier, segment.path, day)
        if let fault = segment.fault { verdict.problems.insert(fault, at: 0) }
        segments += 1
        frames += verdict.frames
        events += verdict.events
        problems += verdict.problems.count
        progress.end()
        for problem in verdict.problems { try Terminal.print(line: "\(problem)") }
        if verdict.uncommittedSizeBytes > 0 {
          options.say(
            "\(segment.path): \(verdict.uncommittedSizeBytes) bytes at the end are not committed: a write under way, "
              + "or one that was cut off; the next append keeps them aside")
        }
        progress.update(segments, of: total)
      }
    }
    progress.end()
    let check = StoreCheck(layout)
    let others = try Self.losses(layout).map(\.description) + check.problems
    for problem in others { try Terminal.print(line: problem) }
    problems += others.count
    let counts =
      [counted(segments, "segment"), counted(frames, "frame"), counted(events, "event")] + check.counts
    options.say("\(counts.joined(separator: ", ")): \(counted(problems, "problem"))")
    if problems > 0 { throw ExitCode(Status.dataError.rawValue) }
  }

  /// What stored events are gone, as far as anything tells.
  private static func losses(_ layout: StoreLayout) throws -> [SegmentError] {
    let evidence = DayEvidence(layout)
    do throws(FileError) {
      let days = try StoreDays.list(layout)
      return (days + evidence.lostDays(besides: days)).flatMap { day in
        (try? DaySnapshot(layout, day: day)).flatMap { evidence.loss(of: $0, asksNotes: true)?.errors } ?? []
      }
    } catch {
      throw Failure(error)
    }
  }

  private static func verdict(_ verifier: inout SegmentVerifier, _ path: String, _ day: Int) -> SegmentVerdict
  {
    do throws(SegmentError) {
      return try verifier.verify(path, day: day)
    } catch {
      var verdict = SegmentVerdict()
      verdict.problems = [error]
      return verdict
    }
  }
}
