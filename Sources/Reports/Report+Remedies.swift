import Pricing
import Query

extension Report {
  /// Says which days are not whole.
  mutating func note(_ problems: [ReportProblem]) {
    notes += problems.map { "Incomplete: the events of \($0.day) (UTC) could not all be read." }
  }

  /// Finds out what would give a cost to requests without one.
  mutating func addRemedies(_ prices: Pricer) {
    // Where nothing is computed no price is missing, and prices that cannot be read are no reason to say nothing.
    guard !unpriced.isEmpty, costMode.isComputed, let book = try? prices.book() else { return }
    for index in unpriced.indices { unpriced[index].remedy = Self.remedy(unpriced[index], book) }
  }

  private static func remedy(_ unpriced: UnpricedModel, _ book: PriceBook) -> UnpricedModel.Remedy {
    guard let model = unpriced.model else { return .nameModel }
    switch book.match(provider: unpriced.provider, model: model) {
    case .model: return .addPrice
    case .provider, .nothing: return unpriced.provider == nil ? .nameProvider : .setPrice
    }
  }
}
