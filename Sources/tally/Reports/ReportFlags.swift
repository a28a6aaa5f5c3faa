//! Flags of reports, as words for `ReportParameters`: what they mean is for `Reports` to know.

import ArgumentParser
import Reports

extension ReportParameter {
  /// The parameter's line in help.
  var argumentHelp: ArgumentHelp { ArgumentHelp("\(help)", valueName: valueName) }

  /// The parameter as people type it: a flag, or a word that stands alone.
  var spelling: String {
    [ReportParameter.range, .month, .id].contains(self) ? name : "--\(flag)"
  }
}

/// Which days a report is about, and which zone cuts them.
struct RangeFlags: ParsableArguments {
  @Argument(help: ReportParameter.range.argumentHelp)
  var range: String?

  @Option(name: .shortAndLong, help: ReportParameter.since.argumentHelp)
  var since: String?

  @Option(name: .shortAndLong, help: ReportParameter.until.argumentHelp)
  var until: String?

  @OptionGroup var calendar: CalendarFlags

  func add(to words: inout ReportParameters) {
    words[.range] = range
    words[.since] = since
    words[.until] = until
    calendar.add(to: &words)
  }
}

/// Which zone and which first weekday cut days, and until when events are known.
struct CalendarFlags: ParsableArguments {
  @Option(name: [.customShort("z"), .long], help: ReportParameter.timezone.argumentHelp)
  var timezone: String?

  @Option(name: [.customShort("w"), .long], help: ReportParameter.weekStart.argumentHelp)
  var weekStart: String?

  @OptionGroup var knowledge: AsOfFlag

  func add(to words: inout ReportParameters) {
    words[.timezone] = timezone
    words[.weekStart] = weekStart
    words[.asOf] = knowledge.asOf
  }
}

/// Until when events are known.
struct AsOfFlag: ParsableArguments {
  @Option(help: ReportParameter.asOf.argumentHelp)
  var asOf: String?
}

/// Which events a report is about.
struct SelectionFlags: ParsableArguments {
  @Option(name: .customLong("where"), help: ReportParameter.filter.argumentHelp)
  var filters: [String] = []

  @Option(help: ArgumentHelp("\(ReportParameter.kind.help)"))
  var kind = "usage"

  func add(to words: inout ReportParameters) {
    words[all: .filter] = filters
    words[.kind] = kind
  }
}

/// How a report shows money: each amount in its own currency, all in one, or none at all.
struct MoneyFlags: ParsableArguments {
  @Option(help: ReportParameter.currency.argumentHelp)
  var currency: String?

  @Option(help: ReportParameter.cost.argumentHelp)
  var cost: String?

  @Flag(help: ReportParameter.noCost.argumentHelp)
  var noCost = false

  func add(to words: inout ReportParameters) {
    words[.currency] = currency
    words[.cost] = cost
    words[isOn: .noCost] = noCost
  }
}

/// Which rows are kept apart.
struct GroupingFlags: ParsableArguments {
  @Option(name: .shortAndLong, help: ReportParameter.by.argumentHelp)
  var by: [String] = []

  @Option(help: ReportParameter.every.argumentHelp)
  var every: String?

  @Option(help: ReportParameter.top.argumentHelp)
  var top: Int?

  @Option(help: ReportParameter.minShare.argumentHelp)
  var minShare: String?

  func add(to words: inout ReportParameters) {
    words[all: .by] = by
    words[.every] = every
    words[.top] = top.map { "\($0)" }
    words[.minShare] = minShare
  }
}

/// Which rows of a long report are shown.
struct PageFlags: ParsableArguments {
  // "-cost" is no option.
  @Option(parsing: .unconditionalSingleValue, help: ReportParameter.order.argumentHelp)
  var order: [String] = []

  @Option(help: ReportParameter.limit.argumentHelp)
  var limit: Int?

  @Option(help: ReportParameter.page.argumentHelp)
  var page = 1

  func add(to words: inout ReportParameters) {
    words[all: .order] = order
    words[.limit] = limit.map { "\($0)" }
    words[.page] = "\(page)"
  }
}

/// The flags of reports whose rows are groups.
struct GroupedFlags: ParsableArguments {
  @OptionGroup var options: StoreOptions
  @OptionGroup var days: RangeFlags
  @OptionGroup var grouping: GroupingFlags
  @OptionGroup var events: SelectionFlags
  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyFlags

  var words: ReportParameters {
    var words = ReportParameters()
    days.add(to: &words)
    grouping.add(to: &words)
    events.add(to: &words)
    money.add(to: &words)
    return words
  }
}

/// Whether list prices are shown too.
struct ListPriceFlag: ParsableArguments {
  @Flag(help: ReportParameter.listPrice.argumentHelp)
  var listPrice = false
}

/// The flags of reports that make more of sums than rows of them.
struct SharedFlags: ParsableArguments {
  @OptionGroup var options: StoreOptions
  @OptionGroup var days: RangeFlags
  @OptionGroup var events: SelectionFlags
  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyFlags

  var words: ReportParameters {
    var words = ReportParameters()
    days.add(to: &words)
    events.add(to: &words)
    money.add(to: &words)
    return words
  }
}
