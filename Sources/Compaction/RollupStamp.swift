package import Parquet
package import Rollup

/// What a rollup was made from and how; equal stamps mean equal rollups.
///
/// It stands in the footer of every rollup
/// file and alone decides whether the file is current.
package struct RollupStamp: Equatable, Sendable {
  /// Digest of the day's committed lines.
  package var segments: String
  /// Digest of the price entries that were used; `none` while there is no catalog.
  package var prices: String
  /// The tags that have columns.
  package var tags: [String]

  package init(segments: String, prices: String = "none", tags: [String]) {
    self.segments = segments
    self.prices = prices
    self.tags = tags
  }

  /// The key-value pairs of the footer.
  package func metadata(_ kind: RollupKind) -> [(String, String)] {
    [
      ("tally.rollup", kind.rawValue), ("tally.format_version", RollupSchema.version),
      ("tally.segments_digest", segments), ("tally.prices_digest", prices),
      ("tally.rollup_tags", Self.text(tags)),
    ]
  }

  /// What decides besides the day's lines how rollups come out.
  package static func inputs(tags: [String]) -> String {
    let stamp = RollupStamp(segments: "", tags: tags)
    return stamp.metadata(.day).map { "\($0.0)=\($0.1)\n" }.joined()
  }

  /// The tags with commas between them; a comma or backslash of a name has a backslash before it.
  private static func text(_ tags: [String]) -> String {
    let names = tags.map { tag in
      tag.reduce(into: "") { text, character in
        if character == "," || character == "\\" { text.append("\\") }
        text.append(character)
      }
    }
    return names.joined(separator: ",")
  }

  /// Whether a file carries this stamp.
  package func matches(_ file: ParquetFile, _ kind: RollupKind) -> Bool {
    metadata(kind).allSatisfy { file.metadata($0.0) == $0.1 }
  }
}
