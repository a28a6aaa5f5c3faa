import ArgumentParser
import Reports

struct ExplainCommand: SharedSubcommand {
  typealias Definition = ExplainReport
  static let configuration = definedConfiguration

  @Argument(help: ReportParameter.measure.argumentHelp)
  var measure: String?

  @OptionGroup var flags: SharedFlags

  @Option(name: .shortAndLong, help: ExplainReport.by.argumentHelp)
  var by: [String] = []

  @Option(help: ReportParameter.events.argumentHelp)
  var events = "20"

  var words: ReportParameters {
    var words = flags.words
    words[.measure] = measure
    words[all: .by] = by
    words[.events] = events
    return words
  }
}
