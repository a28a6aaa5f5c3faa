//! One day as it is now: its segments opened, so that appends and seals that happen meanwhile change nothing, and a
//! digest over what is committed in them. Equal digests mean equal lines; sealing changes neither.

import Bytes
package import Files
package import Rollup
package import SegmentLog

/// An open segment that can be kept in a list.
final class OpenSegment {
  let writer: String
  let file: SegmentFile

  init(_ segment: StoreListing.Segment) throws(SegmentError) {
    writer = segment.writer
    file = try SegmentFile.open(segment.path)
  }
}

/// The committed events of one UTC day.
package struct DaySnapshot {
  /// Days since 1970.
  package let day: Int
  private let segments: [OpenSegment]
  private let damagesAtOpening: [SegmentError]
  private let found = DamageList()

  /// Segments that are not whole, as far as is known by now: only what stands before the damage can be read.
  package var damages: [SegmentError] { damagesAtOpening + found.errors }

  /// Events committed, repeats and voids included.
  package var events: UInt64 { segments.reduce(0) { $0 + $1.file.digest.events } }
  /// Size of those events as text.
  package var rawSizeBytes: UInt64 { segments.reduce(0) { $0 + $1.file.digest.rawSizeBytes } }

  /// Opens the segments of a day.
  package init(_ layout: StoreLayout, day: Int) throws(SegmentError) {
    self.day = day
    let list: [StoreListing.Segment]
    do throws(FileError) {
      list = try StoreListing.segments(layout, day: day)
    } catch {
      throw .file(error)
    }
    var open: [OpenSegment] = []
    for segment in list { open.append(try OpenSegment(segment)) }
    segments = open
    damagesAtOpening = open.compactMap { $0.file.damage }
  }

  /// What identifies the lines: a hash of each writer's name and digest, in the order of names.
  package var digest: String {
    var text = ""
    for segment in segments where segment.file.digest.events > 0 {
      let digest = segment.file.digest
      text += "\(segment.writer) \(digest.events) \(digest.rawSizeBytes) \(Hexadecimal.text(digest.sum))\n"
    }
    let bytes = Array(text.utf8)
    return Hexadecimal.text(XXH64.hash(bytes)) + Hexadecimal.text(XXH64.hash(bytes, seed: 1))
  }

  /// Folds the day in memory.
  ///
  /// Cost: the day's lines are read twice; up to `cacheSizeBytesMax` of them are kept between.
  ///
  /// - Parameter isStrict: whether damage is an error; otherwise the lines before it are folded and `damages` says so.
  package func fold(
    tags: [String], window: Range<Int64>? = nil, isStrict: Bool = true, cacheSizeBytesMax: UInt64 = 64 << 20
  ) throws(DayError) -> DayRollups {
    var fold = DayFold(day: day, tags: tags, expected: Int(clamping: events), window: window)
    let cache: FrameCache? = rawSizeBytes <= cacheSizeBytesMax ? FrameCache() : nil
    try forEachFrame(isStrict: isStrict) { (lines, place) throws(DayError) in
      try DayError.wrap(place) { () throws(FoldError) in try fold.note(ids: lines) }
      cache?.add(lines)
    }
    if let cache {
      try cache.forEach { (lines) throws(DayError) in
        try DayError.wrap("the day") { () throws(FoldError) in try fold.fold(lines) }
      }
    } else {
      try forEachFrame(isStrict: isStrict) { (lines, place) throws(DayError) in
        try DayError.wrap(place) { () throws(FoldError) in try fold.fold(lines) }
      }
    }
    do throws(FoldError) {
      return try fold.finish()
    } catch {
      throw .fold("the day", error)
    }
  }

  private func forEachFrame(
    isStrict: Bool, _ body: (_ lines: RawSpan, _ place: String) throws(DayError) -> Void
  ) throws(DayError) {
    var compressed = ByteWriter(capacity: 1 << 16)
    var lines = ByteWriter(capacity: 1 << 20)
    var decompressor = FrameDecompressor()
    for segment in segments {
      for frame in segment.file.frames {
        lines.removeAll()
        do throws(SegmentError) {
          try segment.file.read(frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
        } catch {
          guard case .damaged = error, !isStrict else { throw .segment(error) }
          // What follows cannot be trusted; what came before can.
          found.note(error)
          break
        }
        try lines.withBytes { (bytes) throws(DayError) in
          try body(bytes, "\(segment.file.file.path): offset \(frame.offset)")
        }
      }
    }
  }
}

/// Damage that was met while reading, each place once.
private final class DamageList {
  private(set) var errors: [SegmentError] = []

  func note(_ error: SegmentError) {
    if !errors.contains(error) { errors.append(error) }
  }
}

/// Decompressed frames kept between the two passes.
private final class FrameCache {
  private var bytes = ByteWriter(capacity: 1 << 20)

  func add(_ lines: RawSpan) { bytes.append(lines) }

  func forEach(_ body: (RawSpan) throws(DayError) -> Void) throws(DayError) {
    try bytes.withBytes { (all) throws(DayError) in try body(all) }
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

  static func wrap(_ place: @autoclosure () -> String, _ body: () throws(FoldError) -> Void) throws(DayError)
  {
    do throws(FoldError) {
      try body()
    } catch {
      throw .fold(place(), error)
    }
  }
}
