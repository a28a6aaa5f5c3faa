//! How far the data goes, in words and as members of JSON.

import Bytes
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
        JSONText.lines(sources) { source, output in
          source.source.append(to: &output)
          output.append(", \"data_through\": ")
          JSONText.append(source.through, to: &output)
          output.append("}")
        }
      ),
      (
        "gaps",
        JSONText.lines(gaps) { gap, output in
          gap.source.append(to: &output)
          output.append(", \"from\": \"\(gap.from)\", \"to\": \"\(gap.to)\"}")
        }
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

  /// Appends the beginning of an object about the source.
  fileprivate func append(to output: inout ByteWriter) {
    switch self {
    case .account(let service, let account):
      output.append("{\"service\": ")
      JSONText.append(service, to: &output)
      output.append(", \"account\": ")
      JSONText.append(account, to: &output)
    case .writer(let name):
      output.append("{\"writer\": ")
      JSONText.append(name, to: &output)
    }
  }
}
