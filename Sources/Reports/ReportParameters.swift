/// The words of a question: what flags or a query string say, not yet understood.
package struct ReportParameters: Equatable, Sendable {
  private var words: [ReportParameter: [String]] = [:]

  package init() {}

  /// The value given last; nil when there is none.
  package subscript(parameter: ReportParameter) -> String? {
    get { words[parameter]?.last }
    set { words[parameter] = newValue.map { [$0] } }
  }

  /// All values of a parameter that may be given several times, in order.
  package subscript(all parameter: ReportParameter) -> [String] {
    get { words[parameter] ?? [] }
    set { words[parameter] = newValue.isEmpty ? nil : newValue }
  }

  /// Whether a switch is on.
  package subscript(isOn parameter: ReportParameter) -> Bool {
    get { words[parameter] != nil }
    set { words[parameter] = newValue ? ["true"] : nil }
  }

  /// Whether anything was said about a parameter.
  package func has(_ parameter: ReportParameter) -> Bool { words[parameter] != nil }

  /// A whole number of at least `least`; nil when nothing was said.
  package func number(_ parameter: ReportParameter, from least: Int = 1) throws(ParameterError) -> Int? {
    guard let text = self[parameter] else { return nil }
    guard let number = Int(text), number >= least else {
      throw ParameterError(parameter, "\(parameter) \(text)", mend: "use \(least) or more")
    }
    return number
  }
}
