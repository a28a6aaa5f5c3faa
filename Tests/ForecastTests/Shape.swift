import Calendar

/// The sizes of days, in 1/65,536.
struct Shape {
  private(set) var sizes: [Int] = []

  init(_ family: Family, _ days: [CivilDate], _ month: CivilMonth, _ dice: inout Dice) {
    let one = Dice.one
    let count = days.count
    let weekend = dice.whole(5...50) * one / 100
    let working = days.map { $0.weekday.rawValue > 5 ? weekend : one }
    func times(_ factors: Int...) -> Int { factors.reduce(one) { $0 * $1 / one } }
    func all(_ size: (Int) -> Int) -> [Int] { (0..<count).map(size) }
    switch family {
    case .steady:
      let noise = dice.whole(10...40)
      sizes = all { times(working[$0], dice.noise(noise)) }
    case .flat:
      let noise = dice.whole(10...40)
      sizes = all { _ in dice.noise(noise) }
    case .heavyTails:
      let noise = dice.whole(80...130)
      sizes = all { _ in dice.noise(noise) }
    case .trend:
      let (rate, sign) = (one / dice.whole(40...120), dice.happens(50) ? 1 : -1)
      sizes = all { times(working[$0], Dice.power(sign * rate * ($0 - count)), dice.noise(30)) }
    case .levelShift:
      let change = (dice.happens(50) ? 1 : -1) * dice.whole(72...159) * one / 100
      let at = count - dice.whole(5...45)
      sizes = all { times(working[$0], dice.noise(30), $0 >= at ? Dice.power(change) : one) }
    case .newAccount:
      let first = month.first + dice.whole(1...14)
      sizes = all { days[$0] < first ? 0 : times(working[$0], dice.noise(40)) }
    case .spikes:
      sizes = all { times(working[$0], dice.noise(30), dice.happens(3) ? dice.whole(5...15) * one : one) }
    case .intermittent: sizes = all { _ in dice.happens(25) ? dice.noise(60) : 0 }
    case .weekendHeavy:
      let workday = dice.whole(10...40) * one / 100
      sizes = all { times(days[$0].weekday.rawValue > 5 ? one : workday, dice.noise(40)) }
    case .monthStart:
      let factor = dice.whole(3...8) * one
      sizes = all { times(working[$0], dice.noise(30), days[$0].day <= 3 ? factor : one) }
    case .vacation:
      let at = count - dice.whole(3...60)
      let gap = at..<at + dice.whole(5...14)
      sizes = all { gap.contains($0) ? 0 : times(working[$0], dice.noise(30)) }
    case .bursts:
      var state = dice.normal()
      sizes = all {
        state = state * 8 / 10 + dice.normal() * 6 / 10
        return times(working[$0], Dice.power(state), dice.noise(20))
      }
    case .randomWalk:
      var state = 0
      sizes = all {
        state += dice.normal() * 9 / 100
        return times(working[$0], Dice.power(state), dice.noise(25))
      }
    case .monthEnd:
      let factor = dice.whole(2...5) * one
      sizes = all { times(working[$0], dice.noise(30), days[$0].day >= 26 ? factor : one) }
    case .counts:
      let mean = dice.whole(100...400)
      // As many of a dozen chances as happen.
      sizes = all { day in
        (0..<12).reduce(0) { sum, _ in
          sum + (dice.whole(0...1199) < times(working[day], mean) ? one : 0)
        }
      }
    case .adoption:
      let (middle, width) = (count * dice.whole(30...100) / 100, dice.whole(6...15))
      sizes = all { day in
        let growth = Dice.power((middle - day) * one * 3 / 2 / width)
        return times(working[day], dice.noise(35), one / 10 + one * one / (one + growth))
      }
    case .biweekly:
      sizes = all { times(working[$0], dice.noise(30), (days[$0].days / 7) % 2 == 0 ? one * 8 / 5 : one / 2) }
    case .mixture:
      sizes = all { day in
        times(working[day], dice.noise(30)) + (dice.happens(15) ? 3 * dice.noise(80) : 0)
          + (day > count - 25 ? times(one * 7 / 10, dice.noise(30)) : 0)
      }
    case .fourDayWeek: sizes = all { days[$0].weekday.rawValue > 4 ? 0 : dice.noise(35) }
    case .ramp:
      sizes = all { times(working[$0], dice.noise(30), one + max(0, $0 - count + 30) * one / 20) }
    case .everyOtherDay: sizes = all { days[$0].days % 2 == 0 ? dice.noise(30) : 0 }
    case .mondayBatch: sizes = all { times(days[$0].weekday == .monday ? 6 * one : one, dice.noise(30)) }
    case .plateau:
      let end = count - dice.whole(30...60)
      sizes = all { times(working[$0], dice.noise(30), Dice.power((min($0, end) - end) * one / 20)) }
    case .twoRegimes:
      var isHigh = dice.happens(50)
      sizes = all {
        if dice.happens(10) { isHigh.toggle() }
        return times(working[$0], dice.noise(25), isHigh ? 3 * one : one)
      }
    case .projects:
      var (isOn, left) = (true, dice.whole(5...12))
      sizes = all { _ in
        if left == 0 { (isOn, left) = (!isOn, isOn ? dice.whole(3...10) : dice.whole(5...12)) }
        left -= 1
        return isOn ? dice.noise(40) : 0
      }
    case .calmer: sizes = all { times(working[$0], dice.noise(80 - 60 * $0 / count)) }
    case .manyAccounts:
      sizes = all { day in
        times(working[day], dice.noise(20))
          + (0..<4).reduce(0) { sum, _ in sum + (dice.happens(30) ? dice.noise(60) / 2 : 0) }
      }
    case .halfLoad:
      let at = count - dice.whole(10...90)
      let quiet = at..<at + 7
      sizes = all { times(working[$0], dice.noise(30), quiet.contains($0) ? one / 2 : one) }
    case .priceCut:
      let at = count - dice.whole(45...100)
      sizes = all { times(working[$0], dice.noise(30), $0 >= at ? one * 6 / 10 : one) }
    case .fridaySpikes:
      sizes = all {
        times(
          days[$0].weekday == .friday ? 3 * one : working[$0], dice.noise(30),
          dice.happens(2) ? dice.whole(4...10) * one : one)
      }
    case .lateStart:
      let first = count - dice.whole(20...50)
      sizes = all { $0 < first ? 0 : times(working[$0], dice.noise(40), one + ($0 - first) * one / 60) }
    case .noisyWeekdays: sizes = all { times(working[$0], dice.noise(60)) }
    case .newMember, .modelSwitch:
      let percent = family == .newMember ? dice.whole(120...180) : dice.whole(40...80)
      let at = count - dice.whole(1...60)
      sizes = all { times(working[$0], dice.noise(30), $0 >= at ? one * percent / 100 : one) }
    case .hackathon:
      let at = count - dice.whole(1...90)
      let week = at..<at + 7
      sizes = all { times(working[$0], dice.noise(30), week.contains($0) ? 3 * one : one) }
    case .sickLeave:
      let at = count - dice.whole(1...40)
      let gap = at..<at + dice.whole(3...6)
      sizes = all { gap.contains($0) ? 0 : times(working[$0], dice.noise(35)) }
    case .slowDecay:
      let rate = one / dice.whole(60...150)
      sizes = all { times(working[$0], dice.noise(40), Dice.power(rate * (count - $0))) }
    case .everyThirdDay: sizes = all { days[$0].days % 3 == 0 ? dice.noise(40) : 0 }
    case .nightlyJob: sizes = all { dice.noise(5) + times(working[$0], dice.noise(50)) }
    case .budgetStop:
      let last = dice.whole(22...27)
      sizes = all { days[$0].day > last ? 0 : times(working[$0], dice.noise(30)) }
    case .monthlyJob:
      let (day, size) = (dice.whole(2...28), dice.whole(8...20) * one)
      sizes = all {
        times(working[$0], dice.noise(30)) + (days[$0].day == day ? times(size, dice.noise(10)) : 0)
      }
    case .growth:
      let rate = one / dice.whole(80...200)
      sizes = all { times(working[$0], dice.noise(35), Dice.power(rate * ($0 - count))) }
    case .summerMonth:
      let percent = dice.whole(50...80)
      sizes = all { times(working[$0], dice.noise(30), days[$0] >= month.first ? one * percent / 100 : one) }
    case .heavyWeekends:
      sizes = all { times(days[$0].weekday.rawValue > 5 ? 2 * one : one / 2, dice.noise(70)) }
    case .fewLargeJobs:
      sizes = all { _ in (0..<3).reduce(0) { sum, _ in sum + (dice.happens(20) ? dice.noise(80) : 0) } }
    case .wave:
      let (length, start) = (dice.whole(40...80), dice.whole(0...79))
      sizes = all { day in
        // A triangle between 0.6 and 1.4.
        let part = (day + start) % length * one * 2 / length
        return times(working[day], dice.noise(25), one * 6 / 10 + abs(part - one) * 8 / 10)
      }
    case .fresh:
      let first = month.first - dice.whole(10...25)
      sizes = all { days[$0] < first ? 0 : times(working[$0], dice.noise(50)) }
    case .composite:
      let (noise, spike, shift) = (dice.whole(10...70), dice.whole(0...4), count - dice.whole(0...150))
      let (change, pause) = (dice.whole(50...180), count - dice.whole(0...200))
      let gap = pause..<pause + dice.whole(3...14)
      sizes = all {
        gap.contains($0)
          ? 0
          : times(
            working[$0], dice.noise(noise), $0 >= shift ? one * change / 100 : one,
            dice.happens(spike) ? dice.whole(3...12) * one : one)
      }
    }
  }
}
