import Compaction
import Parquet
import Pricing
import Rollup
import SegmentLog

/// What sees the rows of rollups.
protocol RollupFold {
  /// Sees the rows of `table` that belong to `pieces`; throws a `ParquetError`, or a `SumTooLarge`.
  mutating func add(_ table: some TableSource, _ pieces: [ReportRun.Piece]) throws
}

/// Brings the rollups of one UTC day to a fold, from files that are current or folded in memory.
struct DayReader {
  private let layout: StoreLayout
  private let snapshot: DaySnapshot
  private let tags: [String]
  private let prices: Pricer?
  /// What prices all events instead; files are of no use then.
  private let otherPrices: (any PriceSource)?
  private let stamp: RollupStamp
  private let needsSessions: Bool
  private let isByMinute: Bool
  private let memory: ReadingMemory
  private let evidence: DayEvidence
  /// What the day lost, once it was asked.
  private var loss: DayLoss??
  private var files: [RollupKind: FileTable?] = [:]
  private var rollups: DayRollups?

  init(
    layout: StoreLayout, snapshot: DaySnapshot, tags: [String], prices: Pricer?,
    otherPrices: (any PriceSource)? = nil, needsSessions: Bool, isByMinute: Bool,
    memory: ReadingMemory, evidence: DayEvidence
  ) {
    precondition(!(needsSessions && isByMinute), "sessions have no minutes")
    self.prices = prices
    self.otherPrices = otherPrices
    self.memory = memory
    self.evidence = evidence
    self.layout = layout
    self.snapshot = snapshot
    self.tags = tags
    self.needsSessions = needsSessions
    self.isByMinute = isByMinute
    stamp = RollupStamp(segments: snapshot.digest, tags: tags)
  }

  /// Adds pieces of the day.
  mutating func add(_ pieces: [ReportRun.Piece], to aggregator: inout DayAggregator) throws {
    var parts: [RollupKind: [ReportRun.Piece]] = [:]
    for piece in pieces {
      if needsSessions, let window = piece.window {
        _ = try file(.session)
        // Session rollups have no minutes: the edge of a day is folded from its events.
        let rollups = try snapshot.fold(
          tags: tags, prices: otherPrices ?? prices, window: window, isStrict: false)
        try aggregator.add(MemoryTable(table: rollups.session), [piece.whole])
      } else {
        let kind: RollupKind = needsSessions ? .session : try needsMinutes(piece) ? .minute : .day
        parts[kind, default: []].append(piece)
      }
    }
    for (kind, pieces) in parts { try add(kind, pieces, to: &aggregator) }
  }

  /// The accounts with events on the day, as `AccountSpan.text` writes them.
  mutating func accounts() throws -> [UInt8] {
    if let accounts = try file(.day)?.file.accounts { return accounts }
    return Array(AccountSpan.text(try folded().accounts).utf8)
  }

  /// Shows a fold pieces of one rollup.
  mutating func add(
    _ kind: RollupKind, _ pieces: [ReportRun.Piece], to fold: inout some RollupFold
  ) throws {
    if let file = try file(kind) {
      let before = fold
      do {
        return try fold.add(file, pieces)
      } catch {
        // A column that cannot be read, or summed, is as good as no file: the segments have it all.
        fold = before
        files[kind] = .some(nil)
      }
    }
    try fold.add(MemoryTable(table: try folded()[kind]), pieces)
  }

  /// Minutes are read for the edges of a bucket, and for a whole day that holds providers' buckets, because only
  /// their start tells whether one is cut.
  private mutating func needsMinutes(_ piece: ReportRun.Piece) throws(PricingError) -> Bool {
    if isByMinute || piece.window != nil { return true }
    guard let file = try file(.day) else { return true }
    for part in 0..<file.partCount {
      if case .constant(.null, _)? = try? file.values("period", part) { continue }
      return true
    }
    return false
  }

  private mutating func file(_ kind: RollupKind) throws(PricingError) -> FileTable? {
    if otherPrices != nil { return nil }
    if let known = files[kind] { return known }
    let current = try RollupFile.open(layout, kind, day: snapshot.day, stamp: stamp, prices: prices)
    let file = (current ?? fileBeforeLoss(kind)).map { FileTable(file: $0, memory: memory) }
    files[kind] = .some(file)
    return file
  }

  /// The rollup from before the day lost events; nil when it lost none, or when as much is left.
  private mutating func fileBeforeLoss(_ kind: RollupKind) -> RollupFile? {
    let loss = self.loss ?? evidence.loss(of: snapshot)
    self.loss = loss
    guard let loss else { return nil }
    snapshot.note(loss)
    return loss.rollupDigest.flatMap {
      RollupFile.open(layout, kind, day: snapshot.day, madeOf: $0, tags: tags)
    }
  }

  /// Why the day could not be read whole, as far as is known by now.
  var problems: [String] {
    let isShownAsRolledUp = (loss ?? nil) != nil && files.values.contains { $0 != nil }
    return snapshot.damages.map {
      isShownAsRolledUp ? "\($0); the day is shown as it was rolled up" : "\($0)"
    }
  }

  private mutating func folded() throws -> DayRollups {
    if let rollups { return rollups }
    let folded = try snapshot.fold(tags: tags, prices: otherPrices ?? prices, isStrict: false)
    rollups = folded
    return folded
  }
}
