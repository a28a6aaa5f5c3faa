//! How much may be used in a session, day, week or month: `[[budget]]`.

package import Money
import TOMLKit

/// A budget in its user's words.
package struct ConfiguredBudget: Equatable, Sendable {
  package enum Period: String, CaseIterable, Sendable {
    case session, day, week, month
  }

  /// How much.
  package enum Measure: Equatable, Sendable {
    /// Pico-units; the currency is nil when it is that of reports.
    case amount(Int128, Currency?)
    case tokens(Int)
    case requests(Int)
  }

  /// Where it stands in the file, such as `budget[1]`.
  package let place: String
  package let name: String?
  /// A filter in the grammar of `--where`; nil for everything.
  package let match: String?
  package let period: Period
  package let measure: Measure
  /// From how many percent on it warns.
  package let warn: Int

  private static let measureKeys = ["amount", "tokens", "requests"]
  private static let keys = ["name", "match", "period", "currency", "warn"] + measureKeys
  private static let countMax = 1_000_000_000_000_000
  private static let warnUsual = 80

  /// Reads all sections `[[budget]]`.
  static func read(_ reader: Configuration.Reader) throws(ConfigurationError) -> [ConfiguredBudget] {
    var found: [ConfiguredBudget] = []
    for section in try reader.sections("budget") {
      try section.check(keys)
      found.append(
        ConfiguredBudget(
          place: String(section.prefix.dropLast()), name: try section.text("name"),
          match: try section.text("match"), period: try period(section), measure: try measure(section),
          warn: try section.number("warn", in: 1...100) ?? warnUsual))
    }
    return found
  }

  private static func period(_ section: Configuration.Reader) throws(ConfigurationError) -> Period {
    let text = try section.text("period")
    if let period = text.flatMap(Period.init) { return period }
    let what = text.map { "is \"\($0)\"" } ?? "is missing"
    let names = Period.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    throw ConfigurationError(section.path, "\(section.prefix)period \(what)", "use one of \(names)")
  }

  private static func measure(_ section: Configuration.Reader) throws(ConfigurationError) -> Measure {
    let given = measureKeys.filter { section.table[$0] != nil }
    guard given.count == 1 else {
      let what = given.isEmpty ? "says not how much" : "says \(given.joined(separator: " and "))"
      throw ConfigurationError(
        section.path, "\(section.prefix.dropLast()) \(what)",
        "give it one of \(measureKeys.joined(separator: ", "))")
    }
    let currency = try currency(section)
    if let amount = try amount(section) { return .amount(amount, currency) }
    if currency != nil {
      throw ConfigurationError(section.path, "\(section.prefix)currency is of no amount", "leave it out")
    }
    if let tokens = try section.number("tokens", in: 1...countMax) { return .tokens(tokens) }
    return .requests(try section.number("requests", in: 1...countMax) ?? 0)
  }

  private static func currency(_ section: Configuration.Reader) throws(ConfigurationError) -> Currency? {
    guard let code = try section.text("currency") else { return nil }
    guard let currency = Currency(code) else {
      throw ConfigurationError(
        section.path, "\(section.prefix)currency \"\(code)\"",
        "use a code of ISO 4217, such as EUR or USD")
    }
    return currency
  }

  /// Digits that a number of TOML keeps for certain.
  private static let digitsMax = 15

  private static func amount(_ section: Configuration.Reader) throws(ConfigurationError) -> Int128? {
    guard let value = section.table["amount"] else { return nil }
    // The shortest text of a number is what was written, unless that has more digits than numbers keep.
    let text = value.string ?? value.int.map { "\($0)" } ?? value.double.map { "\($0)" } ?? ""
    if value.double != nil,
      text.utf8.prefix(while: { $0 != 0x65 }).count(where: { 0x30...0x39 ~= $0 }) > digitsMax
    {
      throw ConfigurationError(
        section.path, "\(section.prefix)amount has more digits than a number keeps",
        "put it in quotes")
    }
    guard let pico = try? Decimal.parse(text), pico > 0 else {
      throw ConfigurationError(
        section.path, "\(section.prefix)amount is no amount above 0", "write amount = \"12.50\"")
    }
    return pico
  }
}
