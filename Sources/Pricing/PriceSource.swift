//! Who is asked for prices, and in what words.

package import Bytes

/// What decides the price of an event besides its time and counters.
package struct PriceQuery: Hashable, Comparable, Sendable {
  package var provider: String?
  package var model: String?
  package var serviceTier: String?
  package var requestType: String?

  package init(provider: String?, model: String?, serviceTier: String? = nil, requestType: String? = nil) {
    self.provider = provider
    self.model = model
    self.serviceTier = serviceTier
    self.requestType = requestType
  }

  /// The query of provider, model, tier and type, in this order; more texts do not matter.
  package init(_ texts: [ByteText?]) {
    self.init(
      provider: texts[0]?.text, model: texts[1]?.text, serviceTier: texts[2]?.text,
      requestType: texts[3]?.text)
  }

  private var parts: [String?] { [provider, model, serviceTier, requestType] }
  private var texts: [ByteText?] { parts.map { $0.map { ByteText($0) } } }

  package static func == (a: PriceQuery, b: PriceQuery) -> Bool { a.texts == b.texts }

  package func hash(into hasher: inout Hasher) { hasher.combine(texts) }

  /// By provider, model, tier and type as bytes, absent ones first.
  package static func < (a: PriceQuery, b: PriceQuery) -> Bool { a.texts.precedes(b.texts) }
}

extension PriceQuery {
  /// The four words as a line.
  package var line: String { TabbedLine.text(parts) }

  /// The query of a line; nil when it is none.
  package init?(line: some StringProtocol) {
    let parts = TabbedLine.words(Array(line.utf8)[...])
    guard parts.count == 4 else { return nil }
    self.init(provider: parts[0], model: parts[1], serviceTier: parts[2], requestType: parts[3])
  }
}

/// Something that prices events.
package protocol PriceSource: Sendable {
  /// The model that a query means; nil when nothing prices it.
  func model(for query: PriceQuery) -> PricedModel?
}
