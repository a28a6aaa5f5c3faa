//! Who belongs to which team, and when: a table people keep beside the store and that reports join, so that a past
//! month stays as it was when somebody moves.

package import Bytes
package import Calendar

/// Users, their other names, and their teams over time.
package struct Directory: Sendable {
  /// Where a user is counted.
  package struct Place: Hashable, Sendable {
    package let team: ByteText
    package let costCentre: ByteText?
  }

  private struct Entry: Sendable {
    let line: Int
    let days: ClosedRange<CivilDate>
    let place: Place
  }

  /// Why the table cannot be used, and on which line.
  package struct Fault: Error, Equatable, CustomStringConvertible {
    package let line: Int
    package let what: String

    package var description: String { "line \(line): \(what)" }
  }

  private static let columns = ["user", "aliases", "team", "cost_centre", "from", "until"]
  private static let always =
    CivilDate(
      days: CivilDate.days(year: 1970, month: 1, day: 1))...CivilDate(
      days: CivilDate.days(year: 9999, month: 12, day: 31))

  /// By name in lower case: mail addresses are typed either way.
  private var entries: [ByteText: [Entry]] = [:]

  /// - Parameter rows: the header and the rows, each with its line's number; `aliases` has `;` between names.
  package init(rows: [(line: Int, fields: [String])]) throws(Fault) {
    guard let header = rows.first else {
      throw Fault(line: 1, what: "the file is empty: begin with user,team")
    }
    for name in header.fields where !Self.columns.contains(name) {
      let mend = nearest(to: name, in: Self.columns).map { "did you mean \($0)?" }
      throw Fault(
        line: header.line,
        what: "unknown column \"\(name)\": \(mend ?? "use \(Self.columns.joined(separator: ", "))")")
    }
    for name in ["user", "team"] where !header.fields.contains(name) {
      throw Fault(line: header.line, what: "there is no column \(name): add it")
    }
    for row in rows.dropFirst() {
      func text(_ name: String) -> String? {
        guard let place = header.fields.firstIndex(of: name), place < row.fields.count else { return nil }
        return row.fields[place].isEmpty ? nil : row.fields[place]
      }
      guard row.fields.count <= header.fields.count else {
        throw Fault(line: row.line, what: "more fields than columns: quote those with commas")
      }
      guard let user = text("user") else { throw Fault(line: row.line, what: "there is no user") }
      guard let team = text("team") else { throw Fault(line: row.line, what: "\(user) has no team") }
      let first = try Self.day(text("from"), row.line) ?? Self.always.lowerBound
      let last = try Self.day(text("until"), row.line) ?? Self.always.upperBound
      guard first <= last else { throw Fault(line: row.line, what: "from \(first) is after until \(last)") }
      let entry = Entry(
        line: row.line, days: first...last,
        place: Place(team: ByteText(team), costCentre: text("cost_centre").map { ByteText($0) }))
      let aliases = (text("aliases") ?? "").utf8.split(separator: UInt8(ascii: ";"))
        .map { Self.trimmed(Substring($0)) }.filter { !$0.isEmpty }
      for name in Set(([user] + aliases).map(Self.key)).sorted() { try add(entry, name) }
    }
  }

  private mutating func add(_ entry: Entry, _ name: ByteText) throws(Fault) {
    let other = entries[name]?.first { $0.days.overlaps(entry.days) }
    if let other {
      let day = max(other.days.lowerBound, entry.days.lowerBound)
      let when = day == Self.always.lowerBound ? "" : " on \(day)"
      throw Fault(
        line: entry.line, what: "\(name) is in line \(other.line) too\(when): give both from and until")
    }
    entries[name, default: []].append(entry)
  }

  private static func day(_ text: String?, _ line: Int) throws(Fault) -> CivilDate? {
    guard let text else { return nil }
    // Only single days: what last-month means would change with the day of the report.
    guard text.utf8.count == 10, text.utf8.first.map({ 0x30...0x39 ~= $0 }) == true,
      let days = try? DateExpression.parse(text, today: CivilDate(days: 0))
    else {
      throw Fault(line: line, what: "\"\(text)\" is no day: write it as 2026-10-01")
    }
    return days.lowerBound
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private static func key(_ name: String) -> ByteText { ByteText(name.lowercased()) }

  /// Where a user belongs on a day; nil when the table does not say.
  package func place(of user: ByteText?, on day: CivilDate) -> Place? {
    guard let user else { return nil }
    return entries[Self.key(user.text)]?.first { $0.days.contains(day) }?.place
  }
}
