package import Calendar
package import Exchange
package import Files
package import Pricing
package import Query

/// Why there is no report.
package enum ReportFailure: Error {
  case parameter(ParameterError)
  /// A setting that cannot be used; the text names its file, its key and the mend, the lines below it the place.
  case configuration(String, excerpt: [String] = [])
  /// The question names something that is not there.
  case notFound(String)
  /// No event of these days is of such a session.
  case noSession(String, ClosedRange<CivilDate>, nearest: String?)
  /// No provider has a model of that name.
  case noModel(String, nearest: String?)
  case file(FileError)
  case prices(PricingError)
  case rates(RateStoreError)
  /// An amount has no rate; `others` more days have the same trouble.
  case exchange(ExchangeError, others: Int)
  /// A sum is too large.
  case tooLarge(SumTooLarge)

  /// Shorthand for a parameter that cannot be used.
  static func parameter(
    _ parameter: ReportParameter, _ problem: ParameterText, mend: ParameterText = "", excerpt: [String] = []
  ) -> ReportFailure {
    .parameter(ParameterError(parameter, problem, mend: mend, excerpt: excerpt))
  }

  static func wrap<Value>(_ body: () throws(ParameterError) -> Value) throws(ReportFailure) -> Value {
    do throws(ParameterError) {
      return try body()
    } catch {
      throw .parameter(error)
    }
  }
}
