import ArgumentParser
import Calendar

/// Reports from the rollups.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract:
      "Report tokens, requests and cost by day, week, month, model, provider or kind of token, or a month as files.",
    subcommands: [
      DailyReport.self, WeeklyReport.self, MonthlyReport.self, ModelsReport.self, ProvidersReport.self,
      TokensReport.self, WhatIfReport.self, MonthFiles.self,
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
  static let configuration = CommandConfiguration(commandName: "models", abstract: "A row a model.")
  @OptionGroup var report: ReportOptions

  func run() throws { try report.run("models", nil, ["model"], defaultRange: "this-month") }
}

/// A row a provider.
struct ProvidersReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers", abstract: "A row a provider and service.")
  @OptionGroup var report: ReportOptions

  func run() throws { try report.run("providers", nil, ["provider", "service"], defaultRange: "this-month") }
}
