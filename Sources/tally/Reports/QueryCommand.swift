import ArgumentParser
import Reports

struct QueryCommand: ReportSubcommand {
  typealias Definition = QueryReport
  static let configuration = definedConfiguration

  @OptionGroup var options: StoreOptions
  @OptionGroup var days: RangeFlags

  @Option(name: .shortAndLong, help: QueryReport.measure.argumentHelp)
  var measure: [String] = []

  @Option(name: .shortAndLong, help: QueryReport.by.argumentHelp)
  var by: [String] = []

  @Option(name: .customLong("where"), help: QueryReport.filter.argumentHelp)
  var filters: [String] = []

  // "-cost" is no option.
  @Option(parsing: .unconditionalSingleValue, help: ReportParameter.order.argumentHelp)
  var order: [String] = []

  @Option(help: QueryReport.limit.argumentHelp)
  var limit: Int?

  @Option(help: ReportParameter.top.argumentHelp)
  var top: Int?

  @Option(help: ArgumentHelp("\(ReportParameter.kind.help)"))
  var kind = "usage"

  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyFlags

  var words: ReportParameters {
    var words = ReportParameters()
    days.add(to: &words)
    words[all: .measure] = measure
    words[all: .by] = by
    words[all: .filter] = filters
    words[all: .order] = order
    words[.limit] = limit.map { "\($0)" }
    words[.top] = top.map { "\($0)" }
    words[.kind] = kind
    money.add(to: &words)
    return words
  }
}
