import Bytes
import Files
import Zstd

/// Finds the commits of a segment.
enum SegmentIndex {
  /// The commit that ends at `end`, with its frame; nil when there is none.
  static func commit(_ file: borrowing File, endingAt end: Int) throws(FileError) -> SegmentFrame? {
    guard end >= CommitFormat.trailerSizeBytes else { return nil }
    // Most commits are shorter than this, so one read brings trailer and frame.
    var buffer = ByteWriter(capacity: 512)
    let guess = min(end, 256)
    try file.read(guess, at: end - guess, into: &buffer)
    let size = buffer.withBytes { bytes in
      bytes.byteCount == guess
        ? CommitFormat.frameSize(
          trailer: bytes.extracting((guess - CommitFormat.trailerSizeBytes)..<guess)) : nil
    }
    guard let size, size <= end else { return nil }
    if size > guess {
      buffer.removeAll()
      try file.read(size, at: end - size, into: &buffer)
    }
    let commit = buffer.withBytes { bytes in
      bytes.byteCount >= size
        ? CommitFormat.parse(bytes.extracting((bytes.byteCount - size)..<bytes.byteCount)) : nil
    }
    guard let commit, commit.dataSizeBytes <= UInt64(end - size) else { return nil }
    let offset = end - size - Int(commit.dataSizeBytes)
    return commit.isPossible(at: offset) ? SegmentFrame(offset: offset, commit: commit, end: end) : nil
  }

  /// All frames of a file that is whole; nil when any commit is missing or does not continue the one before.
  static func backwards(_ file: borrowing File, size: Int) throws(FileError) -> [SegmentFrame]? {
    var frames: [SegmentFrame] = []
    var end = size
    while end > 0 {
      guard let frame = try commit(file, endingAt: end) else { return nil }
      if let next = frames.last, !continues(next.commit, after: frame.commit) { return nil }
      frames.append(frame)
      end = frame.offset
    }
    if let first = frames.last, !continues(first.commit, after: nil) { return nil }
    frames.reverse()
    return frames
  }

  static func continues(_ next: Commit, after last: Commit?) -> Bool {
    let before = last?.total ?? SegmentDigest()
    let sequence = last.map { $0.sequence &+ 1 } ?? 0
    return next.sequence == sequence && next.generation >= (last?.generation ?? 0)
      && next.total.events == before.events &+ UInt64(next.eventCount)
      && next.total.rawSizeBytes == before.rawSizeBytes &+ next.rawSizeBytes
  }

  /// Why the walk ended before the end of the file.
  enum Stop: Equatable {
    /// The file ends before the frame or its commit does, or what follows never was a frame: a torn write.
    case torn
    /// Everything is there, but it does not match.
    case mismatch(String)

    /// What to say when it is damage.
    var reason: String {
      switch self {
      case .torn: "no whole zstd frame, but commits follow"
      case .mismatch(let reason): reason
      }
    }
  }

  /// The frames of the longest valid prefix, and why it ends there.
  static func forwards(
    _ file: borrowing File, size: Int
  ) throws(FileError) -> (frames: [SegmentFrame], stop: Stop?) {
    var frames: [SegmentFrame] = []
    var offset = 0
    var buffer = ByteWriter(capacity: 1 << 16)
    while offset < size {
      guard let dataSize = try frameSize(file, at: offset, size: size, &buffer) else {
        return (frames, .torn)
      }
      let hash = buffer.withBytes { XXH64.hash($0.extracting(0..<dataSize)) }
      let commitAt = offset + dataSize
      buffer.removeAll()
      try file.read(CommitFormat.headerSizeBytes, at: commitAt, into: &buffer)
      guard buffer.count == CommitFormat.headerSizeBytes else { return (frames, .torn) }
      let end = buffer.withBytes { commitAt + CommitFormat.headerSizeBytes + Int(CommitFormat.word32($0, 4)) }
      if end > size { return (frames, .torn) }
      guard let frame = try commit(file, endingAt: end) else {
        return (frames, .mismatch("the frame has no valid commit"))
      }
      guard frame.offset == offset, frame.commit.dataHash == hash else {
        return (frames, .mismatch("the data does not match its commit"))
      }
      guard continues(frame.commit, after: frames.last?.commit) else {
        return (frames, .mismatch("the commit does not continue the one before"))
      }
      frames.append(frame)
      offset = end
    }
    return (frames, nil)
  }

  /// The size of the zstd frame at `offset`, its bytes left in `buffer`; nil when there is none that we would write.
  private static func frameSize(
    _ file: borrowing File, at offset: Int, size: Int, _ buffer: inout ByteWriter
  ) throws(FileError) -> Int? {
    let most = min(size - offset, Int(CommitFormat.dataSizeBytesMax))
    var window = 1 << 16
    while true {
      buffer.removeAll()
      try file.read(min(window, most), at: offset, into: &buffer)
      switch buffer.withBytes({ ZstdFrame.start($0) }) {
      case .frame(let found): return found
      case .nothing: return nil
      case .partial: if window >= most { return nil }
      }
      window *= 4
    }
  }

  /// The last commit in the file that is valid with its data and lies above `floor`.
  ///
  /// - Parameter durable: how much of the file is known to be durable; data before that is not looked at.
  static func lastCommit(
    _ file: borrowing File, size: Int, above floor: Int, durable: Int = 0
  ) throws(FileError) -> SegmentFrame? {
    let chunk = 1 << 20
    var high = size
    var buffer = ByteWriter(capacity: chunk)
    while high > floor {
      let low = max(floor, high - chunk)
      buffer.removeAll()
      // Seven more bytes, so that a magic across the border is seen.
      try file.read(min(high + 7, size) - low, at: low, into: &buffer)
      let ends = buffer.withBytes { endMagics($0) }
      for end in ends.reversed() where low + end <= size {
        guard let frame = try commit(file, endingAt: low + end), frame.offset >= floor else { continue }
        if isDurable(frame) || frame.end <= durable { return frame }
        if try dataMatches(file, frame) { return frame }
      }
      high = low
    }
    return nil
  }

  /// What recovery keeps: the last valid commit such that nothing behind what was known to be durable is broken.
  ///
  /// What was durable is not looked at: if it rotted since, that is damage to report, and no reason to cut what
  /// was acknowledged after it.
  ///
  /// - Parameter durable: how much of the file is known to be durable, besides what its commits say.
  static func lastIntact(
    _ file: borrowing File, size: Int, durable: Int = 0
  ) throws(FileError) -> SegmentFrame? {
    var end = size
    while true {
      var candidate = try commit(file, endingAt: end)
      if candidate == nil {
        candidate = try lastCommit(file, size: end, above: 0, durable: durable)
      }
      guard let last = candidate else { return nil }
      guard let rest = try intactMax(file, upTo: last, durable: durable) else { return last }
      end = rest
    }
  }

  /// Where, going back from `last` to what was known to be durable, an intact frame can end at most: before the first
  /// that does not match.
  ///
  /// Nil when all frames match their commits.
  private static func intactMax(
    _ file: borrowing File, upTo last: SegmentFrame, durable: Int
  ) throws(FileError) -> Int? {
    let durable = max(last.commit.durableSizeBytes, UInt64(durable))
    var frame = last
    while UInt64(frame.end) > durable {
      guard try dataMatches(file, frame) else { return frame.end - 1 }
      if UInt64(frame.offset) <= durable { return nil }
      guard let before = try commit(file, endingAt: frame.offset),
        continues(frame.commit, after: before.commit)
      else { return frame.offset }
      frame = before
    }
    return nil
  }

  /// Whether what a note says was durable is there, as far as commits tell: `last` is what it is about, or goes on
  /// from it.
  static func holds(
    _ file: borrowing File, _ note: DurableNote, upTo last: SegmentFrame?
  ) throws(FileError) -> Bool {
    var frame = last
    while let current = frame, current.end > note.end {
      if current.offset < note.end { return false }
      frame = try commit(file, endingAt: current.offset)
    }
    return frame?.end == note.end && frame?.commit.total == note.total
  }

  /// Whether a frame was durable when its own commit was written: only a rewrite can say so.
  private static func isDurable(_ frame: SegmentFrame) -> Bool {
    frame.commit.durableSizeBytes >= UInt64(frame.end)
  }

  /// The refusal when a commit above `floor` is whole but of another version.
  ///
  /// It is nothing torn, and whoever cuts it would destroy what a newer tally wrote. Every version keeps the
  /// trailer as it is.
  static func otherVersion(
    _ file: borrowing File, size: Int, above floor: Int
  ) throws(FileError) -> SegmentError? {
    var buffer = ByteWriter(capacity: 1 << 16)
    var low = floor
    while low < size {
      buffer.removeAll()
      try file.read(min(1 << 20, size - low), at: low, into: &buffer)
      for end in buffer.withBytes({ endMagics($0) }) {
        guard let version = try version(file, endingAt: low + end), version != CommitFormat.version else {
          continue
        }
        return .damaged(
          path: file.path, offset: low + end - CommitFormat.trailerSizeBytes,
          reason:
            "written in format version \(version), this tally knows \(CommitFormat.version): update tally")
      }
      // Seven bytes again, so that a magic across the border is seen.
      low += max(1, buffer.count - 7)
      if size - low < CommitFormat.trailerSizeBytes / 3 { break }
    }
    return nil
  }

  /// The version of the whole commit frame, of any version, that ends at `end`.
  private static func version(_ file: borrowing File, endingAt end: Int) throws(FileError) -> UInt32? {
    guard end >= CommitFormat.trailerSizeBytes else { return nil }
    var buffer = ByteWriter(capacity: 512)
    try file.read(
      CommitFormat.trailerSizeBytes, at: end - CommitFormat.trailerSizeBytes, into: &buffer)
    guard let size = buffer.withBytes({ CommitFormat.frameSize(trailer: $0) }), size <= end else {
      return nil
    }
    buffer.removeAll()
    try file.read(size, at: end - size, into: &buffer)
    return buffer.withBytes { $0.byteCount == size ? CommitFormat.version(ofFrame: $0) : nil }
  }

  /// Offsets just behind each end magic.
  private static func endMagics(_ bytes: RawSpan) -> [Int] {
    var ends: [Int] = []
    var end = 8
    while end <= bytes.byteCount {
      if CommitFormat.word64(bytes, end - 8) == CommitFormat.endMagic { ends.append(end) }
      // The next place where the byte that is last here is one of a magic's.
      end += distance(toEndOfMagicFrom: bytes.unsafeLoad(fromByteOffset: end - 1, as: UInt8.self))
    }
    return ends
  }

  /// How far behind a byte a magic can end at least, that does not end with it.
  private static func distance(toEndOfMagicFrom byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "N"): 1
    case UInt8(ascii: "E"): 2
    case UInt8(ascii: "y"): 3
    case UInt8(ascii: "l"): 4
    case UInt8(ascii: "a"): 6
    case UInt8(ascii: "t"): 7
    default: 8
    }
  }

  static func dataMatches(_ file: borrowing File, _ frame: SegmentFrame) throws(FileError) -> Bool {
    var buffer = ByteWriter(capacity: Int(frame.commit.dataSizeBytes))
    try file.read(Int(frame.commit.dataSizeBytes), at: frame.offset, into: &buffer)
    return buffer.withBytes {
      $0.byteCount == Int(frame.commit.dataSizeBytes) && XXH64.hash($0) == frame.commit.dataHash
    }
  }
}
