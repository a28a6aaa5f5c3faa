//! What a limit or a budget is about: a filter over the dimensions of groups.
//!
//! A limit whose filter names a field that rows lack is left out, and a note says so: `not model=x` would hold for
//! rows that are not by model.

package import Bytes
package import Query

/// Which groups are meant.
package struct Scope: Sendable {
  /// The names of the dimensions it asks about, each once.
  package let fields: [String]
  private let filter: CompiledFilter?

  /// - Parameter filter: over dimensions; nil means everything.
  package init(_ filter: Filter?) {
    let fields = (filter?.fields ?? []).reduce(into: [String]()) { fields, name in
      if !fields.holds(name) { fields.append(name) }
    }
    self.fields = fields
    self.filter = filter.map { CompiledFilter($0, fields: fields.map { FilterField($0) }) }
  }

  /// Whether groups of these dimensions can be told apart by it.
  package func isDecided(by dimensions: [String]) -> Bool { fields.allSatisfy(dimensions.holds) }

  /// Whether a group is meant; it must have all of the fields among its dimensions.
  package func covers(_ texts: [ByteText?], of dimensions: [String]) -> Bool {
    guard let filter else { return true }
    let places = fields.map { name in dimensions.firstIndex { $0.hasBytes(of: name) } }
    return filter.matches(values: { field in
      guard let place = places[field], let text = texts[place] else { return .missing }
      return .text(text.text)
    })
  }
}
