//! `--where` of a query: conditions on what events say choose events, conditions on measures choose rows of the result, as
//! SQL's `where` and `having` do. Only `and` can join the two, because one event has no row yet.

/// A filter taken apart by what it is about.
package struct QueryFilter: Equatable, Sendable {
  /// What events must fulfil.
  package var events: Filter?
  /// What rows must fulfil.
  package var rows: Filter?

  package init(events: Filter? = nil, rows: Filter? = nil) {
    self.events = events
    self.rows = rows
  }

  /// Reads a filter over fields of events and measures.
  package static func parse(
    _ text: String, fields: [FilterField], measures: [FilterField]
  ) throws(FilterError) -> QueryFilter {
    let filter = try Filter.parse(text, fields: fields + measures)
    let names = Set(measures.map(\.name))
    var result = QueryFilter()
    for part in filter.parts {
      let isMeasure = part.fields.map { names.contains($0) }
      if !isMeasure.contains(true) {
        result.events = result.events.joined(part)
      } else if !isMeasure.contains(false) {
        result.rows = result.rows.joined(part)
      } else {
        let name = part.fields.first { names.contains($0) } ?? ""
        throw FilterError(
          text, at: try place(of: name, in: text),
          "\(name) is of rows, and joined to what events say by other than and",
          mend: "join them by and, outside of not and or")
      }
    }
    return result
  }

  /// Both must hold.
  package mutating func add(_ other: QueryFilter) {
    if let more = other.events { events = events.joined(more) }
    if let more = other.rows { rows = rows.joined(more) }
  }

  /// The tags that a filter may name.
  package static func tags(in text: String) throws(FilterError) -> [String] {
    try FilterToken.tokens(of: text).compactMap { token in
      switch token.kind {
      case .bare(let word), .quoted(let word): word.hasPrefix("tag.") ? String(word.dropFirst(4)) : nil
      default: nil
      }
    }
  }

  private static func place(of name: String, in text: String) throws(FilterError) -> Int {
    let tokens = try FilterToken.tokens(of: text)
    let found = tokens.first { $0.kind == .bare(name) || $0.kind == .quoted(name) }
    return (found?.position ?? 1) - 1
  }
}

extension Filter {
  /// What must hold one beside the other.
  var parts: [Filter] {
    if case .all(let filters) = self { return filters.flatMap(\.parts) }
    return [self]
  }

  /// The fields that are tested.
  package var fields: [String] {
    switch self {
    case .test(let test): [test.field]
    case .not(let filter): filter.fields
    case .all(let filters), .any(let filters): filters.flatMap(\.fields)
    }
  }
}

extension Filter? {
  /// This and another one.
  fileprivate func joined(_ other: Filter) -> Filter {
    guard let self else { return other }
    if case .all(let filters) = self { return .all(filters + [other]) }
    return .all([self, other])
  }
}
