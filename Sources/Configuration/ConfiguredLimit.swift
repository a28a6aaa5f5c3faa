/// How much may be used in a minute or day: `[[limit]]`.
package struct ConfiguredLimit: Equatable, Sendable {
  /// Where it stands in the file, such as `limit[1]`.
  package var place: String
  /// A filter in the grammar of `--where`; nil for everything.
  package var match: String?
  /// Requests, tokens and images in a minute or day, by name, such as `rpm`.
  package var rates: [String: Int] = [:]

  private static let rateKeys = ["rpm", "rpd", "tpm", "tpd", "ipm"]
  private static let rateMax = 1_000_000_000_000

  /// Reads all sections `[[limit]]`.
  static func read(_ reader: ConfigurationReader) throws(ConfigurationError) -> [ConfiguredLimit] {
    var found: [ConfiguredLimit] = []
    for section in try reader.sections("limit") {
      try section.check(["match"] + rateKeys)
      var limit = ConfiguredLimit(place: String(section.prefix.dropLast()))
      limit.match = try section.text("match")
      for key in rateKeys { limit.rates[key] = try section.number(key, in: 1...rateMax) }
      if limit.rates.isEmpty {
        throw section.error("limits nothing", "give it one of \(rateKeys.joined(separator: ", "))")
      }
      found.append(limit)
    }
    return found
  }
}
