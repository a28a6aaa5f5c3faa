import Configuration
import Exchange
import Files
import Query
import SegmentLog

/// Runs reports against the store and says what was wrong with it.
enum ReportStore {
  /// The store, which must be there.
  static func layout(_ options: StoreOptions, _ settings: Configuration) throws -> StoreLayout {
    let layout = options.layout(settings)
    guard Folders.status(layout.root)?.isFolder == true else {
      throw Failure(
        "\(layout.root): there is no store: append events first, or name one with --store", .noInput)
    }
    return layout
  }

  /// Reports of the same events, with what could not be read among their notes and on stderr.
  static func run(
    _ layout: StoreLayout, _ settings: Configuration, _ requests: [ReportRequest]
  ) throws -> ([Report], [ReportProblem]) {
    let prices = try StorePrices.pricer(layout)
    do throws(ReportError) {
      var (reports, problems) = try ReportRun(layout, tags: settings.rollupTags, prices: prices).run(requests)
      for problem in problems {
        Terminal.say("tally: \(problem)")
        for index in reports.indices {
          reports[index].notes.append("Incomplete: the events of \(problem.day) (UTC) could not all be read.")
        }
      }
      return (reports, problems)
    } catch {
      switch error {
      case .file(let error): throw Failure(error)
      case .prices(let error): throw Failure(error)
      case .exchange(let error, let others):
        let more = others > 0 ? "\n(and \(counted(others, "more day")) like it)" : ""
        throw Failure("\(RateStore(layout).explained(error))\(more)", .dataError)
      }
    }
  }
}
