/// Decimals as arrays of digits, worked by hand as at school: slow, and sharing nothing with what it checks.
enum SlowDecimal {
  /// What `text` is in pico-units, as decimal digits with a sign; nil when it is no JSON-style number.
  static func picos(_ text: String) -> String? {
    let pattern = /([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?/
    guard let match = text.wholeMatch(of: pattern) else { return nil }
    let exponent = match.4.map { Int($0) ?? 0 } ?? 0
    var digits = Array(String(match.2) + String(match.3 ?? "")).compactMap(\.wholeNumberValue)
    // Where the point lies in `digits` once the value is multiplied by 10^12.
    var point = match.2.count + exponent + 12
    while point > digits.count { digits.append(0) }
    while point < 0 {
      digits.insert(0, at: 0)
      point += 1
    }
    let whole = Array(digits[..<point])
    let rounded = round(whole, rest: Array(digits[point...]))
    let shown = String(rounded.drop { $0 == 0 }.map { Character(String($0)) })
    if shown.isEmpty { return "0" }
    return (match.1 == "-" ? "-" : "") + shown
  }

  /// Half to even.
  private static func round(_ whole: [Int], rest: [Int]) -> [Int] {
    guard let first = rest.first else { return whole }
    let isMore = rest.dropFirst().contains { $0 != 0 }
    let isOdd = (whole.last ?? 0) % 2 == 1
    guard first > 5 || (first == 5 && (isMore || isOdd)) else { return whole }
    var result = whole
    var at = result.count - 1
    while at >= 0, result[at] == 9 {
      result[at] = 0
      at -= 1
    }
    if at < 0 { return [1] + result }
    result[at] += 1
    return result
  }
}
