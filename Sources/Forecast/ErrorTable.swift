//! How errors are distributed, in units of their expected size.

/// The distribution of errors for forecasts as certain as one of them.
struct ErrorTable {
  /// At the levels, in `one`.
  private let quantiles: [Int]

  /// The levels, in thousandths.
  static let levels = [
    5, 25, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650, 700, 750, 800, 850, 900, 950, 975,
    995,
  ]

  /// For forecasts whose expected error is so much of what is to come, in thousandths: quantiles in thousandths of
  /// the expected error, counted on the generated histories of `ForecastTests` (their tuning families and seeds).
  static let rows: [(relativeSize: Int, quantiles: [Int])] = [
    (
      161,
      [
        -4851, -2687, -1798, -1131, -846, -662, -517, -396, -281, -185, -76, 30, 125, 239, 372, 500, 635, 838,
        1144, 1830, 3880, 6058, 10288,
      ]
    ),
    (
      239,
      [
        -3012, -1523, -1159, -828, -665, -543, -418, -322, -231, -149, -72, 7, 85, 171, 282, 404, 534, 715,
        936, 1309, 2249, 3571, 7216,
      ]
    ),
    (
      320,
      [
        -2236, -1308, -1014, -735, -587, -472, -377, -290, -213, -130, -56, 16, 103, 200, 297, 400, 527, 684,
        909, 1296, 2007, 2783, 6078,
      ]
    ),
    (
      455,
      [
        -1587, -1137, -895, -643, -484, -382, -297, -221, -147, -73, -1, 76, 152, 236, 326, 438, 569, 732,
        907, 1193, 1661, 2144, 3495,
      ]
    ),
    (
      813,
      [
        -1327, -916, -758, -594, -478, -391, -318, -254, -181, -129, -69, -15, 54, 125, 209, 306, 412, 546,
        718, 976, 1373, 1775, 3249,
      ]
    ),
  ]

  /// - Parameter relativeSize: the expected error by what is to come, in `one`.
  init(relativeSize: Int) {
    let size = relativeSize * 1000 / one
    let rows = Self.rows
    let after = rows.firstIndex { $0.relativeSize > size } ?? rows.count
    let (left, right) = (rows[max(0, after - 1)], rows[min(after, rows.count - 1)])
    let span = right.relativeSize - left.relativeSize
    let part = span > 0 ? size - left.relativeSize : 0
    quantiles = zip(left.quantiles, right.quantiles).map {
      ($0 + (span > 0 ? ($1 - $0) * part / span : 0)) * one / 1000
    }
  }

  /// Between these lie four of five errors.
  var low: Int { quantile(100) }
  var high: Int { quantile(900) }

  private func quantile(_ level: Int) -> Int { quantiles[Self.levels.firstIndex(of: level) ?? 0] }

  /// Which part of all errors lies below one, in `one`.
  func share(below error: Int) -> Int {
    guard let after = quantiles.firstIndex(where: { $0 > error }) else { return one }
    if after == 0 { return 0 }
    let (left, right) = (quantiles[after - 1], quantiles[after])
    let levels = (Self.levels[after - 1] * one / 1000, Self.levels[after] * one / 1000)
    return levels.0 + scaled(levels.1 - levels.0, error - left, right - left)
  }
}
