//! What `--where` says, as a tree. The grammar, from what binds least to what binds most:
//!
//!     filter     = term { "or" term }
//!     term       = factor { "and" factor }
//!     factor     = "not" factor | "(" filter ")" | comparison
//!     comparison = field ( "=" | "!=" ) value
//!                | field "~" pattern                                 pattern: * stands for any text
//!                | field [ "not" ] "in" "(" value { "," value } ")"
//!                | field ( "<" | "<=" | ">" | ">=" ) number
//!     value      = bare word | 'quoted' | "quoted" | none
//!
//! Bare words are letters with their marks, digits and `-_./:@+*`; a quote inside quotes is doubled. `none` and an empty
//! text mean that the field is absent. Logic has two values: `model != x` and `not model = x` are the same and
//! both hold where the model is absent, and an unknown number is neither less nor greater than any other.

/// A condition on events, sessions or rollup rows.
package indirect enum Filter: Equatable, Sendable {
  case test(FilterTest)
  case not(Filter)
  /// Every one holds; two or more.
  case all([Filter])
  /// At least one holds; two or more.
  case any([Filter])
}

/// A field that filters may name; the caller knows which there are.
package struct FilterField: Equatable, Sendable {
  /// How its values compare.
  package enum Kind: Equatable, Sendable {
    case text
    /// A whole number.
    case count
    /// A decimal, in pico-units.
    case amount
  }

  package let name: String
  package let kind: Kind

  package init(_ name: String, _ kind: Kind = .text) {
    self.name = name
    self.kind = kind
  }
}

/// One comparison of one field.
package struct FilterTest: Hashable, Sendable {
  package enum Order: String, CaseIterable, Sendable {
    case equal = "="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  package enum Condition: Hashable, Sendable {
    /// The field is absent, whatever its kind.
    case isMissing
    /// The text is this one, which is never empty.
    case equals(String)
    /// The text is one of these; nil is among them if absence is.
    case isOneOf([String?])
    /// The whole text fits a pattern in which `*` stands for any text.
    case resembles(String)
    case count(Order, Int128)
    /// Pico-units.
    case amount(Order, Int128)
  }

  package let field: String
  package let condition: Condition

  package init(_ field: String, _ condition: Condition) {
    self.field = field
    self.condition = condition
  }
}

extension Filter: CustomStringConvertible {
  /// The filter in its own grammar: parsed again, it is the same tree.
  package var description: String {
    switch self {
    case .test(let test): test.description
    case .not(.test(let test)): test.negated ?? "not \(test)"
    case .not(let filter): "not \(filter.grouped(in: self))"
    case .all(let filters): filters.map { $0.grouped(in: self) }.joined(separator: " and ")
    case .any(let filters): filters.map { $0.grouped(in: self) }.joined(separator: " or ")
    }
  }

  private func grouped(in parent: Filter) -> String {
    switch (parent, self) {
    case (.not, .all), (.not, .any), (.all, .all), (.all, .any), (.any, .any): "(\(self))"
    default: description
    }
  }
}

extension FilterTest: CustomStringConvertible {
  package var description: String {
    let name = FilterWord.written(field, isField: true)
    switch condition {
    case .isMissing: return "\(name) = none"
    case .equals(let text): return "\(name) = \(FilterWord.written(text))"
    case .isOneOf(let texts): return "\(name) in \(Self.list(texts))"
    case .resembles(let pattern): return "\(name) ~ \(FilterWord.written(pattern, isPattern: true))"
    case .count(let order, let number): return "\(name) \(order.rawValue) \(number)"
    case .amount(let order, let pico):
      return "\(name) \(order.rawValue) \(PicoText.exact(pico, digitsMin: 0))"
    }
  }

  /// The short form of the opposite, if there is one.
  fileprivate var negated: String? {
    let name = FilterWord.written(field, isField: true)
    switch condition {
    case .isMissing: return "\(name) != none"
    case .equals(let text): return "\(name) != \(FilterWord.written(text))"
    case .isOneOf(let texts): return "\(name) not in \(Self.list(texts))"
    case .count(.equal, let number): return "\(name) != \(number)"
    case .amount(.equal, let pico): return "\(name) != \(PicoText.exact(pico, digitsMin: 0))"
    default: return nil
    }
  }

  private static func list(_ texts: [String?]) -> String {
    "(" + texts.map { $0.map { FilterWord.written($0) } ?? "none" }.joined(separator: ", ") + ")"
  }
}
