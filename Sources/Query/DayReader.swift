import Compaction
import Parquet
import Rollup
import SegmentLog

/// Brings the rollups of one UTC day to an aggregator, from files that are current or folded in memory.
struct DayReader {
  private let layout: StoreLayout
  private let snapshot: DaySnapshot
  private let tags: [String]
  private let stamp: RollupStamp
  private let needsSessions: Bool
  private var files: [RollupKind: RollupFile?] = [:]
  private var folded: DayRollups?

  init(layout: StoreLayout, snapshot: DaySnapshot, tags: [String], needsSessions: Bool) {
    self.layout = layout
    self.snapshot = snapshot
    self.tags = tags
    self.needsSessions = needsSessions
    stamp = RollupStamp(segments: snapshot.digest, tags: tags)
  }

  /// Adds one piece of the day.
  mutating func add(_ piece: ReportRun.Piece, to aggregator: inout DayAggregator) throws {
    if needsSessions, let window = piece.window {
      // Session rollups have no minutes: the edge of a day is folded from its events.
      let rollups = try snapshot.fold(tags: tags, window: window)
      return try add(MemoryTable(table: rollups.session), piece, nil, &aggregator)
    }
    let kind: RollupKind = needsSessions ? .session : needsMinutes(piece) ? .minute : .day
    let window = kind == .minute ? piece.window : nil
    if let file = file(kind) {
      let before = aggregator
      do throws(ParquetError) {
        return try add(FileTable(file: file), piece, window, &aggregator)
      } catch {
        // A column that cannot be read is as good as no file: the segments have it all.
        aggregator = before
        files[kind] = .some(nil)
      }
    }
    try add(MemoryTable(table: try fold()[kind]), piece, window, &aggregator)
  }

  private func add(
    _ table: some TableSource, _ piece: ReportRun.Piece, _ window: Range<Int64>?,
    _ aggregator: inout DayAggregator
  ) throws(ParquetError) {
    try aggregator.add(table, bucket: piece.bucket, window: window, bucketEnd: piece.bucketEnd)
  }

  /// Minutes are read for the edges of a bucket, and for a whole day that holds providers' buckets, because only
  /// their start tells whether one is cut.
  private mutating func needsMinutes(_ piece: ReportRun.Piece) -> Bool {
    if piece.window != nil { return true }
    guard let file = file(.day) else { return true }
    for part in 0..<file.parquet.rowGroups.count {
      if case .constant(.null, _)? = try? FileTable(file: file).values("period", part) { continue }
      return true
    }
    return false
  }

  private mutating func file(_ kind: RollupKind) -> RollupFile? {
    if let known = files[kind] { return known }
    let file = RollupFile.open(layout, kind, day: snapshot.day, stamp: stamp)
    files[kind] = .some(file)
    return file
  }

  private mutating func fold() throws -> DayRollups {
    if let folded { return folded }
    let rollups = try snapshot.fold(tags: tags)
    folded = rollups
    return rollups
  }
}
