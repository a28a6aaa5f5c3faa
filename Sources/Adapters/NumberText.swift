import Events
import Money

/// Numbers as people and spreadsheets write them.
enum NumberText {
  /// `1234` or `1,234`; nil for anything else, and for what is too large for a count.
  static func count(_ text: String, hasDecimalComma: Bool = false) -> Int64? {
    plain(text, hasDecimalComma).flatMap { try? Decimal.parse($0) }.flatMap(Count.of(pico:))
  }

  /// `1.23`, `$1.23`, `1.23 USD`, `€ 0,50` with a decimal comma; nil for anything else.
  static func amount(_ text: String, hasDecimalComma: Bool = false) -> Int128? {
    var bare = text
    bare.removeAll {
      $0 == "$" || $0 == "€" || $0 == "£" || $0.isWhitespace || $0.isLetter && $0 != "e" && $0 != "E"
    }
    // One separator alone is a decimal comma as likely as not: nobody's thousand shall become one.
    let separators = bare.filter { $0 == "," || $0 == "." }
    if separators == (hasDecimalComma ? "." : ",") { return nil }
    return plain(bare, hasDecimalComma).flatMap { try? Decimal.parse($0) }
  }

  /// Without separators of thousands, and with a point.
  private static func plain(_ text: String, _ hasDecimalComma: Bool) -> String? {
    let (point, thousands): (Character, Character) = hasDecimalComma ? (",", ".") : (".", ",")
    let halves = text.split(separator: point, omittingEmptySubsequences: false)
    guard halves.count <= 2, let whole = halves.first else { return nil }
    let groups = whole.split(separator: thousands, omittingEmptySubsequences: false)
    let isGrouped = groups.count > 1
    if isGrouped, whole.hasPrefix("0") || !(1...3 ~= groups[0].count) { return nil }
    guard groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    return groups.joined() + (halves.count == 2 ? ".\(halves[1])" : "")
  }

  /// An instant, or a plain date, which is a day of UTC.
  static func time(_ text: String) -> (time: Int64, isDay: Bool)? {
    let whole = Int64(text).map { Int128($0) * Decimal.unit }
    if let pico = whole ?? (try? Decimal.parse(text)), let time = Epoch.milliseconds(pico: pico) {
      return (time, false)
    }
    if let day = Timestamp.day(named: text) { return (Int64(day) * Timestamp.day, true) }
    let bytes = Array(text.utf8)
    guard case .success(let time) = Timestamp.parse(bytes.span.bytes, 0..<bytes.count) else { return nil }
    return (time, false)
  }
}
