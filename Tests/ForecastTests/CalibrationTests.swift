import Calendar
@testable import Forecast
import Foundation
import Testing

/// Errors, intervals and confidence on generated histories.
///
/// They are of families that nothing was tuned on, and of other seeds of those that the table of errors was counted
/// on. What they find is printed, as a table for the README.
@Suite struct CalibrationTests {
  /// More seeds take longer and say more: `make forecast-check` has sixty.
  private static let seedCount = UInt64(variable("TALLY_FORECAST_SEEDS") ?? "") ?? 16
  private static let seeds = UInt64(1000)..<1000 + seedCount
  private static let heldOut = Trial.all(Family.heldOut, seeds)
  private static let otherSeeds = Trial.all(Family.tuning, 1000..<1000 + (seedCount + 1) / 2)

  private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  /// Where the run rate is right by luck: it knows nothing of the months before, and they are no guide here.
  private static let newEachMonth: Set<Family> = [.summerMonth]

  @Test func theRunRateIsBeatenClearly() {
    for (name, trials) in [("held out", Self.heldOut), ("other seeds", Self.otherSeeds)] {
      #expect(trials.mean(\.error) * 100 <= trials.mean(\.runRateError) * 75, "\(name)")
    }
    for (family, trials) in Dictionary(grouping: Self.heldOut, by: \.history.family) {
      let (error, runRate) = (trials.mean(\.error), trials.mean(\.runRateError))
      let worst = Self.newEachMonth.contains(family) ? 150 : 110
      #expect(error * 100 <= runRate * worst, "\(family): \(error) beside \(runRate)")
    }
  }

  @Test func fourOfFiveEndWithinTheInterval() {
    for (name, trials) in [("held out", Self.heldOut), ("other seeds", Self.otherSeeds)] {
      let share = trials.share(\.isCovered)
      #expect(7500...8500 ~= share, "\(name): \(share)")
      for part in Self.parts {
        let share = trials.filter { part.contains($0.day.day) }.share(\.isCovered)
        #expect(6500...9500 ~= share, "\(name) days \(part): \(share)")
      }
    }
    for (family, trials) in Dictionary(grouping: Self.heldOut, by: \.history.family) {
      let share = trials.share(\.isCovered)
      #expect(5500...9900 ~= share, "\(family): \(share)")
    }
  }

  /// Of those said to be within 10 % with some confidence as many are.
  @Test func confidenceIsWhatHappens() {
    for (name, trials) in [("held out", Self.heldOut), ("other seeds", Self.otherSeeds)] {
      for bin in Self.bins {
        let found = trials.filter { bin.contains($0.forecast.confidence) }
        let (said, was) = (found.mean { $0.forecast.confidence * 100 }, found.share(\.isWithinTenth))
        // Days of one history are no independent cases: three deviations of a third of them.
        guard found.count >= 30 else { continue }
        let deviation = 3 * squareRoot(Int128(said * (10_000 - said) * 3 / found.count))
        #expect(
          abs(said - was) <= deviation + 300, "\(name) \(bin): said \(said), was \(was) of \(found.count)")
      }
    }
    for trials in [Self.heldOut, Self.otherSeeds] {
      let (said, was) = (trials.mean { $0.forecast.confidence * 100 }, trials.share(\.isWithinTenth))
      #expect(abs(said - was) <= 300, "said \(said), was \(was)")
      // Brier's score: 0 is always right, 2500 says half of everything.
      let score = trials.mean { trial in
        let rest = trial.forecast.confidence - (trial.isWithinTenth ? 100 : 0)
        return rest * rest
      }
      #expect(score <= 1900, "\(score)")
    }
    // And it says something: not the same of all.
    #expect(Set(Self.heldOut.map { $0.forecast.confidence / 10 }).count > 7)
  }

  private static let parts = [1...5, 6...10, 11...15, 16...20, 21...25, 26...31]
  private static let bins = [0...19, 20...39, 40...59, 60...79, 80...89, 90...100]

  @Test func theFiguresArePrinted() {
    func percent(_ hundredths: Int) -> String {
      "\(hundredths / 100).\((hundredths % 100) / 10) %"
    }
    func line(_ name: String, _ trials: [Trial]) -> String {
      let (error, runRate) = (trials.mean { $0.error * 10 }, trials.mean { $0.runRateError * 10 })
      return "| \(name) | \(trials.count) | \(percent(error)) | \(percent(runRate)) "
        + "| \(percent(trials.share(\.isCovered))) | \(trials.mean(\.forecast.confidence)) "
        + "| \(percent(trials.share(\.isWithinTenth))) |"
    }
    var lines = ["| histories | forecasts | error | run rate | in the interval | confidence | within 10 % |"]
    lines.append("|---|--:|--:|--:|--:|--:|--:|")
    lines.append(line("**held out: \(Family.heldOut.count) families**", Self.heldOut))
    lines += Family.heldOut.map { family in
      line("\(family)", Self.heldOut.filter { $0.history.family == family })
    }
    for part in Self.parts {
      lines.append(
        line("days \(part.lowerBound)–\(part.upperBound)", Self.heldOut.filter { part.contains($0.day.day) }))
    }
    for bin in Self.bins {
      lines.append(
        line(
          "confidence \(bin.lowerBound)–\(bin.upperBound)",
          Self.heldOut.filter { bin.contains($0.forecast.confidence) }))
    }
    lines.append(line("**other seeds of \(Family.tuning.count) tuning families**", Self.otherSeeds))
    if Self.variable("TALLY_FORECAST_TABLE") != nil {
      lines += Family.tuning.map { family in
        line("\(family)", Self.otherSeeds.filter { $0.history.family == family })
      }
    }
    print(lines.joined(separator: "\n"))
    #expect(Self.heldOut.count > 1000)
  }

  /// The scores of the backtest are those of a plain recount.
  @Test func scoresAreRecounted() throws {
    for seed in UInt64(0)..<4 {
      let history = try #require(History(.noisyWeekdays, seed: seed))
      let past = PastForecast.all(history.series, of: [history.month])
      let trials = Trial.all([.noisyWeekdays], seed..<seed + 1, every: 1)
      let score = try #require(ForecastScore(past))
      #expect(score.count == trials.count)
      #expect(
        score.coverage == trials.share(\.isCovered) && score.withinTenth == trials.share(\.isWithinTenth))
      #expect(score.confidence == trials.mean(\.forecast.confidence))
      #expect(abs(score.error - trials.mean { $0.error * 10 }) <= 10)
      #expect(abs(score.runRateError - trials.mean { $0.runRateError * 10 }) <= 10)
    }
  }

  /// `ErrorTable.rows` are what is counted on the tuning histories; `make forecast-check` prints them.
  @Test(.enabled(if: variable("TALLY_FORECAST_TABLE") != nil)) func theTableIsCounted() {
    var errors: [(size: Int, error: Int)] = []
    for family in Family.tuning {
      for seed in UInt64(0)..<60 {
        guard let history = History(family, seed: seed) else { continue }
        let (month, series) = (history.month, history.series)
        for day in stride(from: month.first + Int(seed % 3), to: month.last, by: 3) {
          guard let expectation = try? MonthForecast.Expectation(series, of: month, last: day) else {
            continue
          }
          let error = expectation.evidence.measured(series.sum(day + 1...month.last)) - expectation.amount
          errors.append((expectation.relativeSize * 1000 / one, error * 1000 / expectation.size))
        }
      }
    }
    errors.sort { ($0.size, $0.error) < ($1.size, $1.error) }
    let rows = (0..<5).map { part in
      let found = errors[errors.count * part / 5..<errors.count * (part + 1) / 5]
      let sorted = found.map(\.error).sorted()
      return (
        relativeSize: found[found.startIndex + found.count / 2].size,
        quantiles: ErrorTable.levels.map { sorted[sorted.count * $0 / 1000] }
      )
    }
    for row in rows { print("    \(row.relativeSize): \(row.quantiles)") }
    for (row, known) in zip(rows, ErrorTable.rows) {
      #expect(row.relativeSize == known.relativeSize && row.quantiles == known.quantiles)
    }
  }
}
