import Calendar
package import Query

extension ReportParameter {
  /// Of `forecast`.
  package static let backtest = ReportParameter(
    "backtest", nil, "How good forecasts would have been in the months that are over, beside the run rate.")
}

/// What a month will come to.
package struct ForecastReport: SumsReport {
  package static let name = "forecast"
  package static let abstract =
    "What this month will cost, by service and account, with an interval and a confidence."
  package static let discussion = """
    Of a month that is over: what was forecast on each day, beside what it came to.
    Without costs tokens are forecast. How it is done, and how well: README.md, Forecast.
    """
  package static let by = ReportParameter.by.saying(
    "What is forecast besides the total, from coarse to fine (default: service,account; of a month that is over, nothing)."
  )
  package static let parameters = ReportParameter.shared + [by, .backtest]

  /// Which of three reports it is.
  package enum Value: Sendable {
    case month(ForecastRows)
    /// A month that is over, day by day.
    case days(ForecastRows, showsGroups: Bool)
    case backtest(BacktestRows)
  }

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Value> {
    let named = try words.dimensions(context)
    var request = try words.request(Self.name, context, dimensions: named, defaultRange: "this-month")
    request.unit = .day
    let value: Value
    if words[isOn: .backtest] {
      let rows = BacktestRows(try months(request, context))
      request.days = rows.days
      value = .backtest(rows)
    } else {
      let rows = try Self.rows(request, context)
      request.days = rows.days
      value = rows.isMonthOver ? .days(rows, showsGroups: !named.isEmpty) : .month(rows)
    }
    if named.isEmpty {
      switch value {
      case .month, .backtest: request.dimensions = ForecastRows.dimensions
      case .days: break
      }
    }
    return ReportPlan(requests: try words.priced([request], context), value: value)
  }

  package func report(_ usages: [Usage], _ value: Value) -> Report {
    switch value {
    case .month(let rows): rows.report(usages[0])
    case .days(let rows, let showsGroups): rows.days(usages[0], showsGroups: showsGroups)
    case .backtest(let rows): rows.report(usages[0])
    }
  }

  /// The last day that is known, and whether it is over.
  private static func known(
    _ request: ReportRequest, _ context: ReportContext
  ) -> (day: CivilDate, isOver: Bool) {
    let today = request.zone.localDate(of: context.nowMs)
    let day = min(request.asOf ?? today, today)
    // Today is not over, whatever `as_of` says.
    return (day, day < today)
  }

  private static func rows(
    _ request: ReportRequest, _ context: ReportContext
  ) throws(ReportFailure) -> ForecastRows {
    let month = request.days.lowerBound.civilMonth
    guard request.days == month.days else {
      throw .parameter(
        .range, "\(request.days.lowerBound) to \(request.days.upperBound): a forecast is of one month",
        mend: "use 2026-10 or last-month")
    }
    let (day, isOver) = known(request, context)
    guard month.first <= day else {
      throw .parameter(
        .range, "\(month): the month has not begun on \(day)",
        mend: "forecast one that has, such as \(day.civilMonth)")
    }
    return ForecastRows(month, at: day, isOver: isOver)
  }

  /// The months to look back at: those of the range that are over, or all since the first stored day.
  private func months(
    _ request: ReportRequest, _ context: ReportContext
  ) throws(ReportFailure) -> [CivilMonth] {
    let (day, isOver) = Self.known(request, context)
    let last = day == day.lastOfMonth && isOver ? day.civilMonth : day.civilMonth.previous
    var (first, until) = (request.days.lowerBound, request.days.upperBound)
    if !words.has(.range), !words.has(.since), !words.has(.until) {
      first = CivilDate(days: try context.storedDays().first ?? day.days).firstOfMonth
      until = day
    }
    let start = first == first.firstOfMonth ? first.civilMonth : first.civilMonth.next
    let end = min(last, until == until.lastOfMonth ? until.civilMonth : until.civilMonth.previous)
    guard start <= end else {
      throw .parameter(
        .backtest, "\(.backtest): no whole month from \(first) to \(until) is over on \(day)")
    }
    return (start.index...end.index).map { CivilMonth(index: $0) }
  }
}
