extension PriceBook {
  /// The models that a name means, at most one of each provider.
  package func models(named name: String) -> [ModelPrices] {
    providers.compactMap { provider in
      guard case .model(_, let model) = match(provider: provider.id, model: name) else { return nil }
      return model
    }
  }
}
