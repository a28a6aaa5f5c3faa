import ArgumentParser
import Compaction
import Exchange
import Files
import Reports
import SegmentLog

/// Brings other stores' events in.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Copy the segments of other stores into this one.",
    discussion: """
      Each machine has its own segment of a day, so merging copies files. A segment replaces ours only when it goes on
      from it or is a later rewrite of it; an older copy never does. Rollups are made again by tally rollup.
      """)

  @OptionGroup var options: StoreOptions

  @Argument(help: "The folders of the stores to read.")
  var stores: [String]

  func run() throws {
    let target = try options.layout(try options.settings())
    let writer = try options.writerName()
    var hasProblem = false
    for store in stores {
      let outcome: SegmentMerge.Outcome
      do throws(SegmentMerge.Refusal) {
        outcome = try SegmentMerge.merge(
          from: StoreLayout(root: store), into: target, ownWriter: writer
        ) { day throws(FileError) in try DayEvidence.forget(target, day: day) }
      } catch {
        switch error {
        case .sameStore: throw Failure("\(error)", .usage)
        case .noStore: throw Failure("\(error)", .noInput)
        case .file(let error): throw Failure(error)
        }
      }
      for replacement in outcome.replaced { Terminal.say("tally: \(replacement)") }
      for conflict in outcome.conflicts { Terminal.say("tally: \(conflict)") }
      for failure in outcome.failures { Terminal.say("tally: \(failure)") }
      if !outcome.conflicts.isEmpty || !outcome.failures.isEmpty { hasProblem = true }
      if try mergeRates(StoreLayout(root: store), into: target) { hasProblem = true }
      let left = outcome.conflicts.count + outcome.failures.count
      options.say(
        "\(store): \(outcome.copied.count) segments copied, \(outcome.kept.count) kept, \(left) left out")
    }
    if hasProblem { throw ExitCode(Status.dataError.rawValue) }
  }

  /// Adds the other store's exchange rates; whether some contradict ours, which stay.
  private func mergeRates(_ source: StoreLayout, into target: StoreLayout) throws -> Bool {
    do throws(RateStoreError) {
      let rates = try RateStore(source).read()
      if rates.isEmpty { return false }
      let merge = try RateStore(target).merge(rates, isReplacing: false)
      if merge.added > 0 { options.say("\(source.root): \(counted(merge.added, "exchange rate")) added") }
      if merge.changes.isEmpty { return false }
      Terminal.say(
        "tally: \(source.exchangeRates): \(counted(merge.changes.count, "exchange rate")) contradict ours, which stay: "
          + "to take theirs, tally fx import --replace \(source.exchangeRates)")
      return true
    } catch {
      throw Failure(error)
    }
  }
}
