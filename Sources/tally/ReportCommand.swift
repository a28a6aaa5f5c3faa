import ArgumentParser
import Calendar
import Query

/// Reports from the rollups.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "Report tokens, requests and cost by time, model, provider, user or session, or a month as files.",
    subcommands: [
      DailyReport.self, WeeklyReport.self, MonthlyReport.self, ModelsReport.self, ProvidersReport.self,
      ServicesReport.self, StatsCommand.self, UsersCommand.self, SessionsCommand.self, SessionCommand.self,
      CompareCommand.self, AnomaliesCommand.self, TeamsCommand.self, ForecastCommand.self,
      RatesCommand.self, StatusCommand.self, BlocksCommand.self, SavingsCommand.self,
      PerformanceReport.self, TokensReport.self, WhatIfReport.self, MonthFiles.self,
    ])
}

/// A row a day.
struct DailyReport: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "daily", abstract: "A row a day.")
  @OptionGroup var report: ReportOptions

  func run() throws { try report.run("daily", .day, [], defaultRange: "this-month") }
}

/// A row a week.
struct WeeklyReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weekly", abstract: "A row a week; weeks are ISO weeks unless --week-start says otherwise.")
  @OptionGroup var report: ReportOptions

  func run() throws {
    try report.run("weekly", .week(startingOn: report.firstWeekday()), [], defaultRange: "12w")
  }
}

/// A row a month.
struct MonthlyReport: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "monthly", abstract: "A row a month.")
  @OptionGroup var report: ReportOptions

  func run() throws { try report.run("monthly", .month, [], defaultRange: "this-year") }
}

/// A row a model.
struct ModelsReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "A row a model: usage, cost, cache hit rate and cost per request.")
  @OptionGroup var report: ReportOptions

  @Flag(help: "Show the median and the 95th percentile of the cost of a request too; reads every event.")
  var percentiles = false

  func run() throws {
    try report.run("models", nil, ["model"], defaultRange: "this-month") { request, _ in
      if percentiles, !request.showsCost {
        throw Failure("--percentiles: costs are hidden: leave --no-cost or show_cost = false out", .usage)
      }
      request.moreMeasures =
        ["cache_hit_rate", "cost_per_request"] + (percentiles ? ["cost_p50", "cost_p95"] : [])
    }
  }
}

/// A row a provider.
struct ProvidersReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers", abstract: "A row a provider and service.")
  @OptionGroup var report: ReportOptions

  func run() throws { try report.run("providers", nil, ["provider", "service"], defaultRange: "this-month") }
}

/// A row a service.
struct ServicesReport: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "services", abstract: "A row a service.")
  @OptionGroup var report: ReportOptions

  func run() throws { try report.run("services", nil, ["service"], defaultRange: "this-month") }
}

/// How well services answer.
struct PerformanceReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "performance",
    abstract: "Requests a day, errors, time and tokens per second by service and model.",
    discussion: """
      The mean time is of all requests, those that tell no time included; the median and the 95th percentile are of events
      that are one request and tell its time.
      """)
  @OptionGroup var report: ReportOptions

  @Flag(inversion: .prefixedNo, help: "Show the median and the 95th percentile, which need every event.")
  var percentiles = true

  func run() throws {
    try report.run("performance", nil, ["service", "model"], defaultRange: "this-month") { request, _ in
      request.measures =
        ["requests", "requests_per_day", "errors", "error_rate", "duration_mean_ms"]
        + (percentiles ? ["duration_p50_ms", "duration_p95_ms"] : [])
        + ["output_tokens", "output_tokens_per_second"]
    }
  }
}
