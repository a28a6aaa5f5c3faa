import Adapters
import Configuration
import Events
import Files
import TOML

/// Keeps a map of columns in the configuration, as `[format.NAME]`.
enum SavedFormat {
  /// Appends the section; what stands in the file stays as it is.
  static func add(_ map: FieldMap, name: String, to path: String) throws {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { $0 | 0x20 >= 97 && $0 | 0x20 <= 122 || $0 &- 48 < 10 || $0 == 45 || $0 == 95 }
    guard isPlain else {
      throw Failure("--save \(name): use letters, digits, hyphens and underscores", .usage)
    }
    if LogFormats.named(name) != nil || name == "csv" {
      throw Failure("--save \(name): the name is taken by a format of tally's: use another", .usage)
    }
    let isThere = try Folders.status(path) != nil
    var bytes = isThere ? try Publish.contents(path, sizeBytesMax: Configuration.sizeBytesMax) : []
    let before = try Configuration(toml: bytes, path: path)
    if before.formats.contains(where: { $0.name == name }) {
      throw Failure("--save \(name): \(path) has [format.\(name)] already: use another name", .usage)
    }
    if let last = bytes.last, last != 10 { bytes.append(10) }
    bytes += Array(section(map, name).utf8)
    var after = before
    after.formats.append(format(map, name))
    after.formats.sort { $0.name < $1.name }
    try check(bytes, means: after, name, path)
    try Folders.create(Folders.parent(of: path))
    try Publish.replace(path, with: bytes.span.bytes)
  }

  /// Nothing is published that cannot be read, or that says something else.
  private static func check(
    _ bytes: [UInt8], means expected: Configuration, _ name: String, _ path: String
  ) throws {
    func refused(_ what: String) -> Failure {
      Failure("--save \(name): [format.\(name)] cannot be kept in \(path): \(what)", .usage)
    }
    do throws(ConfigurationError) {
      if try Configuration(toml: bytes, path: path) == expected { return }
    } catch {
      throw refused("\(error.what): \(error.mend)")
    }
    throw refused("it would be read as something else: write it by hand")
  }

  /// The map as the configuration will have it.
  private static func format(_ map: FieldMap, _ name: String) -> ConfiguredFormat {
    func texts(_ pairs: [FieldMap.Pair]) -> [(String, String)] {
      pairs.map { ($0.field.name, $0.place) }.sorted { $0.0 < $1.0 }
    }
    var format = ConfiguredFormat(name: name)
    format.isCSV = true
    format.hasDecimalComma = map.hasDecimalComma
    format.inputIncludesCache = map.inputIncludesCache
    format.map = texts(map.places)
    format.fixed = texts(map.fixed)
    return format
  }

  private static func section(_ map: FieldMap, _ name: String) -> String {
    func table(_ pairs: [FieldMap.Pair]) -> String {
      let written = pairs.map { "\(TOMLText.key($0.field.name)) = \(TOMLText.string($0.place))" }
      return "{ \(written.joined(separator: ", ")) }\n"
    }
    var text = "\n[format.\(name)]\ntype = \"csv\"\n"
    if map.hasDecimalComma { text += "decimal_comma = true\n" }
    if map.inputIncludesCache { text += "input_includes_cache = true\n" }
    text += "map = \(table(map.places))"
    if !map.fixed.isEmpty { text += "set = \(table(map.fixed))" }
    return text
  }
}
