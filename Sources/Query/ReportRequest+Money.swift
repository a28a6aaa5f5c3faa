//! What a report's header says about money.

import Exchange
import Money

extension ReportRequest {
  /// The currencies of the amounts; who may not see costs must not see them either.
  func currencies(of sums: GroupSums) -> [[UInt8]] {
    if !showsCost { return [] }
    let found = Set(sums.groups.keys.compactMap(\.currency)).sorted { $0.lexicographicallyPrecedes($1) }
    guard found.isEmpty, let currency = conversion?.currency else { return found }
    return [Array(currency.description.utf8)]
  }

  /// What has no cost, most requests first, then by name, absent ones first.
  func unpriced(of sums: GroupSums) -> [UnpricedModel] {
    if !showsCost { return [] }
    let sorted = sums.unpriced.sorted { a, b in
      if a.value != b.value { return a.value > b.value }
      // As bytes: Swift takes differently composed texts for one.
      let texts = [a, b].map { [$0.key.provider ?? [], $0.key.model ?? []] }
      return texts[0][0] == texts[1][0]
        ? texts[0][1].lexicographicallyPrecedes(texts[1][1])
        : texts[0][0].lexicographicallyPrecedes(texts[1][0])
    }
    return sorted.map { key, requests in
      UnpricedModel(provider: key.provider.map(text), model: key.model.map(text), requests: requests)
    }
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
