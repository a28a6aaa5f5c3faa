/// The rows of a day are the sums of its minute rows.
enum DayRows {
  static func summed(_ minutes: RowTable) -> RowTable {
    var days = RowTable(slots: 1 << 12)
    for row in 0..<minutes.count {
      var key = minutes.keys[row]
      key.bucket = 0
      let target = days.row(key, first: minutes.firstTimes[row], last: minutes.lastTimes[row])
      days.sums.add(minutes.sums, row, to: target)
      if let quota = minutes.quotas[row] {
        if let known = days.quotas[target], !quota.isAfter(known) { continue }
        days.quotas[target] = quota
      }
    }
    return days
  }
}
