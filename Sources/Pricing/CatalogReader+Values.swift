import JSON
import Bytes
import Money

/// Values, each with what is wrong with it.
extension CatalogReader {
  func text(_ node: JSONNode) throws(PricingError) -> String {
    guard node.kind == .text else { throw node.fault("expected a text, not \(node.kind.name)") }
    let text = node.text
    if text.isEmpty { throw node.fault("an empty text") }
    return text
  }

  func flag(_ node: JSONNode) throws(PricingError) -> Bool {
    guard node.kind == .boolean else { throw node.fault("expected true or false, not \(node.kind.name)") }
    return node.text == "true"
  }

  func whole(_ node: JSONNode) throws(PricingError) -> Int64 {
    guard node.kind == .number, let value = Int64(node.text), value > 0 else {
      throw node.fault("expected a whole number")
    }
    return value
  }

  func moment(_ node: JSONNode) throws(PricingError) -> Int64 {
    let text = try text(node)
    guard let time = Moment.parse(text) else {
      throw node.fault(
        "\"\(text)\": write a UTC day such as 2026-11-20 or a minute such as 2026-11-20T10:30Z")
    }
    return time
  }

  func currency(_ node: JSONNode) throws(PricingError) -> Currency {
    let text = try text(node)
    guard let currency = Currency(text) else { throw node.fault("\"\(text)\" is no currency of ISO 4217") }
    return currency
  }

  /// Pico-units of a decimal text in its shortest spelling.
  func amount(_ node: JSONNode) throws(PricingError) -> Int128 {
    let text = node.text
    guard node.kind == .text else {
      throw node.fault(
        node.kind == .number
          ? "write the amount as a text, \"\(text)\": numbers may have passed through floating point"
          : "expected an amount, not \(node.kind.name)")
    }
    do throws(Decimal.Fault) {
      let pico = try Decimal.parse(text)
      guard pico >= 0, Decimal.text(pico) == text, pico < Self.picoMax else { throw .malformed }
      return pico
    } catch {
      throw node.fault(
        "\"\(text)\": an amount is a decimal such as 0.125: no sign, no exponent, at most 12 digits on either side"
      )
    }
  }

  /// Twelve digits before the point: a price of a token then fits 64 bits.
  private static var picoMax: Int128 { 1_000_000_000_000 * Decimal.unit }

  func required<T>(
    _ node: JSONNode, _ key: String, _ read: (JSONNode) throws(PricingError) -> T
  ) throws(PricingError) -> T {
    guard node.kind == .object else { throw node.fault("expected an object, not \(node.kind.name)") }
    guard let value = node[key] else { throw node.fault("\(key) is missing") }
    return try read(value)
  }

  func members(_ node: JSONNode) throws(PricingError) -> JSONNode.Members {
    guard node.kind == .object else { throw node.fault("expected an object, not \(node.kind.name)") }
    return node.members
  }

  func list<T>(
    _ node: JSONNode, _ read: (JSONNode) throws(PricingError) -> T
  ) throws(PricingError) -> [T] {
    guard node.kind == .array else { throw node.fault("expected a list, not \(node.kind.name)") }
    var found: [T] = []
    for element in node.elements { found.append(try read(element)) }
    return found
  }

  func unknown(_ key: JSONNode, _ node: JSONNode) -> PricingError {
    key.fault("unknown key \"\(key.text)\": see Schemas/catalog.md")
  }

  func unknown(_ key: JSONNode, among known: [String], of name: String) -> PricingError {
    let mend =
      nearest(to: key.text, in: known).map { "did you mean \"\($0)\"?" }
      ?? "use \(known.joined(separator: ", "))"
    return key.fault("\(name) has no \"\(key.text)\": \(mend)")
  }
}

/// What a reader does with a list of periods of any kind.
protocol Period: Dated {
  var knownFrom: Int64? { get set }
}

extension PriceList: Period {}
extension CreditPrice: Period {}
extension Plan.Price: Period {}

extension CatalogReader {
  /// Periods, oldest first: each ends where the next begins, unless it says that it ends before.
  func periods<T: Period>(
    _ node: JSONNode, _ read: (JSONNode) throws(PricingError) -> T
  ) throws(PricingError) -> [T] {
    var periods = try list(node, read)
    guard !periods.isEmpty else { throw node.fault("no periods") }
    for (index, element) in node.elements.enumerated() {
      if index > 0 {
        if periods[index].from == Int64.min { throw element.fault("every period but the first needs a from") }
        let before = periods[index - 1].knownFrom ?? periods[index - 1].from
        if periods[index].from <= before { throw element.fault("periods go from the oldest to the newest") }
        if periods[index - 1].until > periods[index].from, periods[index - 1].until != Int64.max {
          throw element.fault("the period before ends after this one begins")
        }
        periods[index - 1].until = min(periods[index - 1].until, periods[index].from)
      } else if periods[0].from != Int64.min {
        periods[0].knownFrom = periods[0].from
        periods[0].from = Int64.min
      }
      let from = periods[index].knownFrom ?? periods[index].from
      if periods[index].until <= from { throw element.fault("the period ends before it begins") }
    }
    return periods
  }
}
