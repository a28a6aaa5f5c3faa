import Bytes

extension Filter {
  /// Nesting beyond this is an error, so that no text can exhaust the stack.
  package static let depthMax = 64

  /// Reads a filter that names only `fields`.
  package static func parse(_ text: String, fields: [FilterField]) throws(FilterError) -> Filter {
    var parser = FilterParser(text: text, tokens: try FilterToken.tokens(of: text), fields: fields)
    return try parser.parse()
  }
}

private struct FilterParser {
  let text: String
  let tokens: [FilterToken]
  let fields: [FilterField]
  var at = 0
  var depth = 0

  init(text: String, tokens: [FilterToken], fields: [FilterField]) {
    self.text = text
    self.tokens = tokens
    self.fields = fields
  }

  /// The token to read next; the last one is always the end.
  var token: FilterToken { tokens[at] }

  func error(_ what: String, mend: String, at token: FilterToken? = nil) -> FilterError {
    FilterError(text, at: (token ?? self.token).position - 1, what, mend: mend)
  }

  mutating func take() -> FilterToken {
    let token = token
    if token.kind != .end { at += 1 }
    return token
  }

  mutating func takeKeyword(_ keyword: String) -> Bool {
    guard token.isKeyword(keyword) else { return false }
    at += 1
    return true
  }

  mutating func parse() throws(FilterError) -> Filter {
    if token.kind == .end { throw error("the filter is empty", mend: "write for example model = gpt-5") }
    let filter = try parseAny()
    switch token.kind {
    case .end: return filter
    case .close: throw error("\")\" closes nothing", mend: "remove it, or open a \"(\" before it")
    case .bare, .quoted:
      throw error("unexpected \(token.shown)", mend: "join comparisons by and/or; quote a value with spaces")
    default: throw error("unexpected \(token.shown)", mend: "join comparisons by and/or")
    }
  }

  mutating func parseAny() throws(FilterError) -> Filter {
    var filters = [try parseAll()]
    while takeKeyword("or") { filters.append(try parseAll()) }
    return filters.count == 1 ? filters[0] : .any(filters)
  }

  mutating func parseAll() throws(FilterError) -> Filter {
    var filters = [try parseFactor()]
    while takeKeyword("and") { filters.append(try parseFactor()) }
    return filters.count == 1 ? filters[0] : .all(filters)
  }

  mutating func parseFactor() throws(FilterError) -> Filter {
    guard depth < Filter.depthMax else {
      throw error("more than \(Filter.depthMax) levels of not and parentheses", mend: "write it flatter")
    }
    depth += 1
    defer { depth -= 1 }
    if takeKeyword("not") { return .not(try parseFactor()) }
    guard token.kind == .open else { return try parseComparison() }
    let open = take()
    let filter = try parseAny()
    if token.kind == .end { throw error("\"(\" is not closed", mend: "add the missing \")\"", at: open) }
    guard token.kind == .close else {
      throw error("unexpected \(token.shown)", mend: "join comparisons by and/or, or close with \")\"")
    }
    at += 1
    return filter
  }
}

// MARK: - Comparisons

extension FilterParser {
  mutating func parseComparison() throws(FilterError) -> Filter {
    let field = try parseField()
    if takeKeyword("in") { return try parseList(field) }
    if token.isKeyword("not"), tokens[at + 1].isKeyword("in") {
      at += 2
      return .not(try parseList(field))
    }
    let sign = token
    guard case .operation(let name) = sign.kind, Self.operations.contains(name) else {
      throw error(
        "expected a comparison after \(FilterWord.written(field.name, isField: true)), not \(sign.shown)",
        mend: "use one of \(Self.choices(field.kind))")
    }
    at += 1
    switch name {
    case "~": return .test(FilterTest(field.name, .resembles(try parsePattern(field, sign))))
    case "!=": return .not(.test(FilterTest(field.name, try parseOrdered(field, .equal, sign))))
    default:
      let order = FilterTest.Order(rawValue: name) ?? .equal
      return .test(FilterTest(field.name, try parseOrdered(field, order, sign)))
    }
  }

  static let operations = ["=", "!=", "~", "<", "<=", ">", ">="]

  static func choices(_ kind: FilterField.Kind) -> String {
    kind == .text ? "= != ~ in \"not in\"" : "= != < <= > >="
  }

  mutating func parseField() throws(FilterError) -> FilterField {
    let token = take()
    let name: String
    switch token.kind {
    case .bare(let text):
      guard !FilterWord.keywords.contains(text.lowercased()) else {
        throw error(
          "expected a field, not \(token.shown)", mend: "write for example model = gpt-5", at: token)
      }
      name = text
    case .quoted(let text): name = text
    default:
      throw error("expected a field, not \(token.shown)", mend: "write for example model = gpt-5", at: token)
    }
    if let field = fields.first(where: { $0.name.hasBytes(of: name) }) { return field }
    let names = fields.map(\.name)
    let guess = nearest(to: name, in: names).map { "did you mean \"\($0)\"?" }
    throw error(
      "unknown field \"\(PlainText.printable(name))\"",
      mend: guess ?? "use one of \(names.joined(separator: ", "))", at: token)
  }

  /// A value; nil stands for absence.
  mutating func parseValue(_ kind: FilterField.Kind) throws(FilterError) -> String? {
    let token = take()
    switch token.kind {
    case .quoted(let value): return value.isEmpty ? nil : value
    case .bare(let value):
      if token.isKeyword("none") { return nil }
      guard !FilterWord.keywords.contains(value.lowercased()) else {
        throw error(
          "expected a value, not the word \(token.shown)", mend: "write '\(value)' if it is one", at: token)
      }
      if kind == .text, value.unicodeScalars.contains("*") {
        throw error(
          "\(token.shown) looks like a pattern", mend: "write ~ \(value), or '\(value)' for the star itself",
          at: token)
      }
      return value
    default:
      throw error(
        "expected a value, not \(token.shown)", mend: "write a word, a 'quoted text' or none", at: token)
    }
  }

  mutating func parsePattern(_ field: FilterField, _ sign: FilterToken) throws(FilterError) -> String {
    try requireText(field, sign)
    let token = take()
    switch token.kind {
    case .bare(let pattern) where !FilterWord.keywords.contains(pattern.lowercased()): return pattern
    case .quoted(let pattern) where !pattern.isEmpty: return pattern
    default:
      throw error(
        "expected a pattern, not \(token.shown)", mend: "write for example ~ gpt-*; absence is = none",
        at: token)
    }
  }

  mutating func parseList(_ field: FilterField) throws(FilterError) -> Filter {
    try requireText(field, tokens[at - 1])
    guard token.kind == .open else {
      throw error("expected \"(\" after in, not \(token.shown)", mend: "write for example in (a, b)")
    }
    let open = take()
    var values: [String?] = []
    repeat { values.append(try parseValue(.text)) } while takeComma()
    if token.kind == .end { throw error("\"(\" is not closed", mend: "add the missing \")\"", at: open) }
    guard token.kind == .close else {
      throw error("unexpected \(token.shown)", mend: "separate values by commas; quote a value with spaces")
    }
    at += 1
    return .test(FilterTest(field.name, .isOneOf(values)))
  }

  mutating func takeComma() -> Bool {
    guard token.kind == .comma else { return false }
    at += 1
    return true
  }

  func requireText(_ field: FilterField, _ sign: FilterToken) throws(FilterError) {
    guard field.kind != .text else { return }
    throw error(
      "\(sign.shown) needs a text, but \(field.name) is a number",
      mend: "use one of \(Self.choices(field.kind))", at: sign)
  }

  mutating func parseOrdered(
    _ field: FilterField, _ order: FilterTest.Order, _ sign: FilterToken
  ) throws(FilterError) -> FilterTest.Condition {
    guard field.kind != .text || order == .equal else {
      throw error(
        "\(sign.shown) needs a number, but \(field.name) is a text",
        mend: "use one of \(Self.choices(field.kind))", at: sign)
    }
    let token = token
    guard let value = try parseValue(field.kind) else {
      guard order == .equal else {
        throw error("nothing is \(order.rawValue) none", mend: "write a number, or = none", at: token)
      }
      return .isMissing
    }
    switch field.kind {
    case .text: return .equals(value)
    case .count:
      if let number = Int128(value) { return .count(order, number) }
    case .amount:
      if let pico = PicoText.parse(value) { return .amount(order, pico) }
    }
    let example = field.kind == .count ? "a whole number such as 1000" : "a decimal such as 12.50"
    throw error("\(token.shown) is no number that \(field.name) can be", mend: "write \(example)", at: token)
  }
}
