//! Which events a question is about, and what rows stand for.

import Bytes
import Calendar
import Query

extension ReportParameter {
  static let selection: [ReportParameter] = [.filter, .kind]
}

/// Stretches of time as people name them.
package enum TimeUnit {
  package static let names = ["minute", "hour", "day", "week", "month"]

  /// The stretch of that name; nil when there is none.
  static func unit(_ name: String, weekStart: Weekday) -> BucketUnit? {
    switch name {
    case "minute": .minute
    case "hour": .hour
    case "day": .day
    case "week": .week(startingOn: weekStart)
    case "month": .month
    default: nil
    }
  }
}

extension ReportParameters {
  /// The kind of event that counts.
  func kind() throws(ParameterError) -> String {
    let kind = self[.kind] ?? "usage"
    guard kind == "usage" || kind == "billed" else {
      throw ParameterError(.kind, "\(.kind) \(kind)", mend: "use usage or billed")
    }
    return kind
  }

  /// Chooses the events of a request.
  func select(_ request: inout ReportRequest, _ context: ReportContext) throws(ReportFailure) {
    request.filter = try filter(.filter, context)
    request.kind = try ReportFailure.wrap(kind)
  }

  /// All filters of a parameter as one, which an event must match; nil when there is none.
  func filter(_ parameter: ReportParameter, _ context: ReportContext) throws(ReportFailure) -> Filter? {
    let fields = ReportField.filterFields(tags: context.tags)
    do throws(FilterError) {
      let parsed = try self[all: parameter].map { (text) throws(FilterError) in
        try Filter.parse(text, fields: fields)
      }
      return parsed.count > 1 ? .all(parsed) : parsed.first
    } catch {
      throw .parameter(ParameterError(parameter, error, showsPlace: false))
    }
  }

  /// The fields of a parameter such as `by`, behind those that the report has anyway.
  ///
  /// - Parameter usual: the fields when the question names none.
  func dimensions(
    _ context: ReportContext, beside base: [String] = [], usual: [String] = []
  ) throws(ReportFailure) -> [String] {
    let known = ReportField.all(tags: context.tags)
    var dimensions = base
    let named = self[all: .by].flatMap { $0.split(separator: ",").map(String.init) }
    for field in named.isEmpty ? usual : named {
      guard known.holds(field) else { throw Self.noField(field, known) }
      if !dimensions.holds(field) { dimensions.append(field) }
    }
    return dimensions
  }

  private static func noField(_ field: String, _ known: [String]) -> ReportFailure {
    if field.hasPrefix("tag.") {
      return .parameter(
        .by, "\(.by) \(field): the tag is no column of rollups",
        mend: "add \"\(String(field.dropFirst(4)))\" to rollup_tags in the configuration")
    }
    let mend =
      nearest(to: field, in: known).map { "did you mean \($0)?" } ?? "use \(known.joined(separator: ", "))"
    return .parameter(.by, "\(.by) \(field): no such field", mend: "\(mend)")
  }
}

extension ParameterError {
  /// A mistake in one of the small languages: filters and lists of names.
  init(_ parameter: ReportParameter, _ error: FilterError, showsPlace: Bool = true) {
    self.init(
      parameter, "\(parameter): \(error.what) at \(error.position)", mend: "\(error.mend)",
      excerpt: showsPlace ? error.excerpt : [])
  }
}
