import ArgumentParser
import Files
import Query
import Render

/// How a report is written, and where to.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "table, csv, json or markdown (default: by the output's name, else table).", valueName: "format"))
  var format: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to this file instead of standard output, atomically.", valueName: "file"))
  var output: String?

  func validate() throws { _ = try reportFormat() }

  func reportFormat() throws -> ReportFormat {
    let name =
      format ?? output.map { String($0.split(separator: ".").last ?? "") }.flatMap(Self.formatName) ?? "table"
    do throws(ReportFormatError) {
      return try ReportFormat(parsing: name)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private static func formatName(_ suffix: String) -> String? {
    ["csv": "csv", "json": "json", "md": "markdown", "markdown": "markdown"][suffix]
  }

  /// Writes the report; what a format cannot say itself goes to stderr.
  func write(_ report: Report, _ options: StoreOptions) throws {
    try write(report)
    if try reportFormat() == .csv { options.sayIncomplete(report) }
  }

  private func write(_ report: Report) throws {
    let format = try reportFormat()
    guard let output else {
      let descriptor = Stream.standardOutput
      let columns = System.environment("COLUMNS").flatMap(Int.init) ?? System.terminalWidth(descriptor)
      let isTerminal = System.isTerminal(descriptor)
      let style = RenderOptions(
        columns: isTerminal ? columns : nil, isColored: Terminal.isColored(descriptor),
        isASCII: !Terminal.isUTF8)
      return try Terminal.print(report.rendered(as: format, options: style))
    }
    do throws(FileError) {
      let text = report.rendered(
        as: format, options: RenderOptions(columns: nil, isColored: false, isASCII: false))
      try Publish.deliver(Array(text.utf8).span.bytes, to: output)
    } catch {
      throw Failure(error.description, error.isPermission ? .noPermission : .cannotCreate)
    }
  }
}

extension StoreOptions {
  /// Says on stderr which requests have no cost, and which data is missing, for formats without a place for it.
  ///
  /// - Parameter isOnlyMissing: false to say too where more will come in time.
  func sayIncomplete(_ report: Report, isOnlyMissing: Bool = true) {
    let isASCII = !Terminal.isUTF8
    let lines =
      report.unpricedLines(isASCII: isASCII)
      + report.dataLines(isASCII: isASCII, isOnlyMissing: isOnlyMissing)
    for line in lines { say("tally: \(line)") }
  }
}
