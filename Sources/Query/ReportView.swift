//! Several reports of the same events need one reading: what is summed is as fine as the finest of them, and each
//! sees it as coarse as it was asked for. Amounts are converted only then, so that no report depends on its company.

import Calendar
import Exchange

extension ReportRequest {
  /// The request that is as fine as all of these together.
  init(joint requests: [ReportRequest]) {
    self = requests[0]
    for request in requests.dropFirst() {
      precondition(request.days == days && request.zone.name == zone.name && request.kind == kind)
      precondition(request.costMode == costMode && request.showsCost == showsCost)
      precondition(request.unit == nil || unit == nil || request.unit == unit)
      unit = unit ?? request.unit
      for dimension in request.dimensions where !dimensions.contains(dimension) {
        dimensions.append(dimension)
      }
    }
  }

  /// The stretches of time that rows stand for, one when there is no unit.
  var buckets: [Bucket] {
    if let unit { return zone.buckets(of: days, by: unit) }
    let start = zone.startOfDay(days.lowerBound)
    let end = zone.startOfDay(days.upperBound + 1)
    return [Bucket(unit: .day, firstDay: days.lowerBound, startMs: start, endMs: end)]
  }
}

/// How one request sees the sums of a finer one.
struct ReportView: Sendable {
  /// Sums of days, and the latest day whose rate they needed.
  struct DaySums: Sendable {
    var groups = GroupSums()
    var rateDay: CivilDate?

    mutating func add(_ other: DaySums) {
      groups.add(other.groups)
      rateDay = [rateDay, other.rateDay].compactMap(\.self).max()
    }
  }

  private let request: ReportRequest
  private let hasBuckets: Bool
  /// The places of the request's dimensions among those of the finer one.
  private let places: [Int]
  private let isSame: Bool

  init(_ request: ReportRequest, of finer: ReportRequest) {
    self.request = request
    hasBuckets = request.unit != nil
    places = request.dimensions.compactMap { finer.dimensions.firstIndex(of: $0) }
    isSame = request.unit == finer.unit && request.dimensions == finer.dimensions
  }

  /// The sums of a UTC day as this request wants them.
  func seen(_ sums: GroupSums, day: CivilDate) throws(ExchangeError) -> DaySums {
    var seen = DaySums(groups: isSame ? sums : coarsened(sums))
    if request.showsCost, let conversion = request.conversion {
      (seen.groups, seen.rateDay) = try seen.groups.converted(conversion, day: day)
    }
    return seen
  }

  private func coarsened(_ sums: GroupSums) -> GroupSums {
    var result = GroupSums(unpriced: sums.unpriced)
    result.groups.reserveCapacity(sums.groups.count)
    for (key, values) in sums.groups {
      let key = GroupKey(
        bucket: hasBuckets ? key.bucket : 0, texts: places.map { key.texts[$0] }, currency: key.currency)
      result.add(values, to: key)
    }
    return result
  }

  func report(_ sums: DaySums) -> Report {
    var report = ReportBuilder(request, request.buckets).report(sums.groups)
    report.ratesTo = sums.rateDay.map { "\($0)" }
    return report
  }
}
