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
      164,
      [
        -4688, -2677, -1714, -1110, -836, -646, -507, -378, -272, -176, -60, 43, 139, 252, 381, 512, 660, 865,
        1194, 1862, 3953, 5922, 10545,
      ]
    ),
    (
      244,
      [
        -2544, -1432, -1131, -814, -654, -530, -402, -304, -218, -134, -51, 24, 102, 198, 305, 425, 557, 745,
        963, 1347, 2346, 3611, 7291,
      ]
    ),
    (
      328,
      [
        -1874, -1203, -935, -702, -554, -446, -352, -263, -179, -105, -33, 47, 124, 219, 317, 416, 541, 696,
        908, 1287, 1944, 2684, 5268,
      ]
    ),
    (
      464,
      [
        -1552, -1133, -892, -640, -484, -374, -298, -226, -151, -81, -6, 72, 150, 237, 328, 440, 573, 741,
        916, 1194, 1657, 2142, 3516,
      ]
    ),
    (
      813,
      [
        -1251, -896, -727, -567, -452, -367, -295, -229, -169, -120, -67, -14, 49, 116, 194, 291, 392, 532,
        695, 941, 1324, 1724, 3212,
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
