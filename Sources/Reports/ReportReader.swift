//! Reads what plans ask for. What could not be read is collected, each problem once; a report of the rest says so.

package import Calendar
package import Exchange
package import Files
package import Query
package import SegmentLog
import Synchronization

/// Reads a store for one report.
package final class ReportReader: Sendable {
  package let context: ReportContext
  private let found = Mutex<[ReportProblem]>([])
  private let said = Mutex<[String]>([])
  private let failed = Mutex<FileError?>(nil)

  package init(_ context: ReportContext) { self.context = context }

  /// The days that could not be read whole, in the order in which that was found.
  package var problems: [ReportProblem] { found.withLock { $0 } }

  /// Words of the question that met nothing, one clause each.
  package var remarks: [String] { said.withLock { $0 } }

  /// A file of the store that could not be read, though the report could be made; nil when there is none.
  package var failure: FileError? { failed.withLock { $0 } }

  func note(_ error: FileError) { failed.withLock { $0 = $0 ?? error } }

  func remark(_ text: String) { said.withLock { $0.append(text) } }

  private var run: ReportRun { ReportRun(context.layout, tags: context.tags, prices: context.prices) }

  /// Reports of the same events, which are read only once.
  ///
  /// - Parameter tags: the tags that may be asked about; those that are no columns of rollups cost a fold of the events.
  package func reports(_ requests: [ReportRequest], tags: [String]? = nil) throws(ReportFailure) -> [Report] {
    try wrapped { () throws(ReportError) in
      let run = ReportRun(self.context.layout, tags: tags ?? self.context.tags, prices: self.context.prices)
      let (reports, problems) = try run.run(requests)
      self.note(problems)
      return reports
    }
  }

  /// The sums of each request.
  package func usages(_ requests: [ReportRequest]) throws(ReportFailure) -> [Usage] {
    try wrapped { () throws(ReportError) in
      var usages: [Usage] = []
      for request in requests {
        let (usage, problems) = try self.run.usage(request)
        self.note(problems)
        usages.append(usage)
      }
      return usages
    }
  }

  /// The sums of a request, and what its minutes are reduced to.
  package func minutes<Reduction: MinuteReduction>(
    _ request: ReportRequest, into empty: Reduction
  ) throws(ReportFailure) -> (usage: Usage, reduction: Reduction) {
    try wrapped { () throws(ReportError) in
      let (usage, reduction, problems) = try self.run.minutes(request, into: empty)
      self.note(problems)
      return (usage, reduction)
    }
  }

  /// The calls of a request that failed, were repeated, or missed a cache.
  package func waste(_ request: ReportRequest) throws(ReportFailure) -> Waste {
    try wrapped { () throws(ReportError) in
      let (waste, problems) = try self.run.waste(request)
      self.note(problems)
      return waste
    }
  }

  /// The events of a request one by one.
  package func records(
    _ request: ReportRequest, in buckets: [Bucket]
  ) throws(ReportFailure) -> [EventRecord] {
    try wrapped { () throws(ReportError) in
      let (records, problems) = try self.run.records(request, in: buckets)
      self.note(problems)
      return records
    }
  }

  /// The last quotas of accounts.
  package func quotas(_ request: ReportRequest) throws(ReportFailure) -> [Quota] {
    try wrapped { () throws(ReportError) in
      let (quotas, problems) = try self.run.quotas(request)
      self.note(problems)
      return quotas
    }
  }

  /// The prices, sources and events behind a number.
  package func explanation(
    _ request: ReportRequest, _ measure: ExplainedMeasure, shownMax: Int
  ) throws(ReportFailure) -> Explanation {
    try wrapped { () throws(ReportError) in
      let (explanation, problems) = try self.run.explain(request, measure, shownMax: shownMax)
      self.note(problems)
      return explanation
    }
  }

  private func note(_ problems: [ReportProblem]) {
    // Requests may share days.
    found.withLock { known in known += problems.filter { !known.contains($0) } }
  }

  private func wrapped<Value>(_ body: () throws(ReportError) -> Value) throws(ReportFailure) -> Value {
    do throws(ReportError) {
      return try body()
    } catch {
      switch error {
      case .file(let error): throw .file(error)
      case .prices(let error): throw .prices(error)
      case .tooLarge(let error): throw .tooLarge(error)
      case .exchange(let error, let others):
        throw .exchange(RateStore(context.layout).explained(error), others: others)
      }
    }
  }
}

extension RateStore {
  /// The rates of a store.
  package init(_ layout: StoreLayout) {
    self.init(path: layout.exchangeRates, lock: layout.exchangeLock)
  }

  /// The same error by all that is known, not only by what the report's days need.
  fileprivate func explained(_ error: ExchangeError) -> ExchangeError {
    guard case .noRate(let currency, let day, _) = error, let rates = try? read() else { return error }
    do throws(ExchangeError) {
      _ = try rates.known(currency, on: day)
      return error
    } catch {
      return error
    }
  }
}
