//! The commands of reports that make more of sums than rows of them.

import ArgumentParser
import Reports

/// A command with the flags that all reports about some days share.
protocol SharedSubcommand: ReportSubcommand {
  var flags: SharedFlags { get }
}

extension SharedSubcommand {
  var options: StoreOptions { flags.options }
  var output: OutputOptions { flags.output }
  var words: ReportParameters { flags.words }
}

/// The same, for reports of which pages can be shown.
protocol PagedSubcommand: SharedSubcommand {
  var page: PageFlags { get }
}

extension PagedSubcommand {
  var words: ReportParameters { pagedWords }

  var pagedWords: ReportParameters {
    var words = flags.words
    page.add(to: &words)
    return words
  }
}

struct StatsCommand: SharedSubcommand {
  typealias Definition = StatsReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
}

struct UsersCommand: PagedSubcommand {
  typealias Definition = UsersReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags

  @Option(help: ReportParameter.search.argumentHelp)
  var search: String?

  @Option(name: .shortAndLong, help: UsersReport.by.argumentHelp)
  var by: [String] = []

  var words: ReportParameters {
    var words = pagedWords
    words[.search] = search
    words[all: .by] = by
    return words
  }
}

struct SessionsCommand: PagedSubcommand {
  typealias Definition = SessionsReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags
}

struct SessionCommand: SharedSubcommand {
  typealias Definition = SessionReport
  static let configuration = definedConfiguration

  @Argument(help: ReportParameter.id.argumentHelp)
  var id: String

  @OptionGroup var flags: SharedFlags

  var words: ReportParameters {
    var words = flags.words
    words[.id] = id
    return words
  }
}

struct CompareCommand: PagedSubcommand {
  typealias Definition = CompareReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags

  @Option(help: ReportParameter.with.argumentHelp)
  var with: String?

  @Option(help: ReportParameter.withWhere.argumentHelp)
  var withWhere: [String] = []

  @Option(name: .shortAndLong, help: CompareReport.by.argumentHelp)
  var by: [String] = []

  var words: ReportParameters {
    var words = pagedWords
    words[.with] = with
    words[all: .withWhere] = withWhere
    words[all: .by] = by
    return words
  }
}

struct AnomaliesCommand: PagedSubcommand {
  typealias Definition = AnomaliesReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags

  @Option(name: .shortAndLong, help: AnomaliesReport.by.argumentHelp)
  var by: [String] = []

  @Option(help: ReportParameter.factor.argumentHelp)
  var factor = "2"

  var words: ReportParameters {
    var words = pagedWords
    words[all: .by] = by
    words[.factor] = factor
    return words
  }
}

struct TeamsCommand: PagedSubcommand {
  typealias Definition = TeamsReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags

  @Option(help: ReportParameter.directory.argumentHelp)
  var directory: String?

  var words: ReportParameters {
    var words = pagedWords
    words[.directory] = directory
    return words
  }
}

struct ForecastCommand: SharedSubcommand {
  typealias Definition = ForecastReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags

  @Option(name: .shortAndLong, help: ForecastReport.by.argumentHelp)
  var by: [String] = []

  @Flag(help: ReportParameter.backtest.argumentHelp)
  var backtest = false

  var words: ReportParameters {
    var words = flags.words
    words[all: .by] = by
    words[isOn: .backtest] = backtest
    return words
  }
}

struct RatesCommand: PagedSubcommand {
  typealias Definition = RatesReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags

  @Option(name: .shortAndLong, help: RatesReport.by.argumentHelp)
  var by: [String] = []

  var words: ReportParameters {
    var words = pagedWords
    words[all: .by] = by
    return words
  }
}

struct BlocksCommand: PagedSubcommand {
  typealias Definition = BlocksReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags

  @Option(name: .shortAndLong, help: BlocksReport.by.argumentHelp)
  var by: [String] = []

  @Option(help: ReportParameter.window.argumentHelp)
  var window = "5h"

  @Option(help: ReportParameter.tokenLimit.argumentHelp)
  var tokenLimit: String?

  var words: ReportParameters {
    var words = pagedWords
    words[all: .by] = by
    words[.window] = window
    words[.tokenLimit] = tokenLimit
    return words
  }
}

struct SavingsCommand: PagedSubcommand {
  typealias Definition = SavingsReport
  static let configuration = definedConfiguration
  @OptionGroup var flags: SharedFlags
  @OptionGroup var page: PageFlags
}

struct StatusCommand: ReportSubcommand {
  typealias Definition = StatusReport
  static let configuration = definedConfiguration
  @OptionGroup var options: StoreOptions
  @OptionGroup var calendar: CalendarFlags

  @Option(name: .customLong("where"), help: StatusReport.filter.argumentHelp)
  var filters: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyFlags
  @OptionGroup var page: PageFlags

  var words: ReportParameters {
    var words = ReportParameters()
    calendar.add(to: &words)
    words[all: .filter] = filters
    money.add(to: &words)
    page.add(to: &words)
    return words
  }
}
