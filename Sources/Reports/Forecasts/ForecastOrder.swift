import Bytes
import Calendar

/// Groups by what was used on some days, most first, and each right after the coarser one that it is part of.
struct ForecastOrder {
  private struct Name: Hashable {
    let currency: String?
    let texts: [ByteText?]
  }

  private struct Step: Equatable {
    let amount: Int128
    let text: ByteText?
  }

  private let amounts: [Name: Int128]

  init(_ groups: [ForecastGroup], by days: ClosedRange<CivilDate>) {
    var amounts: [Name: Int128] = [:]
    for group in groups {
      amounts[Name(currency: group.currency, texts: group.name)] = group.amount(days)
    }
    self.amounts = amounts
  }

  func sorted(_ groups: [ForecastGroup]) -> [ForecastGroup] {
    groups.map { (group: $0, path: path($0)) }.sorted { a, b in
      let (left, right) = (a.group.currency ?? "", b.group.currency ?? "")
      if left != right { return left < right }
      for (x, y) in zip(a.path, b.path) where x != y {
        return x.amount != y.amount ? x.amount > y.amount : [x.text].precedes([y.text])
      }
      return a.path.count < b.path.count
    }.map(\.group)
  }

  /// The groups from the coarsest to this one.
  private func path(_ group: ForecastGroup) -> [Step] {
    group.name.indices.map { place in
      let name = Name(currency: group.currency, texts: Array(group.name[...place]))
      return Step(amount: amounts[name] ?? 0, text: group.name[place])
    }
  }
}
