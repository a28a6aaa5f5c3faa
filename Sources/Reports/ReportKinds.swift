//! The three ways of reading that most reports have: groups of rollups as they are summed, sums that a report makes
//! something of, and minutes.

package import Calendar
package import Query

/// A report whose rows are groups of the rollups, as they are summed.
package protocol GroupedReport: ReportDefinition {
  /// The days when the question names none.
  static var defaultRange: String { get }
  /// The dimensions that rows always have.
  static var dimensions: [String] { get }

  var words: ReportParameters { get }

  /// The stretch of time of a row; nil for none.
  func unit(_ context: ReportContext) throws(ReportFailure) -> BucketUnit?
  /// Changes the request that the shared parameters make.
  func finish(_ request: inout ReportRequest, _ context: ReportContext) throws(ReportFailure)
}

extension GroupedReport {
  package static var defaultRange: String { "this-month" }
  package static var parameters: [ReportParameter] { ReportParameter.grouped + [.listPrice] }

  package func unit(_ context: ReportContext) throws(ReportFailure) -> BucketUnit? { nil }
  package func finish(_ request: inout ReportRequest, _ context: ReportContext) throws(ReportFailure) {}

  /// The events that must be read, and how rows are made of them.
  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportRequest {
    var request = try words.request(
      Self.name.replacing("-", with: "_"), context, defaultRange: Self.defaultRange)
    request.unit = try unit(context)
    try words.group(&request, context)
    request.dimensions = try words.dimensions(context, beside: Self.dimensions)
    try words.select(&request, context)
    try words.price(&request, context)
    try finish(&request, context)
    return request
  }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    try reader.reports([try plan(reader.context)])[0]
  }
}

/// What must be read for a report, and what it must know besides the sums.
package struct ReportPlan<Value: Sendable>: Sendable {
  package var requests: [ReportRequest]
  package var value: Value
}

/// A report that makes rows of sums.
package protocol SumsReport: ReportDefinition {
  associatedtype Value: Sendable

  /// The requests whose sums must be read.
  func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Value>
  /// The report.
  ///
  /// - Parameter usages: the sums of each request of the plan.
  func report(_ usages: [Usage], _ value: Value) throws(ReportFailure) -> Report
}

extension SumsReport {
  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let plan = try plan(reader.context)
    return try report(try reader.usages(plan.requests), plan.value)
  }
}

/// A report that reduces the minutes of its days to something small.
package protocol MinutesReport: ReportDefinition {
  associatedtype Reduction: MinuteReduction
  associatedtype Value: Sendable

  /// The request whose minutes must be read, the empty reduction, and what the report must know besides.
  func plan(
    _ context: ReportContext
  ) throws(ReportFailure) -> (request: ReportRequest, empty: Reduction, value: Value)
  func report(_ usage: Usage, _ reduction: Reduction, _ value: Value) throws(ReportFailure) -> Report
}

extension MinutesReport {
  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let plan = try plan(reader.context)
    let (usage, reduction) = try reader.minutes(plan.request, into: plan.empty)
    return try report(usage, reduction, plan.value)
  }
}

extension ReportParameter {
  /// What all reports about some days understand.
  static let shared: [ReportParameter] = days + selection + money
  /// What reports understand whose rows are groups.
  static let grouped: [ReportParameter] = shared + grouping
}

extension ReportParameters {
  /// Checks the words that reports about some days share, as far as no store is needed.
  ///
  /// - Returns: themselves.
  func checked() throws(ParameterError) -> ReportParameters {
    for parameter in [ReportParameter.top, .limit] { _ = try number(parameter) }
    _ = try shareMin()
    _ = try kind()
    try checkPage()
    try checkMoney()
    return self
  }

  /// A request about the days and events of the question; amounts are not decided yet (`price`).
  func request(
    _ name: String, _ context: ReportContext, dimensions: [String], defaultRange: String
  ) throws(ReportFailure) -> ReportRequest {
    var request = try request(name, context, defaultRange: defaultRange)
    request.dimensions = dimensions
    try select(&request, context)
    return request
  }

  /// Requests with their amounts decided; each has its own days, so each has its own rates.
  func priced(
    _ requests: [ReportRequest], _ context: ReportContext
  ) throws(ReportFailure) -> [ReportRequest] {
    var priced = requests
    for index in priced.indices { try price(&priced[index], context) }
    return priced
  }
}
