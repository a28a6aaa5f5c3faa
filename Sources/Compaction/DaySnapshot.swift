//! One day as it is now: what is committed in its segments, and a digest over it, so that appends and seals that happen
//! meanwhile change nothing. Equal digests mean equal lines; sealing changes neither.

import Bytes
package import Files
package import Pricing
package import Rollup
package import SegmentLog
import Synchronization

/// The committed events of one UTC day.
package struct DaySnapshot {
  /// Days since 1970.
  package let day: Int
  private(set) var segments: [OpenSegment]
  /// Segments that could not be opened, and those that were damaged already.
  private let damagesAtOpening: [SegmentError]
  let found = DamageList()

  /// Segments that are not whole, as far as is known by now: only what stands before the damage can be read.
  package var damages: [SegmentError] { damagesAtOpening + found.errors }

  /// Whether the day has no segments at all.
  package var isEmpty: Bool { segments.isEmpty && damagesAtOpening.isEmpty }
  /// Events committed, repeats and voids included.
  package var events: UInt64 { segments.reduce(0) { $0 + $1.digest.events } }
  /// Size of those events as text.
  package var rawSizeBytes: UInt64 { segments.reduce(0) { $0 + $1.digest.rawSizeBytes } }

  /// Opens the segments of a day; one that cannot be opened costs no other.
  ///
  /// - Parameter keptMax: how many segments the process keeps open, whatever their day.
  package init(
    _ layout: StoreLayout, day: Int, keptMax: Int = System.keptFilesMax
  ) throws(SegmentError) {
    self.day = day
    let list: [StoreListing.Segment]
    do throws(FileError) {
      list = try StoreListing.segments(layout, day: day)
    } catch {
      throw .file(error)
    }
    var open: [OpenSegment] = []
    var damages: [SegmentError] = []
    for segment in list {
      do throws(SegmentError) {
        let opened = try OpenSegment(writer: segment.writer, path: segment.path, keptMax: keptMax)
        open.append(opened)
        if let damage = opened.damage { damages.append(damage) }
      } catch {
        damages.append(error)
      }
    }
    segments = open
    damagesAtOpening = damages
  }

  /// The segments as a manifest lists them, by name.
  var manifestSegments: [RollupManifest.Segment] {
    segments.map { .init(name: Folders.name(of: $0.path), isSealed: $0.isSealed) }
  }

  /// The committed lines.
  package var lines: StoredLines {
    StoredLines(segments.map { .init(writer: $0.writer, total: $0.digest) })
  }

  /// What identifies them.
  package var digest: String { lines.digest }

  /// The files that could not be opened.
  var unreadablePaths: Set<String> {
    Set(damagesAtOpening.compactMap { if case .file(let error) = $0 { error.path } else { nil } })
  }

  /// What a writer's segment lacks of lines that it had; nil when it begins with them.
  func lack(of claim: LineClaim, path: String) -> SegmentError? {
    guard let segment = segments.first(where: { $0.writer == claim.writer }) else {
      return .lost(path: path, known: claim.total.events, found: 0)
    }
    do throws(SegmentError) {
      return try segment.withFile { (file) throws(SegmentError) in
        if let note = claim.note, !file.isSubject(of: note) { return nil }
        if try file.begins(with: claim.total) { return nil }
        return .lost(path: path, known: claim.total.events, found: file.digest.events)
      }
    } catch {
      return error
    }
  }

  /// Adds what the day lost to its damages.
  package func note(_ loss: DayLoss) {
    for error in loss.errors { found.note(error) }
  }

  /// Folds the day in memory; see `settled`.
  package func fold(
    tags: [String], prices: (any PriceSource)? = nil, window: Range<Int64>? = nil, isStrict: Bool = true
  ) throws(DayError) -> DayRollups {
    let settled = try settled(tags: tags, prices: prices, window: window, isStrict: isStrict)
    return try DayError.wrap("the day") { () throws(FoldError) in try settled.rollups() }
  }

  /// Reads the day and finds out what counts.
  ///
  /// Cost: the day's lines are read once; frames that hold a line of an id that occurs more than once, and that tables
  /// do not settle, are read again.
  ///
  /// - Parameters:
  ///   - prices: what prices events; without it none has a computed cost.
  ///   - isStrict: whether damage is an error; otherwise the lines before it are folded and `damages` says so.
  ///   - crew: who reads parts of the day side by side; nil to read it as one.
  ///   - partCount: into how many parts the day is cut.
  package func settled(
    tags: [String], prices: (any PriceSource)? = nil, window: Range<Int64>? = nil, isStrict: Bool = true,
    crew: Crew? = nil, partCount: Int = 1
  ) throws(DayError) -> SettledDay {
    try again { (snapshot) throws(DayError) in
      let parts = snapshot.read(tags: tags, isStrict: isStrict, crew, partCount)
      return try snapshot.settle(parts, prices: prices, window: window)
    }
  }

  /// Does `body`, again if a segment that is not kept open was replaced by one with the same lines.
  private func again<Value: ~Copyable>(
    _ body: (DaySnapshot) throws(DayError) -> Value
  ) throws(DayError) -> Value {
    var snapshot = self
    for _ in 0..<3 {
      do throws(DayError) {
        return try body(snapshot)
      } catch {
        guard case .segment(.replaced) = error else { throw error }
        snapshot.segments = try DayError.wrap { () throws(SegmentError) in
          try segments.map { (segment) throws(SegmentError) in try segment.found() }
        }
      }
    }
    return try body(snapshot)
  }

  /// Reads the day event by event, as far as it is whole.
  package func located(tags: [String], prices: (any PriceSource)? = nil) throws(DayError) -> LocatedDay {
    try again { (snapshot) throws(DayError) in
      let parts = snapshot.read(tags: tags, isStrict: false, nil, 1)
      let settled = try snapshot.settle(parts, prices: prices, window: nil)
      return LocatedDay(DayEvents(settled), snapshot.scanned(parts))
    }
  }

  private func read(tags: [String], isStrict: Bool, _ crew: Crew?, _ partCount: Int) -> [DayPart] {
    // What follows damage cannot be trusted, and a part does not know what was found in another.
    let parts = parts(isStrict ? partCount : 1).map { frames in
      DayPart(frames, day: day, tags: tags, isStrict: isStrict, found: found)
    }
    if let crew {
      crew.split(parts.count) { parts[$0].scan() }
    } else {
      for part in parts { part.scan() }
    }
    return parts
  }

  /// The frames that parts have read, and which lines of the day are theirs, in order.
  private func scanned(_ parts: [DayPart]) -> [ReadFrame] {
    var frames: [ReadFrame] = []
    for part in parts {
      let start = frames.last?.lines.upperBound ?? 0
      frames += part.scanned.map { frame in
        ReadFrame(
          frame: frame.frame, lines: (frame.lines.lowerBound + start)..<(frame.lines.upperBound + start))
      }
    }
    return frames
  }

  private func settle(
    _ parts: [DayPart], prices: (any PriceSource)?, window: Range<Int64>?
  ) throws(DayError) -> SettledDay {
    var scan = try parts[0].takeScan()
    for part in parts.dropFirst() { scan.absorb(try part.takeScan()) }
    var fold = DayFold(scan, window: window)
    var reader = FrameReader()
    while fold.hasContest {
      for frame in scanned(parts) where fold.needsLines(frame.lines) {
        try DayError.wrap { () throws(SegmentError) in try reader.read(frame.frame) }
        reader.withLines { fold.addAgain($0, frame.lines) }
      }
      do throws(FoldError) {
        try fold.endContest()
      } catch {
        throw .fold("the day", error)
      }
    }
    return fold.finish(prices: prices)
  }

  /// The frames of all segments, in order, cut into runs of about the same size.
  private func parts(_ count: Int) -> [[DayFrame]] {
    let frames = segments.flatMap { segment in
      segment.frames.map { DayFrame(segment: segment, frame: $0) }
    }
    let count = max(1, min(count, frames.count))
    var parts: [[DayFrame]] = [[]]
    var size: UInt64 = 0
    for frame in frames {
      if size * UInt64(count) >= rawSizeBytes * UInt64(parts.count), parts.count < count { parts.append([]) }
      parts[parts.count - 1].append(frame)
      size += frame.frame.commit.rawSizeBytes
    }
    return parts
  }
}

/// Damage that was met while reading, each place once.
final class DamageList: Sendable {
  private let list = Mutex<[SegmentError]>([])

  var errors: [SegmentError] { list.withLock { $0 } }

  func note(_ error: SegmentError) {
    list.withLock { if !$0.contains(error) { $0.append(error) } }
  }
}

/// Why a day cannot be rolled up.
package enum DayError: Error, Equatable, CustomStringConvertible {
  case segment(SegmentError)
  case fold(String, FoldError)
  case file(FileError)
  case rollup(String)

  package var description: String {
    switch self {
    case .segment(let error): error.description
    case .fold(let place, let error): "\(place): \(error)"
    case .file(let error): error.description
    case .rollup(let text): text
    }
  }

  static func wrap<Value>(_ body: () throws(SegmentError) -> Value) throws(DayError) -> Value {
    do throws(SegmentError) {
      return try body()
    } catch {
      throw .segment(error)
    }
  }

  static func wrap<Value>(
    _ place: @autoclosure () -> String, _ body: () throws(FoldError) -> Value
  ) throws(DayError) -> Value {
    do throws(FoldError) {
      return try body()
    } catch {
      throw .fold(place(), error)
    }
  }
}
