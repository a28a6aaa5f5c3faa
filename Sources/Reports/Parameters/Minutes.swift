import Query

extension ReportParameters {
  /// A request about minutes; its last dimension says which groups are instants.
  ///
  /// - Parameter usual: the dimensions when the question names none.
  func minutesRequest(
    _ name: String, _ context: ReportContext, usual: [String], defaultRange: String
  ) throws(ReportFailure) -> ReportRequest {
    let dimensions = try dimensions(context, usual: usual)
    var request = try request(name, context, dimensions: dimensions, defaultRange: defaultRange)
    if dimensions.contains("session") || request.filter?.fields.contains("session") == true {
      throw .parameter(.by, "report \(name): minutes do not tell sessions", mend: "leave session out")
    }
    request.dimensions.append(Instants.dimension)
    return request
  }
}
