package import Calendar

/// What was used on each day, exactly: pico-units of money, or tokens.
package struct DailySeries: Equatable, Sendable {
  /// The day of the first amount.
  package let first: CivilDate
  /// One for each day, without gaps.
  package let amounts: [Int128]

  package init(first: CivilDate, amounts: [Int128]) {
    self.first = first
    self.amounts = amounts
  }

  /// A series from the first to the last of these days; nil when there are none.
  package init?(_ days: [CivilDate: Int128]) {
    guard let first = days.keys.min(), let last = days.keys.max() else { return nil }
    self.init(first: first, amounts: (first...last).map { days[$0] ?? 0 })
  }

  /// Nothing is used outside of the days that are known.
  package subscript(day: CivilDate) -> Int128 {
    let place = day - first
    return amounts.indices.contains(place) ? amounts[place] : 0
  }

  /// The sum of some days.
  package func sum(_ days: ClosedRange<CivilDate>) -> Int128 { days.reduce(0) { $0 + self[$1] } }
}
