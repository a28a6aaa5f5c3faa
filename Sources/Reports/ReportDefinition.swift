//! A report, from a question to rows, in three steps:
//!
//! 1. `init` understands the words that need no store: numbers, switches, choices that exclude each other.
//! 2. `plan` knows the store's configuration, its zone and the clock, and says which events must be read.
//! 3. `report` makes rows of their sums.
//!
//! Steps 1 to 3 are pure. `ReportReader` reads between 2 and 3, and collects what could not be read.

package import Files
package import Query

/// A report that can be asked for by name.
package protocol ReportDefinition: Sendable {
  /// The name, as a command and an address spell it, such as `what-if`.
  static var name: String { get }
  /// One sentence about the rows.
  static var abstract: String { get }
  /// What else a reader of help must know; empty when there is nothing.
  static var discussion: String { get }
  /// The parameters that it understands.
  static var parameters: [ReportParameter] { get }

  /// Understands the words of a question as far as no store is needed for it.
  init(_ parameters: ReportParameters) throws(ParameterError)

  /// Makes the report.
  func run(_ reader: ReportReader) throws(ReportFailure) -> Report
}

extension ReportDefinition {
  package static var discussion: String { "" }
}

/// A report, and all that is to be said beside it.
package struct ReportResult: Sendable {
  package var report: Report
  /// The days that could not be read whole.
  package var problems: [ReportProblem]
  /// Words of the question that met nothing, one clause each.
  package var remarks: [String]
  /// A file of the store that could not be read, though the report could be made.
  package var failure: FileError?
}

extension ReportDefinition {
  /// Answers a question.
  package static func result(
    _ parameters: ReportParameters, in context: ReportContext
  ) throws(ReportFailure) -> ReportResult {
    let definition = try ReportFailure.wrap { () throws(ParameterError) in try Self(parameters) }
    return try definition.result(in: context)
  }

  /// Answers the question that this is.
  package func result(in context: ReportContext) throws(ReportFailure) -> ReportResult {
    let reader = ReportReader(context)
    var report = try run(reader)
    let problems = reader.problems
    report.note(problems)
    report.addRemedies(context.prices)
    return ReportResult(report: report, problems: problems, remarks: reader.remarks, failure: reader.failure)
  }
}
