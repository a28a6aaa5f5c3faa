//! What was used in one window, how fast, and where that leads.

import Query

/// What was used in a minute in one currency.
struct BlockMinute: Sendable {
  let minuteMs: Int64
  let requests: Int128
  let tokens: Int128
  let cost: Int128
  let unpriced: Int128
  let currency: String?

  static let lengthMs: Int64 = 60_000
}

/// One window with use in it.
struct Block: Sendable {
  let window: Range<Int64>
  /// In order of time; never empty.
  let minutes: ArraySlice<BlockMinute>

  /// Cuts minutes, in order of time, into windows; where there was no use there is none.
  static func blocks(_ minutes: [BlockMinute], _ window: (Int64) -> Range<Int64>) -> [Block] {
    var blocks: [Block] = []
    var start = 0
    while start < minutes.count {
      let window = window(minutes[start].minuteMs)
      let end = minutes[start...].firstIndex { $0.minuteMs >= window.upperBound } ?? minutes.count
      blocks.append(Block(window: window, minutes: minutes[start..<end]))
      start = end
    }
    return blocks
  }

  func isActive(at nowMs: Int64) -> Bool { window.contains(nowMs) }

  var requests: Int128 { minutes.reduce(0) { $0 + $1.requests } }
  var tokens: Int128 { minutes.reduce(0) { $0 + $1.tokens } }

  private var firstMs: Int64 { minutes.first?.minuteMs ?? window.lowerBound }

  /// How long it has been used: from the first minute to now, or to the end of the last one once it is over.
  func elapsedMs(at nowMs: Int64) -> Int128 {
    let last = (minutes.last?.minuteMs ?? firstMs) + BlockMinute.lengthMs
    let end = isActive(at: nowMs) ? max(nowMs, firstMs + BlockMinute.lengthMs) : last
    return Int128(end - firstMs)
  }

  /// What a sum is in some time at this pace, half to even; nil when that is too much.
  func paced(_ sum: Int128, perMs: Int128, at nowMs: Int64) -> Int128? {
    halfEven(sum, times: perMs, elapsedMs(at: nowMs))
  }

  /// What a sum is at the end of the window, if it goes on like this; nil once it is over.
  func projected(_ sum: Int128, at nowMs: Int64) -> Int128? {
    guard isActive(at: nowMs) else { return nil }
    return paced(sum, perMs: Int128(window.upperBound - firstMs), at: nowMs)
  }

  /// When the tokens reach a limit: when they did, or when they will at this pace; nil when they do not in this window.
  func reaches(_ limit: Int128, at nowMs: Int64) -> Int64? {
    var sum: Int128 = 0
    for minute in minutes {
      sum += minute.tokens
      if sum >= limit { return minute.minuteMs }
    }
    guard isActive(at: nowMs), sum > 0 else { return nil }
    let wait = limit * elapsedMs(at: nowMs) / sum
    return wait < Int128(window.upperBound - firstMs) ? firstMs + Int64(wait) : nil
  }
}
