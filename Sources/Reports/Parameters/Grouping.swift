//! Which rows are kept apart: a stretch of time, the largest, those with a least share.

import Query

extension ReportParameter {
  static let grouping: [ReportParameter] = [.by, .every, .top, .minShare]
}

extension ReportParameters {
  /// The least share, in hundredths of a percent; nil when nothing was said.
  func shareMin() throws(ParameterError) -> Int? {
    guard let text = self[.minShare] else { return nil }
    guard let pico = PicoText.parse(text), pico >= 0, pico <= 100_000_000_000_000 else {
      throw ParameterError(
        .minShare, "\(.minShare) \(text)", mend: "use a percentage from 0 to 100, such as 2.5")
    }
    return Int(pico / 10_000_000_000)
  }

  /// Sets the stretch of time that `every` names, and which rows become Others.
  func group(_ request: inout ReportRequest, _ context: ReportContext) throws(ReportFailure) {
    if let every = self[.every] {
      guard request.unit == nil else {
        throw .parameter(
          .every, "\(.every) \(every): \(request.name) has its own", mend: "use report models or the like")
      }
      request.unit = TimeUnit.unit(every, weekStart: try firstWeekday(context))
      if request.unit == nil {
        throw .parameter(.every, "\(.every) \(every)", mend: "use minute, hour, day, week or month")
      }
    }
    request.top = try ReportFailure.wrap { () throws(ParameterError) in try number(.top) }
    request.shareMin = try ReportFailure.wrap(shareMin)
  }
}
