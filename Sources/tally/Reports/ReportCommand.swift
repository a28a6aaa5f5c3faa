import ArgumentParser
import Reports

/// Reports from the rollups.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "Report tokens, requests and cost by time, model, provider, user or session, or a month as files.",
    subcommands: reports + [MonthFiles.self])

  /// In the order of `ReportCatalog`; a test holds the two together.
  static let reports: [any ParsableCommand.Type] = [
    DailyCommand.self, WeeklyCommand.self, MonthlyCommand.self, ModelsCommand.self, ProvidersCommand.self,
    ServicesCommand.self, StatsCommand.self, UsersCommand.self, SessionsCommand.self, SessionCommand.self,
    CompareCommand.self, AnomaliesCommand.self, TeamsCommand.self, ForecastCommand.self, RatesCommand.self,
    StatusCommand.self, BlocksCommand.self, SavingsCommand.self, PerformanceCommand.self, TokensCommand.self,
    WhatIfCommand.self,
  ]
}

/// A command with the flags of reports whose rows are groups.
protocol GroupedSubcommand: ReportSubcommand {
  var flags: GroupedFlags { get }
}

extension GroupedSubcommand {
  var options: StoreOptions { flags.options }
  var output: OutputOptions { flags.output }
  var words: ReportParameters { flags.words }
}

/// The same, with list prices.
protocol PricedSubcommand: GroupedSubcommand {
  var list: ListPriceFlag { get }
}

extension PricedSubcommand {
  var words: ReportParameters {
    var words = flags.words
    words[isOn: .listPrice] = list.listPrice
    return words
  }
}

struct DailyCommand: PricedSubcommand {
  typealias Definition = DailyReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag
}

struct WeeklyCommand: PricedSubcommand {
  typealias Definition = WeeklyReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag
}

struct MonthlyCommand: PricedSubcommand {
  typealias Definition = MonthlyReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag
}

struct ProvidersCommand: PricedSubcommand {
  typealias Definition = ProvidersReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag
}

struct ServicesCommand: PricedSubcommand {
  typealias Definition = ServicesReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag
}

struct ModelsCommand: PricedSubcommand {
  typealias Definition = ModelsReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag

  @Flag(help: ReportParameter.percentiles.argumentHelp)
  var percentiles = false

  var words: ReportParameters {
    var words = flags.words
    words[isOn: .listPrice] = list.listPrice
    words[isOn: .percentiles] = percentiles
    return words
  }
}

struct PerformanceCommand: PricedSubcommand {
  typealias Definition = PerformanceReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
  @OptionGroup var list: ListPriceFlag

  @Flag(inversion: .prefixedNo, help: "Show the median and the 95th percentile, which need every event.")
  var percentiles = true

  var words: ReportParameters {
    var words = flags.words
    words[isOn: .listPrice] = list.listPrice
    words[isOn: .noPercentiles] = !percentiles
    return words
  }
}

struct TokensCommand: GroupedSubcommand {
  typealias Definition = TokensReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags
}

struct WhatIfCommand: GroupedSubcommand {
  typealias Definition = WhatIfReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: GroupedFlags

  @Option(help: ReportParameter.replace.argumentHelp)
  var replace: [String] = []

  @Option(help: ReportParameter.cheapestOf.argumentHelp)
  var cheapestOf: String?

  var words: ReportParameters {
    var words = flags.words
    words[all: .replace] = replace
    words[.cheapestOf] = cheapestOf
    return words
  }
}
