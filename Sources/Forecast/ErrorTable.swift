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
        -4851, -2687, -1798, -1119, -841, -659, -513, -390, -278, -184, -74, 31, 127, 242, 373, 503, 640, 839,
        1155, 1835, 3880, 6058, 10288,
      ]
    ),
    (
      239,
      [
        -3012, -1523, -1166, -841, -672, -546, -422, -325, -233, -149, -73, 7, 85, 170, 280, 402, 532, 710,
        935, 1307, 2245, 3571, 7216,
      ]
    ),
    (
      320,
      [
        -2236, -1308, -1014, -735, -587, -472, -374, -288, -212, -130, -56, 19, 104, 200, 297, 401, 528, 686,
        909, 1296, 2007, 2783, 6078,
      ]
    ),
    (
      455,
      [
        -1587, -1137, -895, -643, -484, -383, -298, -223, -147, -73, -1, 76, 151, 236, 326, 436, 569, 730,
        907, 1193, 1661, 2144, 3495,
      ]
    ),
    (
      813,
      [
        -1327, -916, -758, -595, -480, -393, -318, -254, -181, -129, -69, -15, 53, 125, 208, 306, 412, 546,
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
