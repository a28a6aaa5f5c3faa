import Calendar
import Forecast
import TestSupport
import Testing

/// What holds of every forecast, whatever the history.
@Suite struct LawTests {
  private static let october = CivilMonth(index: 2026 * 12 + 9)

  /// Days up to the last of October 2026, from a rule of the day.
  private static func series(days: Int, _ amount: (CivilDate) -> Int128) -> DailySeries {
    let first = october.last - (days - 1)
    return DailySeries(first: first, amounts: (first...october.last).map(amount))
  }

  private static func day(_ day: Int) -> CivilDate { october.first + (day - 1) }

  @Test(arguments: Family.allCases) func onTheLastDayTheForecastIsWhatWasSpent(_ family: Family) throws {
    for seed in UInt64(0)..<3 {
      guard let history = History(family, seed: seed) else { continue }
      let forecast = try MonthForecast(history.series, of: history.month, at: history.month.last)
      #expect(forecast.projected == history.actual, "seed \(seed)")
      #expect((forecast.low, forecast.high, forecast.confidence) == (history.actual, history.actual, 100))
    }
  }

  /// What was spent is in every figure, and only later days are not known.
  @Test(arguments: Family.allCases) func figuresAreInOrderAndKnowNothingOfTheFuture(_ family: Family) throws {
    for seed in UInt64(0)..<3 {
      guard let history = History(family, seed: seed) else { continue }
      let month = history.month
      for day in stride(from: month.first, to: month.last, by: 4) {
        guard let forecast = try? MonthForecast(history.series, of: month, at: day) else { continue }
        let spent = history.series.sum(month.first...day)
        #expect(spent <= forecast.low && forecast.low <= forecast.projected, "seed \(seed) \(day)")
        #expect(forecast.projected <= forecast.high && 0...99 ~= forecast.confidence, "seed \(seed) \(day)")
        let known = DailySeries(
          first: history.series.first,
          amounts: Array(history.series.amounts.prefix(day - history.series.first + 1)))
        #expect(try MonthForecast(known, of: month, at: day) == forecast, "seed \(seed) \(day)")
      }
    }
  }

  /// Money in another unit is the same money.
  @Test(arguments: [Int128(2), 1000, 7_777_777]) func aFactorOfAllAmountsIsAFactorOfAllFigures(
    _ factor: Int128
  ) throws {
    for (seed, family) in Family.allCases.enumerated() {
      guard let history = History(family, seed: UInt64(seed)) else { continue }
      let day = history.month.first + 11
      // So many that nothing is rounded.
      func scaled(_ factor: Int128) -> DailySeries {
        DailySeries(
          first: history.series.first, amounts: history.series.amounts.map { $0 * 65_536 * 200 * factor })
      }
      guard let one = try? MonthForecast(scaled(1), of: history.month, at: day) else { continue }
      let many = try MonthForecast(scaled(factor), of: history.month, at: day)
      #expect(many.confidence == one.confidence, "\(family) seed \(seed)")
      for figure in [\MonthForecast.projected, \.low, \.high] {
        // At most one unit of the last place for each step that rounds.
        #expect((many[keyPath: figure] - one[keyPath: figure] * factor).magnitude <= factor.magnitude)
      }
    }
  }

  /// The same every day: nothing to guess.
  @Test(arguments: ["2026-02", "2028-02", "2026-04", "2026-12"]) func everyLengthOfMonthIsKnown(
    _ name: String
  ) throws {
    let month = try #require(CivilMonth(name))
    let first = month.first - 60
    let series = DailySeries(first: first, amounts: (first...month.last).map { _ in 7_000_000 })
    for day in [month.first, month.first + 13, month.last - 1] {
      let forecast = try MonthForecast(series, of: month, at: day)
      let actual = Int128(month.last.day) * 7_000_000
      #expect(
        (forecast.projected - actual).magnitude * 1000 < actual.magnitude, "\(day): \(forecast.projected)")
    }
  }

  /// On a Friday the run rate expects weekends like working days.
  @Test func weekdaysAreKnown() throws {
    let series = Self.series(days: 90) { $0.weekday.rawValue > 5 ? 0 : 1_000_000 }
    // 2026-10-30 is a Friday, and only a Saturday is left of the month.
    let friday = try MonthForecast(series, of: Self.october, at: Self.day(30))
    #expect(friday.projected - 22_000_000 < 60_000)
    let thursday = try MonthForecast(series, of: Self.october, at: Self.day(29))
    #expect((thursday.projected - 22_000_000).magnitude < 100_000, "\(thursday.projected)")
  }

  @Test(arguments: [
    (0, 0, MonthForecast.TooLittleData.days(0)), (4, 4, .days(4)), (6, 6, .days(6)), (10, 2, .usedDays(2)),
  ]) func tooLittleDataIsSaid(_ days: Int, _ used: Int, _ reason: MonthForecast.TooLittleData) {
    let first = Self.day(15) - (days - 1)
    let series = Self.series(days: 31) { day in
      day >= first && day <= Self.day(15) && (day - first < used - 1 || day == Self.day(15)) ? 5_000 : 0
    }
    #expect(throws: reason) { _ = try MonthForecast(series, of: Self.october, at: Self.day(15)) }
  }

  @Test func sevenDaysWithThreeOfUseAreEnough() throws {
    let series = Self.series(days: 31) { [9, 12, 15].contains($0.day) ? 5_000 : 0 }
    #expect(throws: MonthForecast.TooLittleData.days(6)) {
      _ = try MonthForecast(series, of: Self.october, at: Self.day(14))
    }
    _ = try MonthForecast(series, of: Self.october, at: Self.day(15))
  }

  /// An account that began in the middle of the month is not spread over days before it was there.
  @Test func newAccountsAreProjectedFromTheirFirstUse() throws {
    let series = Self.series(days: 15) { _ in 1_000_000 }
    let forecast = try MonthForecast(series, of: Self.october, at: Self.day(24))
    #expect(forecast.projected - 15_000_000 < 500_000)
  }

  /// What happened once is paid once.
  @Test func aSpikeDoesNotCarryOn() throws {
    let plain = Self.series(days: 80) { _ in 1_000_000 }
    let spiked = Self.series(days: 80) { $0 == Self.day(12) ? 30_000_000 : 1_000_000 }
    let forecasts = try [plain, spiked].map { try MonthForecast($0, of: Self.october, at: Self.day(15)) }
    let more = forecasts[1].projected - forecasts[0].projected
    #expect(more > 28_500_000 && more < 31_500_000, "\(more)")
  }

  /// What came on the twentieth of the last three months comes on this one's.
  @Test func aJobOfEveryMonthIsExpected() throws {
    let series = Self.series(days: 31 + 30 + 31 + 31) { $0.day == 20 ? 25_000_000 : 1_000_000 }
    for (day, actual) in [(10, Int128(55_000_000)), (25, 55_000_000)] {
      let forecast = try MonthForecast(series, of: Self.october, at: Self.day(day))
      #expect((forecast.projected - actual).magnitude < 2_500_000, "\(day): \(forecast.projected)")
    }
    // Once is no habit.
    let once = Self.series(days: 123) { $0 == Self.day(1) - 11 ? 25_000_000 : 1_000_000 }
    let forecast = try MonthForecast(once, of: Self.october, at: Self.day(10))
    #expect((forecast.projected - 31_000_000).magnitude < 1_500_000, "\(forecast.projected)")
  }

  /// Two weeks off say nothing about the weeks after.
  @Test func aPauseIsNoEvidence() throws {
    let gap = Self.day(1) - 10...Self.day(4)
    let series = Self.series(days: 90) { gap.contains($0) ? 0 : 1_000_000 }
    let forecast = try MonthForecast(series, of: Self.october, at: Self.day(8))
    #expect((forecast.projected - 27_000_000).magnitude < 1_000_000, "\(forecast.projected)")
  }

  /// The longer nobody was there, the less is expected, and after three weeks nothing.
  @Test func aPauseThatLastsIsAnEnd() throws {
    let series = Self.series(days: 90) { $0 > Self.day(2) ? 0 : 1_000_000 }
    let projected = try [6, 12, 18, 24].map {
      try MonthForecast(series, of: Self.october, at: Self.day($0)).projected
    }
    #expect(projected == projected.sorted(by: >) && projected[0] > 10_000_000, "\(projected)")
    #expect(projected[3] == 2_000_000)
  }

  /// Who stops every month on the 24th stops on this one's.
  @Test func aPauseOfEveryMonthIsAHabit() throws {
    let series = Self.series(days: 123) { $0.day > 24 ? 0 : 1_000_000 + Int128($0.day % 3) }
    let forecast = try MonthForecast(series, of: Self.october, at: Self.day(20))
    #expect((forecast.projected - 24_000_000).magnitude < 2_500_000, "\(forecast.projected)")
  }

  /// Half of the use since a week: the rest of the month is like the week.
  @Test func aNewLevelIsTakenUp() throws {
    let series = Self.series(days: 80) {
      ($0 >= Self.day(11) ? 1_000_000 : 2_000_000) + Int128($0.days % 5) * 20_000
    }
    let forecast = try MonthForecast(series, of: Self.october, at: Self.day(17))
    let actual = series.sum(Self.october.days)
    #expect(
      (forecast.projected - actual).magnitude * 20 < actual.magnitude, "\(forecast.projected) \(actual)")
  }

  /// Where forecasts were wrong before, they are trusted less: two histories that were alike for five weeks.
  @Test func ownErrorsMakeTheIntervalWider() throws {
    func forecast(_ levels: Int) throws -> MonthForecast {
      let series = Self.series(days: 140) { day in
        let ago = Self.day(20) - day
        let isLow = ago >= 35 && (ago / levels) % 2 == 1
        return (isLow ? 500_000 : 1_000_000) + Int128((day.days * 7) % 11) * 20_000
      }
      return try MonthForecast(series, of: Self.october, at: Self.day(20))
    }
    let widths = try [1000, 20].map { (levels: Int) in
      let forecast = try forecast(levels)
      return forecast.high - forecast.low
    }
    #expect(widths[1] > widths[0] * 2, "\(widths)")
  }

  /// Of the running day what is spent is certain, and no more of it is expected than usual.
  @Test func theRunningDayCountsAsFarAsItWent() throws {
    let series = { (today: Int128) in
      Self.series(days: 80) { $0 == Self.day(15) ? today : $0 > Self.day(15) ? 0 : 1_000_000 }
    }
    let over = try MonthForecast(series(1_000_000), of: Self.october, at: Self.day(15))
    for today in [Int128(0), 400_000, 999_000] {
      let running = try MonthForecast(series(today), of: Self.october, at: Self.day(15), isOver: false)
      #expect((running.projected - over.projected).magnitude < 50_000, "\(today): \(running.projected)")
      #expect(running.low >= 14_000_000 + today)
    }
    let busy = try MonthForecast(series(9_000_000), of: Self.october, at: Self.day(15), isOver: false)
    #expect((busy.projected - over.projected - 8_000_000).magnitude < 50_000, "\(busy.projected)")
    // On the last day only today is left.
    let last = try MonthForecast(
      Self.series(days: 80) { $0 == Self.october.last ? 300_000 : 1_000_000 }, of: Self.october,
      at: Self.october.last, isOver: false)
    #expect(last.projected - 31_000_000 < 50_000 && last.confidence > 90 && last.confidence < 100)
  }

  /// Credits and enormous or tiny amounts end nothing.
  @Test func nothingOverflows() throws {
    var random = SeededGenerator(5)
    for scale in [Int128(1), 1_000_000, 1_000_000_000_000_000_000] {
      for _ in 0..<40 {
        let days = Int.random(in: 8...150, using: &random)
        let density = Int.random(in: 1...100, using: &random)
        let series = Self.series(days: days) { _ in
          if Int.random(in: 0..<100, using: &random) >= density { return 0 }
          let size = Int128(Int.random(in: -3...1000, using: &random))
          return scale * (Int.random(in: 0..<20, using: &random) == 0 ? size * 1_000_000 : size)
        }
        for day in [1, 9, 20, 30] {
          guard let forecast = try? MonthForecast(series, of: Self.october, at: Self.day(day)) else {
            continue
          }
          #expect(forecast.low <= forecast.projected && forecast.projected <= forecast.high)
        }
      }
    }
  }
}
