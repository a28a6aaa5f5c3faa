//! What is left of quotas: `quota` events are snapshots, of which the last one counts, and never a sum.

package import Bytes
import Calendar
import Compaction
import Parquet
import Pricing
import Rollup

/// What the last `quota` events of a service and account say.
package struct Quota: Equatable, Sendable {
  package let service: ByteText?
  package let account: ByteText?
  /// The minute of the events.
  package let minuteMs: Int64
  package let tokensRemaining: Int64?
  package let tokensLimit: Int64?
  package let requestsRemaining: Int64?
  package let resetsAtMs: Int64?

  /// Whether this one holds rather than another of its account: the later one; in the same minute the one with less left.
  fileprivate func holds(over other: Quota) -> Bool {
    if minuteMs != other.minuteMs { return minuteMs > other.minuteMs }
    let numbers = [self, other].map { quota in
      [quota.tokensRemaining, quota.requestsRemaining, quota.tokensLimit, quota.resetsAtMs].map { $0 ?? .max }
    }
    return numbers[0].lexicographicallyPrecedes(numbers[1])
  }
}

extension ReportRun {
  /// The last quotas of each service and account, by name, and the days that could not be read.
  ///
  /// - Parameter request: says the days and until when events are known; the rest of it does not matter.
  package func quotas(
    _ request: ReportRequest
  ) throws(ReportError) -> (quotas: [Quota], problems: [ReportProblem]) {
    var request = request
    request.unit = nil
    var fold = QuotaFold()
    var problems: [ReportProblem] = []
    let memory = ReadingMemory()
    let pieces = Self.pieces(request.buckets)
    for day in try storedDays() {
      guard let pieces = pieces[day] else { continue }
      do {
        var reader = DayReader(
          layout: layout, snapshot: try DaySnapshot(layout, day: day), tags: tags, prices: prices,
          needsSessions: false, isByMinute: true, memory: memory, evidence: evidence)
        // Most days have none, and only minutes say which were last.
        var probe = KindProbe("quota")
        try reader.add(.day, pieces.map(\.whole), to: &probe)
        if probe.isFound { try reader.add(.minute, pieces, to: &fold) }
      } catch {
        problems.append(ReportProblem(day: CivilDate(days: day), reason: "\(error)"))
      }
    }
    if let error = prices?.failure { throw .prices(error) }
    let names = fold.last.keys.sorted { $0.precedes($1) }
    return (names.compactMap { fold.last[$0] }, problems.sorted { $0.day < $1.day })
  }
}

/// Whether there is an event of a kind.
private struct KindProbe: RollupFold {
  private let kind: [UInt8]
  private(set) var isFound = false

  init(_ kind: String) { self.kind = Array(kind.utf8) }

  mutating func add(_ table: some TableSource, _ pieces: [ReportRun.Piece]) throws(ParquetError) {
    for part in 0..<table.partCount {
      let kinds = CodedColumn(try table.values("kind", part), 0..<table.rowCount(part))
      isFound = isFound || kinds.answers { $0 == kind }.contains(true)
    }
  }
}

/// The last quota of each service and account.
private struct QuotaFold: RollupFold {
  private(set) var last: [[ByteText?]: Quota] = [:]

  mutating func add(_ table: some TableSource, _ pieces: [ReportRun.Piece]) throws(ParquetError) {
    for number in 0..<table.partCount {
      var part = TablePart(table, number)
      for piece in pieces {
        let all = 0..<table.rowCount(number)
        try add(
          &part,
          try piece.window.map { (window) throws(ParquetError) in
            try part.rows(in: window, "minute")
          } ?? all)
      }
    }
  }

  private mutating func add(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>
  ) throws(ParquetError) {
    let kinds = CodedColumn(try part.values("kind"), rows)
    let isQuota = kinds.answers { $0 == Array("quota".utf8) }
    let names = [
      CodedColumn(try part.values("service"), rows), CodedColumn(try part.values("account"), rows),
    ]
    let minutes = try part.values("minute")
    let numbers = try ["tokens_remaining", "tokens_limit", "requests_remaining", "resets_at"].map {
      (name) throws(ParquetError) in try part.values(name)
    }
    for index in 0..<rows.count where isQuota[Int(kinds.code(index)) + 1] {
      let row = rows.lowerBound + index
      let texts = names.map { $0.text($0.code(index)).map { ByteText($0) } }
      func number(_ column: ParquetValues?) -> Int64? {
        guard case .integer(let value)? = column?[row] else { return nil }
        return value
      }
      let quota = Quota(
        service: texts[0], account: texts[1], minuteMs: number(minutes) ?? 0,
        tokensRemaining: number(numbers[0]), tokensLimit: number(numbers[1]),
        requestsRemaining: number(numbers[2]), resetsAtMs: number(numbers[3]))
      if let known = last[texts], !quota.holds(over: known) { continue }
      last[texts] = quota
    }
  }
}
