//! `config.toml`: what a person sets once. Flags win over the environment, the environment over the file; this
//! module only reads the file. A key that is not known is an error with the nearest known one, because a
//! misspelt setting that is ignored is found out only at the end of the month.

import Bytes
import TOMLKit

/// The settings of the configuration file; nil where it says nothing.
package struct Configuration: Equatable, Sendable {
  package var store: String?
  /// IANA name of the zone of reports.
  package var timezone: String?
  /// IANA name of the zone of monthly files; UTC when nil, because invoices are.
  package var billingTimezone: String?
  /// `monday` … `sunday`.
  package var weekStart: String?
  /// Tags that become columns of rollups.
  package var rollupTags: [String] = []
  /// Unknown fields whose scalar values are kept as metadata.
  package var keepFields: [String] = []
  /// The zstd level of sealed segments.
  package var sealLevel: Int?

  /// ISO 4217 code of the currency of reports; each amount in its own when nil.
  package var currency: String?
  /// `auto`, `calculate` or `display`: which cost reports show.
  package var costMode: String?
  /// Whether amounts are shown at all.
  package var showCost = true
  /// The table of users and teams; beside the configuration file unless set.
  package var directory: String?
  /// Days after the last use until which a user is active, and then idle.
  package var activeDays: Int?
  package var idleDays: Int?
  /// From where `prices update` fetches a price list: an address or a path.
  package var pricesURL: String?
  /// Formats of inputs that people described themselves.
  package var formats: [ConfiguredFormat] = []
  /// How much may be used in a minute or day.
  package var limits: [ConfiguredLimit] = []
  /// How much may be used in a session, day, week or month.
  package var budgets: [ConfiguredBudget] = []

  package init() {}

  private static let keys = [
    "store", "timezone", "billing_timezone", "week_start", "rollup_tags", "keep_fields", "seal_level",
    "currency", "cost_mode", "show_cost", "prices", "format", "users", "directory", "limit", "budget",
  ]
  private static let pricesKeys = ["url"]
  private static let usersKeys = ["active_days", "idle_days"]

  /// Reads the text of a file.
  ///
  /// - Parameters:
  ///   - text: TOML.
  ///   - path: what messages call the file.
  package init(toml text: String, path: String) throws(ConfigurationError) {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      let place = error.source.begin
      throw ConfigurationError(path, "line \(place.line), column \(place.column): \(error.description)")
    } catch {
      throw ConfigurationError(path, "\(error)")
    }
    let reader = Reader(table: table, path: path)
    try reader.check(Self.keys)
    store = try reader.text("store")
    timezone = try reader.text("timezone")
    billingTimezone = try reader.text("billing_timezone")
    weekStart = try reader.text("week_start")
    rollupTags = try reader.names("rollup_tags")
    keepFields = try reader.names("keep_fields")
    sealLevel = try reader.number("seal_level", in: 1...19)
    currency = try reader.text("currency")
    costMode = try reader.text("cost_mode")
    directory = try reader.text("directory")
    showCost = try reader.flag("show_cost") ?? true
    if let prices = try reader.section("prices") {
      try prices.check(Self.pricesKeys)
      pricesURL = try prices.text("url")
    }
    if let users = try reader.section("users") {
      try users.check(Self.usersKeys)
      activeDays = try users.number("active_days", in: 0...10_000)
      idleDays = try users.number("idle_days", in: 0...10_000)
    }
    formats = try ConfiguredFormat.read(reader)
    limits = try ConfiguredLimit.read(reader)
    budgets = try ConfiguredBudget.read(reader)
  }

  /// Reads typed values, with errors that name the key.
  struct Reader {
    let table: TOMLTable
    let path: String
    /// In front of the keys of a section: `prices.`.
    var prefix = ""

    /// Every key must be known.
    func check(_ keys: [String]) throws(ConfigurationError) {
      for key in table.keys.sorted() where !keys.contains(key) {
        let mend = nearest(to: key, in: keys).map { "did you mean \(prefix)\($0)?" }
        throw ConfigurationError(
          path, "unknown key \"\(prefix)\(key)\"", mend ?? "known keys are \(keys.joined(separator: ", "))")
      }
    }

    /// The keys behind `[key]`.
    func section(_ key: String) throws(ConfigurationError) -> Reader? {
      guard let value = table[key] else { return nil }
      guard let table = value.table else {
        throw ConfigurationError(
          path, "\(prefix)\(key) is no section", "write [\(prefix)\(key)] on a line of its own")
      }
      return Reader(table: table, path: path, prefix: "\(prefix)\(key).")
    }

    /// The keys behind each `[[key]]`; messages count them from 1.
    func sections(_ key: String) throws(ConfigurationError) -> [Reader] {
      guard let value = table[key] else { return [] }
      var sections: [Reader] = []
      for element in value.array ?? [] as TOMLArray {
        guard let table = element.table else { break }
        sections.append(Reader(table: table, path: path, prefix: "\(prefix)\(key)[\(sections.count + 1)]."))
      }
      guard let count = value.array?.count, count == sections.count else {
        throw ConfigurationError(
          path, "\(prefix)\(key) is no list of sections", "write [[\(prefix)\(key)]] on a line of its own")
      }
      return sections
    }

    func text(_ key: String) throws(ConfigurationError) -> String? {
      guard let value = table[key] else { return nil }
      guard let text = value.string, !text.isEmpty else {
        throw ConfigurationError(path, "\(prefix)\(key) is no text", "write \(key) = \"…\"")
      }
      return text
    }

    func number(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
      guard let value = table[key] else { return nil }
      guard let number = value.int, range.contains(number) else {
        throw ConfigurationError(
          path, "\(prefix)\(key) is no whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }

    func flag(_ key: String) throws(ConfigurationError) -> Bool? {
      guard let value = table[key] else { return nil }
      guard let flag = value.bool else {
        throw ConfigurationError(
          path, "\(prefix)\(key) is neither true nor false", "write \(key) = true or false")
      }
      return flag
    }

    func names(_ key: String) throws(ConfigurationError) -> [String] {
      guard let value = table[key] else { return [] }
      var names: [String] = []
      for element in value.array ?? [] as TOMLArray {
        guard let name = element.string, !name.isEmpty, !names.contains(name) else {
          throw ConfigurationError(path, "\(key) holds what is no text, is empty or is there twice")
        }
        names.append(name)
      }
      if value.array == nil {
        throw ConfigurationError(path, "\(key) is no list", "write \(key) = [\"…\", \"…\"]")
      }
      return names
    }
  }
}

/// Why the configuration cannot be used.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  package let path: String
  package let what: String
  /// How to mend it; empty when `what` says it.
  package let mend: String

  package init(_ path: String, _ what: String, _ mend: String = "") {
    self.path = path
    self.what = what
    self.mend = mend
  }

  package var description: String { mend.isEmpty ? "\(path): \(what)" : "\(path): \(what): \(mend)" }
}
