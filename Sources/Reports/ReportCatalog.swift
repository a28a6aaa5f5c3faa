/// All reports, in the order in which help and pages list them.
package enum ReportCatalog {
  package static let all: [any ReportDefinition.Type] = [
    DailyReport.self, WeeklyReport.self, MonthlyReport.self, ModelsReport.self, ProvidersReport.self,
    ServicesReport.self, StatsReport.self, UsersReport.self, SessionsReport.self, SessionReport.self,
    CompareReport.self, AnomaliesReport.self, TeamsReport.self, ForecastReport.self, RatesReport.self,
    StatusReport.self, BlocksReport.self, SavingsReport.self, PerformanceReport.self, TokensReport.self,
    WhatIfReport.self, QueryReport.self, ExplainReport.self, OverviewReport.self,
  ]

  /// The report of that name; nil when there is none.
  package static func report(named name: String) -> (any ReportDefinition.Type)? {
    all.first { $0.name == name }
  }
}
