//! `config.toml`: what a person sets once. Flags win over the environment, the environment over the file; this
//! module only reads the file. A key that is not known is an error with the nearest known one, because a
//! misspelt setting that is ignored is found out only at the end of the month.

import Bytes
import TOML

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

  /// Larger files are refused.
  package static let sizeBytesMax = TOMLTable.sizeBytesMax

  package init() {}

  private static let keys = [
    "store", "timezone", "billing_timezone", "week_start", "rollup_tags", "keep_fields", "seal_level",
    "currency", "cost_mode", "show_cost", "prices", "format", "users", "directory", "limit", "budget",
  ]
  private static let pricesKeys = ["url"]
  private static let usersKeys = ["active_days", "idle_days"]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: TOML.
  ///   - path: what messages call the file.
  package init(toml bytes: [UInt8], path: String) throws(ConfigurationError) {
    let table: TOMLTable
    do throws(TOMLError) {
      table = try TOMLTable(parsing: bytes)
    } catch {
      throw ConfigurationError(path, line: error.line, column: error.column, error.what, error.mend)
    }
    let reader = ConfigurationReader(table: table, path: path)
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
}

/// Why the configuration cannot be used.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  package let path: String
  /// From 1; nil when it is not about one line.
  package let line: Int?
  /// From 1; only of what is no TOML.
  package let column: Int?
  package let what: String
  /// How to mend it; empty when `what` says it.
  package let mend: String

  package init(
    _ path: String, line: Int? = nil, column: Int? = nil, _ what: String, _ mend: String = ""
  ) {
    self.path = path
    self.line = line
    self.column = column
    self.what = what
    self.mend = mend
  }

  package var description: String {
    let place = [line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap(\.self)
    let parts = [path, place.joined(separator: ", "), what, mend]
    return parts.filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
