//! Events as people see them one by one.

package import Bytes
package import Calendar
import Exchange

/// One event that counts.
package struct EventRecord: Sendable {
  /// Milliseconds, UTC.
  package let time: Int64
  package internal(set) var id: String
  /// The machine that wrote it.
  package let writer: String
  /// The values of the request's dimensions.
  package let texts: [ByteText?]
  /// Of its cost, in the report's words; nil when there is none.
  package private(set) var currency: String?
  /// Whether its cost is what the sender said.
  package let isReported: Bool
  package private(set) var sums: UsageSums

  /// The same with its cost in another currency.
  fileprivate mutating func convert(_ conversion: inout RunningConversion, to target: String)
    throws(ExchangeError)
  {
    guard let currency, currency != target else { return }
    let day = CivilDate(utcDayOf: time)
    sums.cost = try conversion.converted(sums.cost, currency, day: day)
    self.currency = target
  }
}

extension ReportRun {
  /// The events of a request in order of time, those of one instant by id; their costs add up to the report's.
  ///
  /// - Parameter buckets: the stretches of time to read; nil reads all of the request's.
  package func records(
    _ request: ReportRequest, in buckets: [Bucket]? = nil
  ) throws(ReportError) -> (records: [EventRecord], problems: [ReportProblem]) {
    let (days, problems) = try events(request, in: buckets) { day in
      var found: [(line: Int, batch: EventBatch, event: Int)] = []
      try day.forEach { batch in
        for event in 0..<batch.count { found.append((batch.lines[event], batch, event)) }
      }
      let ids = try day.ids(ofLines: found.map(\.line))
      return found.map { line, batch, event in
        let group = batch.group(event)
        return EventRecord(
          time: batch.times[event], id: ids[line] ?? "", writer: day.writer(ofLine: line), texts: group.texts,
          currency: group.currency, isReported: group.isReported, sums: UsageSums(batch.values(event)))
      }.sorted { $0.precedes($1) }
    }
    var records = days.flatMap(\.self)
    guard let conversion = request.conversion, request.showsCost else { return (records, problems) }
    var running = RunningConversion(conversion)
    do throws(ExchangeError) {
      for index in records.indices {
        try records[index].convert(&running, to: "\(conversion.currency)")
      }
    } catch {
      throw .exchange(error, others: 0)
    }
    return (records, problems)
  }
}

extension EventRecord {
  func precedes(_ other: EventRecord) -> Bool {
    time != other.time ? time < other.time : id.precedesInBytes(other.id)
  }
}
