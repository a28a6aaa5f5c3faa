//! What is wrong with a question. A command says it with the names of flags and ends, a server answers 400 with the
//! parts; so the names of parameters in the text are not yet spelled.

/// A parameter that cannot be used.
package struct ParameterError: Error, Equatable, Sendable {
  package let parameter: ReportParameter
  /// The parameter, its value, and what is wrong.
  package let problem: ParameterText
  /// How to mend it; empty when the problem says it.
  package let mend: ParameterText
  /// Lines that show the place, such as a filter with a caret below it.
  package let excerpt: [String]

  package init(
    _ parameter: ReportParameter, _ problem: ParameterText, mend: ParameterText = "", excerpt: [String] = []
  ) {
    self.parameter = parameter
    self.problem = problem
    self.mend = mend
    self.excerpt = excerpt
  }

  /// One sentence.
  ///
  /// - Parameter name: how parameters are spelled where the message is read.
  package func message(_ name: (ReportParameter) -> String) -> String {
    [problem, mend].map { $0.text(name) }.filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

/// A text with names of parameters in it: `"\(.since) 2026-10-02 is after \(.until) 2026-10-01"`.
package struct ParameterText: Equatable, Sendable, ExpressibleByStringInterpolation {
  fileprivate enum Part: Equatable, Sendable {
    case text(String)
    case parameter(ReportParameter)
  }

  private var parts: [Part]

  package init(stringLiteral text: String) { parts = text.isEmpty ? [] : [.text(text)] }

  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  /// The text with each parameter as `name` spells it.
  package func text(_ name: (ReportParameter) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .parameter(let parameter): name(parameter)
      }
    }.joined()
  }

  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.text(literal)) }
    }

    package mutating func appendInterpolation(_ text: ParameterText) { parts += text.parts }

    package mutating func appendInterpolation(_ parameter: ReportParameter) {
      parts.append(.parameter(parameter))
    }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      appendLiteral(value.description)
    }
  }
}
