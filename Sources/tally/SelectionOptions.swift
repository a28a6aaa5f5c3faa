import ArgumentParser
import Bytes
import Configuration
import Query

/// Which events a report is about.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Only events that match, such as 'service=claude and not user=ann@example.com'; of several, all must.",
      valueName: "filter"))
  var filters: [String] = []

  @Option(help: "Which kind of event: usage or billed; kinds are never added together.")
  var kind = "usage"

  func validate() throws {
    if kind != "usage", kind != "billed" { throw ValidationError("--kind \(kind): use usage or billed") }
  }

  /// Says it to the request.
  func apply(to request: inout ReportRequest, _ settings: Configuration) throws {
    request.filter = try Self.filter(filters, settings)
    request.kind = kind
  }

  /// The dimensions of a report and those that `--by` adds.
  static func dimensions(_ base: [String], by: [String], _ settings: Configuration) throws -> [String] {
    let known = ReportField.all(tags: settings.rollupTags)
    var dimensions = base
    for field in by.flatMap({ $0.split(separator: ",").map(String.init) }) {
      guard known.holds(field) else {
        if field.hasPrefix("tag.") {
          throw Failure(
            "--by \(field): the tag is no column of rollups: add \"\(field.dropFirst(4))\" to rollup_tags in the configuration",
            .usage)
        }
        let mend =
          nearest(to: field, in: known).map { "did you mean \($0)?" }
          ?? "use \(known.joined(separator: ", "))"
        throw Failure("--by \(field): no such field: \(mend)", .usage)
      }
      if !dimensions.holds(field) { dimensions.append(field) }
    }
    return dimensions
  }

  /// All of the filters given: an event must match every one.
  static func filter(
    _ texts: [String], _ settings: Configuration, option: String = "--where"
  ) throws -> Filter? {
    do throws(FilterError) {
      let fields = ReportField.filterFields(tags: settings.rollupTags)
      let parsed = try texts.map { (text) throws(FilterError) in try Filter.parse(text, fields: fields) }
      return parsed.count > 1 ? .all(parsed) : parsed.first
    } catch {
      throw Failure(error.message(from: option), .usage)
    }
  }
}
