package import Query

/// Where every service and account stands.
package struct StatusReport: ReportDefinition {
  package static let name = "status"
  package static let abstract =
    "A card for each service and account: spend, tokens, budgets, quotas, and whether all is well."
  package static let discussion = """
    Budgets stand in the configuration, any number of them:
      [[budget]]
      name = "Claude"                      # optional, as match is
      match = "service=claude and project=x"
      period = "month"                     # or session, day, week
      amount = "200"                       # or tokens, or requests
      warn = 80                            # percent
    A budget about one card stands on it, others have rows of their own. Quotas are what the last quota event of an
    account says. From warn on the state is Warning, from 100 percent on Critical.
    """
  package static let filter = ReportParameter.filter.saying(
    "Only cards of events that match, such as 'service=claude'; of several, all must.")
  package static let parameters =
    ReportParameter.calendar + [filter] + ReportParameter.money + ReportParameter.paging

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    try words.page(StatusRows(try reader.standing(words)).report())
  }
}
