//! A filter made ready for many rows. Its tests become leaves, each once however often the filter repeats it,
//! and its logic becomes a branching program: at each step look at one leaf and go on to one step or another,
//! until the answer is known. No stack, no allocation, and no leaf is looked at that cannot matter.
//!
//! For dictionary-coded columns ask every leaf about each distinct value once (`FilterTest.matches`), keep
//! the answers, and run the program on each row with the answers of the row's codes.

import Bytes

/// A filter over fields that are known by index.
package struct CompiledFilter: Sendable {
  /// One test of one field.
  package struct Leaf: Equatable, Sendable {
    /// The index among the fields given to the compiler.
    package let field: Int
    package let test: FilterTest
  }

  private struct Step: Sendable {
    let leaf: Int
    let ifTrue: Int
    let ifFalse: Int
  }

  private static let accepted = -1
  private static let rejected = -2

  package private(set) var leaves: [Leaf] = []
  private var steps: [Step] = []
  private var start = accepted

  /// Compiles `filter`, which was parsed with these fields.
  package init(_ filter: Filter, fields: [FilterField]) {
    start = add(filter, fields, ifTrue: Self.accepted, ifFalse: Self.rejected)
  }

  /// Whether a row passes, given the answer of each leaf for it.
  @inline(__always)
  package func matches(_ answer: (_ leaf: Int) -> Bool) -> Bool {
    var at = start
    while at >= 0 {
      let step = steps[at]
      at = answer(step.leaf) ? step.ifTrue : step.ifFalse
    }
    return at == Self.accepted
  }

  /// Whether a row passes, given the value of each field for it.
  package func matches(values: (_ field: Int) -> FilterValue) -> Bool {
    matches { leaves[$0].test.matches(values(leaves[$0].field)) }
  }

  /// Adds the steps of `filter`, last first since steps name those that follow, and says where it begins.
  private mutating func add(_ filter: Filter, _ fields: [FilterField], ifTrue: Int, ifFalse: Int) -> Int {
    switch filter {
    case .test(let test):
      steps.append(Step(leaf: leaf(of: test, fields), ifTrue: ifTrue, ifFalse: ifFalse))
      return steps.count - 1
    case .not(let filter):
      return add(filter, fields, ifTrue: ifFalse, ifFalse: ifTrue)
    case .all(let filters):
      var next = ifTrue
      for filter in filters.reversed() { next = add(filter, fields, ifTrue: next, ifFalse: ifFalse) }
      return next
    case .any(let filters):
      var next = ifFalse
      for filter in filters.reversed() { next = add(filter, fields, ifTrue: ifTrue, ifFalse: next) }
      return next
    }
  }

  private mutating func leaf(of test: FilterTest, _ fields: [FilterField]) -> Int {
    guard let field = fields.firstIndex(where: { $0.name.hasBytes(of: test.field) }) else {
      preconditionFailure("the filter was parsed with other fields")
    }
    // As the leaves compare.
    let text = ByteText(test.description)
    if let known = leaves.firstIndex(where: { ByteText($0.test.description) == text }) { return known }
    leaves.append(Leaf(field: field, test: test))
    return leaves.count - 1
  }
}

/// The value of one field of one row.
package enum FilterValue: Equatable, Sendable {
  case text(String)
  /// A count, or an amount in pico-units.
  case number(Int128)
  case missing
}

extension FilterTest {
  package func matches(_ value: FilterValue) -> Bool {
    switch value {
    case .text(var text): text.withUTF8 { matches(bytes: $0.span.bytes) }
    case .number(let number): matches(number: number)
    case .missing: matchesMissing
    }
  }

  /// Whether an absent value passes.
  package var matchesMissing: Bool {
    switch condition {
    case .isMissing: true
    case .isOneOf(let texts): texts.contains(nil)
    default: false
    }
  }

  /// Whether a text in UTF-8 passes; an empty one is absent.
  package func matches(bytes: RawSpan) -> Bool {
    if bytes.byteCount == 0 { return matchesMissing }
    return switch condition {
    case .equals(let text): Self.areEqual(bytes, text)
    case .isOneOf(let texts): texts.contains { $0.map { Self.areEqual(bytes, $0) } ?? false }
    case .resembles(let pattern): Self.fits(bytes, Array(pattern.utf8))
    case .isMissing, .count, .amount: false
    }
  }

  /// Whether a count, or an amount in pico-units, passes.
  package func matches(number: Int128) -> Bool {
    switch condition {
    case .count(let order, let bound), .amount(let order, let bound):
      switch order {
      case .equal: number == bound
      case .less: number < bound
      case .lessOrEqual: number <= bound
      case .greater: number > bound
      case .greaterOrEqual: number >= bound
      }
    default: false
    }
  }

  /// Byte for byte: Swift would call differently composed texts equal, other engines would not.
  private static func areEqual(_ bytes: RawSpan, _ text: String) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      utf8.count == bytes.byteCount
        && utf8.indices.allSatisfy { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == utf8[$0] }
    }
  }

  /// Whether the whole text fits a pattern.
  ///
  /// Matches from left to right; after a star that took too little, takes one byte more and goes on from
  /// there. Only the last star ever needs to give way, so the cost is at most length times length.
  private static func fits(_ bytes: RawSpan, _ pattern: [UInt8]) -> Bool {
    let star = UInt8(ascii: "*")
    var at = 0
    var next = 0
    var lastStar: (next: Int, at: Int)?
    while at < bytes.byteCount {
      if next < pattern.count, pattern[next] == star {
        next += 1
        lastStar = (next, at)
      } else if next < pattern.count, bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self) == pattern[next] {
        at += 1
        next += 1
      } else if let (afterStar, taken) = lastStar {
        at = taken + 1
        next = afterStar
        lastStar = (afterStar, at)
      } else {
        return false
      }
    }
    return pattern[next...].allSatisfy { $0 == star }
  }
}
