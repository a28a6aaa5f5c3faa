import Adapters
import Configuration
import Events
import Files

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
    var bytes = isThere ? try Publish.contents(path) : []
    let before = try Configuration(toml: String(decoding: bytes, as: UTF8.self), path: path)
    if before.formats.contains(where: { $0.name == name }) {
      throw Failure("--save \(name): \(path) has [format.\(name)] already: use another name", .usage)
    }
    if let last = bytes.last, last != 10 { bytes.append(10) }
    bytes += Array(section(map, name).utf8)
    try Folders.create(Folders.parent(of: path))
    try Publish.replace(path, with: bytes.span.bytes)
  }

  private static func section(_ map: FieldMap, _ name: String) -> String {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    func table(_ pairs: [FieldMap.Pair]) -> String {
      "{ " + pairs.map { "\($0.field.name) = \(quoted($0.place))" }.joined(separator: ", ") + " }\n"
    }
    var text = "\n[format.\(name)]\ntype = \"csv\"\n"
    if map.hasDecimalComma { text += "decimal_comma = true\n" }
    if map.inputIncludesCache { text += "input_includes_cache = true\n" }
    text += "map = \(table(map.places))"
    if !map.fixed.isEmpty { text += "set = \(table(map.fixed))" }
    return text
  }
}
