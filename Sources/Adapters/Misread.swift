/// Why a record of a log is no event although it should be one.
///
/// Says what and where inside the record; never what a person wrote.
package struct Misread: Error, Equatable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
