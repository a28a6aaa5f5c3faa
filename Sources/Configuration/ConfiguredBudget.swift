//! How much may be used in a session, day, week or month: `[[budget]]`.

package import Money
import TOML

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
  static func read(_ reader: ConfigurationReader) throws(ConfigurationError) -> [ConfiguredBudget] {
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

  private static func period(_ section: ConfigurationReader) throws(ConfigurationError) -> Period {
    let text = try section.text("period")
    if let period = text.flatMap(Period.init) { return period }
    let what = text.map { "is \"\($0)\"" } ?? "is missing"
    let names = Period.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    throw section.error(what, "use one of \(names)", at: "period")
  }

  private static func measure(_ section: ConfigurationReader) throws(ConfigurationError) -> Measure {
    let given = measureKeys.filter { section.table[$0] != nil }
    guard given.count == 1 else {
      let what = given.isEmpty ? "says not how much" : "says \(given.joined(separator: " and "))"
      throw section.error(what, "give it one of \(measureKeys.joined(separator: ", "))")
    }
    let currency = try currency(section)
    if let amount = try amount(section) { return .amount(amount, currency) }
    if currency != nil { throw section.error("is of no amount", "leave it out", at: "currency") }
    if let tokens = try section.number("tokens", in: 1...countMax) { return .tokens(tokens) }
    return .requests(try section.number("requests", in: 1...countMax) ?? 0)
  }

  private static func currency(_ section: ConfigurationReader) throws(ConfigurationError) -> Currency? {
    guard let code = try section.text("currency") else { return nil }
    guard let currency = Currency(code) else {
      throw section.error("\"\(code)\"", "use a code of ISO 4217, such as EUR or USD", at: "currency")
    }
    return currency
  }

  private static func amount(_ section: ConfigurationReader) throws(ConfigurationError) -> Int128? {
    guard let value = section.table["amount"] else { return nil }
    let text = value.text ?? value.float ?? value.integer.map(String.init) ?? ""
    guard let pico = try? Decimal.parse(text), pico > 0 else {
      throw section.error("is no amount above 0", "write amount = \"12.50\"", at: "amount")
    }
    return pico
  }
}
