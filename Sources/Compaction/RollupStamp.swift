//! A rollup records which prices it asked for. When a catalog changes, the same questions are asked again, and only
//! days with other answers are stale; while none has changed, catalogs are hashed and not read (`Pricer`).

import Bytes
package import Parquet
package import Pricing
package import Rollup

/// What a rollup was made from and how; equal stamps mean equal rollups.
///
/// It stands in the footer of every rollup file and alone decides whether the file is current.
package struct RollupStamp: Equatable, Sendable {
  /// Digest of the day's committed lines.
  package var segments: String
  /// The tags that have columns.
  package var tags: [String]
  /// The prices that were used; nil when nothing prices events.
  package var prices: Prices?

  /// What prices were used for a day.
  package struct Prices: Equatable, Sendable {
    /// A hash of all catalogs, and their version for people.
    package var fingerprint: String
    package var version: String
    /// What prices were asked for, and a digest of what they were on that day.
    package var queries: [PriceQuery]
    package var digest: String

    /// The prices that a day's events were priced with.
    package init(_ pricer: Pricer, _ queries: [PriceQuery], day: Int) throws(PricingError) {
      fingerprint = pricer.fingerprint
      version = try pricer.version()
      self.queries = queries
      digest = try pricer.digest(of: queries, day: day)
    }
  }

  package init(segments: String, tags: [String], prices: Prices? = nil) {
    self.segments = segments
    self.tags = tags
    self.prices = prices
  }

  private static let kindKey = "tally.rollup"
  private static let segmentsKey = "tally.segments_digest"
  private static let pricesKey = "tally.prices_digest"
  private static let catalogsKey = "tally.catalogs_digest"
  private static let versionKey = "tally.catalog"
  private static let queriesKey = "tally.price_queries"
  private static let noPrices = "none"

  /// The key-value pairs of the footer.
  package func metadata(_ kind: RollupKind) -> [(String, String)] {
    var pairs = lines(kind)
    guard let prices else { return pairs + [(Self.pricesKey, Self.noPrices)] }
    pairs += [(Self.pricesKey, prices.digest), (Self.catalogsKey, prices.fingerprint)]
    pairs += [(Self.versionKey, prices.version)]
    return pairs + [(Self.queriesKey, prices.queries.map { "\($0.line)\n" }.joined())]
  }

  /// What kind of rollup a file says it is.
  static func kind(of file: ParquetFile) -> String? { file.metadata(kindKey) }

  /// The digest of the lines that a file was made of, as it says.
  static func segments(of file: ParquetFile) -> String? { file.metadata(segmentsKey) }

  /// Whether a file was made of these lines and tags, at whatever prices.
  func isSame(_ file: ParquetFile, _ kind: RollupKind) -> Bool {
    lines(kind).allSatisfy { file.metadata($0.0)?.hasBytes(of: $0.1) ?? false }
  }

  private func lines(_ kind: RollupKind) -> [(String, String)] {
    [
      (Self.kindKey, kind.rawValue), ("tally.format_version", RollupSchema.version),
      (Self.segmentsKey, segments), ("tally.rollup_tags", Self.text(tags)),
    ]
  }

  /// What decides besides the day's lines how rollups come out.
  package static func inputs(tags: [String], prices: Pricer?) -> String {
    let pairs = RollupStamp(segments: "", tags: tags).lines(.day)
    // Rollups of an earlier tally do not list their lines; they are read, but made again.
    let more = [(catalogsKey, prices?.fingerprint ?? noPrices), ("tally.segments", "listed")]
    return (pairs + more).map { "\($0.0)=\($0.1)\n" }.joined()
  }

  /// Whether a file is what would be made now of these lines and tags at the prices of `pricer`.
  ///
  /// The file says which prices it asked for. Where no catalog has changed they are the same; where one has, they are
  /// looked up and compared, so a change makes stale those days whose prices it changes.
  package func matches(_ file: ParquetFile, _ kind: RollupKind, day: Int, _ pricer: Pricer?)
    throws(PricingError) -> Bool
  {
    guard isSame(file, kind), let digest = file.metadata(Self.pricesKey) else { return false }
    guard let pricer else { return digest == Self.noPrices }
    if file.metadata(Self.catalogsKey) == pricer.fingerprint {
      if let version = file.metadata(Self.versionKey) { pricer.learn(version: version) }
      return true
    }
    guard let text = file.metadata(Self.queriesKey) else { return false }
    let queries = text.split(separator: "\n").compactMap { PriceQuery(line: $0) }
    return try pricer.digest(of: queries, day: day) == digest
  }

  /// The tags with commas between them; a comma or backslash of a name has a backslash before it.
  private static func text(_ tags: [String]) -> String {
    let names = tags.map { tag in
      // By scalars: a comma with an accent behind it is a comma.
      tag.unicodeScalars.reduce(into: String.UnicodeScalarView()) { text, scalar in
        if scalar == "," || scalar == "\\" { text.append("\\") }
        text.append(scalar)
      }
    }
    return names.map { String($0) }.joined(separator: ",")
  }
}
