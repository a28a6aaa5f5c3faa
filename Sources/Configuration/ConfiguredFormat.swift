import TOML

/// The format of an input in its user's words: `[format.NAME]`, for which `Schemas/formats.md` is the contract.
package struct ConfiguredFormat: Equatable, Sendable {
  package var name: String
  /// Whether it is delimited text; JSON otherwise.
  package var isCSV = false
  /// The path of a list in each record whose elements are the uses.
  package var each: String?
  /// Whether the input counts what came from the cache as well.
  package var inputIncludesCache = false
  package var hasDecimalComma = false
  /// Columns or paths by the name of the field they become, in order of the names.
  package var map: [(field: String, place: String)] = []
  /// Values that are the same everywhere, by the name of the field.
  package var fixed: [(field: String, value: String)] = []

  package init(name: String) { self.name = name }

  package static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && a.isCSV == b.isCSV && a.each == b.each && a.inputIncludesCache == b.inputIncludesCache
      && a.hasDecimalComma == b.hasDecimalComma && a.map.elementsEqual(b.map, by: ==)
      && a.fixed.elementsEqual(b.fixed, by: ==)
  }

  private static let keys = ["type", "each", "input_includes_cache", "decimal_comma", "map", "set"]

  /// Reads all sections `[format.NAME]`.
  static func read(_ reader: ConfigurationReader) throws(ConfigurationError) -> [ConfiguredFormat] {
    guard let formats = try reader.section("format") else { return [] }
    var found: [ConfiguredFormat] = []
    for name in formats.table.entries.map(\.key).sorted() {
      guard let section = try formats.section(name) else { continue }
      try section.check(keys)
      var format = ConfiguredFormat(name: name)
      switch try section.text("type") ?? "json" {
      case "json": break
      case "csv": format.isCSV = true
      case let other:
        throw section.error("is \"\(other)\"", "use \"json\" or \"csv\"", at: "type")
      }
      format.each = try section.text("each")
      format.inputIncludesCache = try section.flag("input_includes_cache") ?? false
      format.hasDecimalComma = try section.flag("decimal_comma") ?? false
      format.map = try texts(try section.section("map")).map { ($0.key, $0.text) }
      format.fixed = try texts(try section.section("set")).map { ($0.key, $0.text) }
      found.append(format)
    }
    return found
  }

  private static func texts(
    _ section: ConfigurationReader?
  ) throws(ConfigurationError) -> [(key: String, text: String)] {
    guard let section else { return [] }
    var texts: [(key: String, text: String)] = []
    for key in section.table.entries.map(\.key).sorted() {
      if let text = try section.text(key) { texts.append((key, text)) }
    }
    return texts
  }
}
