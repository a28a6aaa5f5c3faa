import Adapters
import ArgumentParser
import Bytes
import Configuration
import Events

/// What people say about the format of an input: a name of ours or of their configuration, and a map of columns.
struct FormatOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("What the input is, if it cannot be seen: a format's name.", valueName: "format"))
  var formatName: String?

  @Option(help: ArgumentHelp("Who bills, for records that do not say.", valueName: "name"))
  var provider: String?

  @Option(help: ArgumentHelp("When it was, for records that do not say.", valueName: "time"))
  var time: String?

  @Option(
    help: ArgumentHelp(
      "With csv: the column of a field, such as time=Date. Repeat it.", valueName: "field=column"))
  var map: [String] = []

  @Option(
    help: ArgumentHelp(
      "With csv: what is the same in all rows, such as provider=acme.", valueName: "field=value"))
  var set: [String] = []

  @Flag(help: "With csv: numbers have decimal commas.")
  var decimalComma = false

  @Flag(help: "With csv: the input column counts cached input as well.")
  var inputIncludesCache = false

  func validate() throws { _ = try instant() }

  /// Whether the options go together; asked when the format is settled.
  func check() throws {
    if !isCSV, !map.isEmpty || !set.isEmpty || decimalComma || inputIncludesCache {
      throw ValidationError("--map, --set, --decimal-comma and --input-includes-cache go with csv only")
    }
    if isCSV { _ = try csvMap() }
  }

  private var isCSV: Bool { formatName == "csv" }

  /// The instant that was given.
  func instant() throws -> Int64? {
    guard let time else { return nil }
    let bytes = Array(time.utf8)
    guard case .success(let time) = Timestamp.parse(bytes.span.bytes, 0..<bytes.count) else {
      throw ValidationError("--time \(time): not an instant such as 2026-11-20T10:11:12Z")
    }
    return time
  }

  /// What was said about columns.
  func csvMap() throws -> FieldMap {
    do throws(Misread) {
      var fieldMap = FieldMap()
      for text in map { fieldMap.places.append(try FieldMap.pair(text)) }
      for text in set { fieldMap.fixed.append(try FieldMap.pair(text)) }
      if let provider { fieldMap.fixed.append(FieldMap.Pair(.provider, ProviderName.normal(provider))) }
      fieldMap.hasDecimalComma = decimalComma
      fieldMap.inputIncludesCache = inputIncludesCache
      return fieldMap
    } catch {
      throw ValidationError(error.message)
    }
  }

  /// The format that was named; nil when none was.
  func format(_ settings: Configuration, path: String) throws -> LogFormat? {
    guard let name = formatName else { return nil }
    if isCSV { return MappedRows.format(name: name, try csvMap()) }
    let own = try ConfiguredFormats.formats(settings, path: path)
    if let format = LogFormats.named(name) ?? own.first(where: { $0.name == name }) { return format }
    let names = LogFormats.all.map(\.name) + ["csv"] + own.map(\.name)
    let mend = nearest(to: name, in: names).map { "did you mean \($0)?" } ?? "use one of \(Self.list(names))"
    throw Failure("--as \(name): no such format; \(mend)", .usage)
  }

  /// The names of all formats, for messages.
  static var names: String { list(LogFormats.all.map(\.name) + ["csv"]) }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

/// The formats of `config.toml` as formats of inputs.
enum ConfiguredFormats {
  static func formats(_ settings: Configuration, path: String) throws -> [LogFormat] {
    try settings.formats.map { configured in
      func fail(_ what: String) -> Failure {
        Failure("\(path): format.\(configured.name): \(what)", .configuration)
      }
      if LogFormats.named(configured.name) != nil || configured.name == "csv" {
        throw fail("the name is taken by a format of tally's: use another")
      }
      do throws(Misread) {
        var map = FieldMap()
        for (field, place) in configured.map { map.places.append(.init(try FieldMap.field(field), place)) }
        for (field, value) in configured.fixed { map.fixed.append(.init(try FieldMap.field(field), value)) }
        map.inputIncludesCache = configured.inputIncludesCache
        map.hasDecimalComma = configured.hasDecimalComma
        if configured.isCSV { return MappedRows.format(name: configured.name, map) }
        try map.check()
        return MappedObjects.format(name: configured.name, map, each: configured.each)
      } catch {
        throw fail(error.message)
      }
    }
  }
}
