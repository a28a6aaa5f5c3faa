package import Money

/// What an event costs.
package enum Cost: Equatable, Sendable {
  /// Pico-units.
  case exact(Int128, Currency)
  /// Pico-units, priced with the nearest thing the catalog has.
  case approximate(Int128, Currency)
  /// Not known, and so not zero.
  case unpriced(UnpricedReason)
}

/// Why there is no price.
package enum UnpricedReason: Equatable, Sendable, CustomStringConvertible {
  case unknownProvider
  case unknownModel
  /// Several providers have the model, and the event names none.
  case ambiguousProvider
  /// All prices of the model have ended by then.
  case noPeriod
  /// The period prices other things than this one, which the event used.
  case noPrice(PriceKey)
  /// More than any amount this program holds.
  case tooLarge

  package var description: String {
    switch self {
    case .unknownProvider: "the catalog has no such provider"
    case .unknownModel: "the catalog has no such model"
    case .ambiguousProvider: "several providers have this model: give the event a provider"
    case .noPeriod: "no price at that time"
    case .noPrice(let key): "no price for \(key.name)"
    case .tooLarge: "the cost is too large"
    }
  }
}
