//! How far the data goes, in words and as members of JSON.

import Query

extension KnownData {
  /// How many sources and gaps are named to people; machines get all.
  private static let namedMax = 3

  /// Whether something is missing that should be there by now.
  var isMissing: Bool { sources.contains(where: \.isBehind) || !gaps.isEmpty }

  /// What people must know, one sentence each.
  var remarks: [String] {
    guard let through else { return [] }
    return (isFinal ? ["Final: no more data is expected."] : [provisional(through)]) + gapRemarks
  }

  private func provisional(_ through: String) -> String {
    let behind = sources.filter(\.isBehind)
    let rest = behind.count - Self.namedMax
    let named = behind.prefix(Self.namedMax).map { "that of \($0.source.words) to \($0.through)" }
    let parts = [through] + named + (rest > 0 ? ["that of \(rest) more less far"] : [])
    return "Provisional: the data goes to \(parts.joined(separator: ", "))."
  }

  private var gapRemarks: [String] {
    let rest = gaps.count - Self.namedMax
    return gaps.prefix(Self.namedMax).map { gap in
      let days = gap.from == gap.to ? "on \(gap.from)" : "from \(gap.from) to \(gap.to)"
      return "Gap: no data of \(gap.source.words) \(days)."
    } + (rest > 0 ? ["Gaps: \(rest) more."] : [])
  }

  /// Members of a report's JSON.
  var members: [(String, String)] {
    [
      ("data_status", JSONText.string(isFinal ? "final" : "provisional")),
      ("data_through", JSONText.string(through)),
      (
        "data_sources",
        JSONText.lines(
          sources.map { "{\($0.source.members), \"data_through\": \(JSONText.string($0.through))}" })
      ),
      (
        "gaps",
        JSONText.lines(
          gaps.map { "{\($0.source.members), \"from\": \"\($0.from)\", \"to\": \"\($0.to)\"}" })
      ),
    ]
  }
}

extension KnownData.Source {
  fileprivate var words: String {
    switch self {
    case .account(let service, let account):
      [service, account].compactMap(\.self).isEmpty
        ? "events without service and account" : [service, account].compactMap(\.self).joined(separator: "/")
    case .writer(let name): "writer \(name)"
    }
  }

  fileprivate var members: String {
    switch self {
    case .account(let service, let account):
      "\"service\": \(JSONText.string(service)), \"account\": \(JSONText.string(account))"
    case .writer(let name): "\"writer\": \(JSONText.string(name))"
    }
  }
}
