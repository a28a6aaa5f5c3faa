//! Guesses are combined by how well each did lately on this very history: the fifth power of its mean error, recent
//! errors before old ones. A change of level, where there was one, and a pause that lasts have their say afterwards.

/// What the days to come will use, as all guesses together have it.
struct Combination {
  /// In mean days of the evidence.
  let amount: Int
  /// The part of it that the first of these days will use.
  let firstDay: Int
  /// How far the guesses are apart: their variance around it.
  let disagreement: Int128
  /// How many days of evidence it rests on.
  let days: Int
  /// The guesses, and how much each counts.
  private let guesses: [(guess: Guess, weight: Int)]
  private let sums: [Int]

  private static let aheadMax = 7
  private static let power = 5
  /// What a day that lies a day further back counts: a half in two weeks.
  private static let fading = 62_370
  /// After so many days of a pause nobody is expected back.
  private static let pauseMax = 21

  init(_ evidence: Evidence, ahead: Int) {
    let guesses = Guess.all(evidence)
    let sums = runningSums(evidence.capped)
    let weights = Self.weights(guesses, evidence.count, sums, ahead: ahead)
    let all = weights.reduce(0, +)
    let amounts = guesses.map { $0.amount(sums, origin: evidence.count, ahead: ahead) }
    var amount = zip(weights, amounts).reduce(0) { $0 + $1.0 * $1.1 } / all
    var disagreement =
      zip(weights, amounts).reduce(Int128(0)) { sum, pair in
        let rest = Int128(pair.1 - amount)
        return sum + Int128(pair.0) * rest * rest
      } / Int128(all)
    var days = zip(weights, guesses).reduce(0) { $0 + $1.0 * $1.1.daysUsed(of: evidence.count) } / all
    func mix(_ other: Int, _ share: Int) {
      let rest = Int128(other - amount)
      disagreement += Int128(share) * Int128(one - share) * rest * rest / Int128(one * one)
      amount += scaled(other - amount, share, one)
    }
    let exposure = guesses[0].exposure
    let exposed = exposure.sums[evidence.count + ahead] - exposure.sums[evidence.count]
    if let change = LevelChange(evidence, exposure) {
      mix(scaled(change.level, exposed, one), change.trust)
      days += (change.days - days) * change.trust / one
    }
    if evidence.pauseDays > 0 { mix(0, min(Self.pauseMax, evidence.pauseDays) * one / Self.pauseMax) }
    firstDay = scaled(amount, exposure.weights[evidence.count], exposed) + (evidence.jobs.first ?? 0)
    self.amount = amount + evidence.jobs.reduce(0, +)
    (self.disagreement, self.days) = (disagreement, max(1, days))
    self.guesses = Array(zip(guesses, weights.map { $0 * one / all }))
    self.sums = sums
  }

  /// What the guesses together said on an earlier day.
  func amount(origin: Int, ahead: Int) -> Int {
    guesses.reduce(0) { $0 + scaled($1.guess.amount(sums, origin: origin, ahead: ahead), $1.weight, one) }
  }

  private static func weights(_ guesses: [Guess], _ count: Int, _ sums: [Int], ahead: Int) -> [Int] {
    let ahead = max(1, min(ahead, aheadMax, count > 8 ? (count - 7) / 2 : 1))
    let last = count - ahead
    if last - 7 < 2 { return guesses.map { _ in one } }
    let errors = guesses.map { guess in
      var (error, plain, weight, weights) = (0, 0, one, 0)
      for origin in stride(from: last, through: 7, by: -1) {
        let actual = sums[origin + ahead] - sums[origin]
        let rest = abs(actual - guess.amount(sums, origin: origin, ahead: ahead))
        plain += rest
        error += scaled(rest, weight, one)
        weights += weight
        weight = weight * fading / one
      }
      // One more error, the mean of all, so that a lucky week does not decide alone.
      return 1 + scaled(error + plain / (last - 6), one, weights + one)
    }
    let least = errors.min() ?? 1
    return zip(guesses, errors).map { guess, error in
      let ratio = scaled(least, one, error)
      return 1 + (0..<power).reduce(guess.favour) { product, _ in product * ratio / one }
    }
  }
}
