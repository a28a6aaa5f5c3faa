//! Bytes of the commit frame. All integers are little endian.

package import Bytes

/// Reading and writing of commit frames.
package enum CommitFormat {
  /// A zstd skippable frame starts with 0x184D2A50 … 0x184D2A5F; ours is this one.
  static let frameMagic: UInt32 = 0x184D_2A5B
  /// The bytes "tallyCMT".
  static let magic: UInt64 = 0x544D_4379_6C6C_6174
  /// The bytes "tallyEND".
  static let endMagic: UInt64 = 0x444E_4579_6C6C_6174
  static let version: UInt16 = 1
  static let headerSizeBytes = 8
  /// Frame size, version, checksum, end magic.
  package static let trailerSizeBytes = 24
  static let fixedSizeBytes = 104
  static let frameSizeBytesMin = headerSizeBytes + fixedSizeBytes + trailerSizeBytes
  /// No commit is larger: room for thousands of batches.
  static let frameSizeBytesMax = 1 << 20
  /// No data frame holds more, so that a reader's memory is bounded whatever the file says.
  package static let rawSizeBytesMax: UInt64 = 64 << 20
  /// No data frame is larger: zstd adds a 256th to what it cannot compress, and we grant twice that.
  static let dataSizeBytesMax: UInt64 = rawSizeBytesMax + rawSizeBytesMax / 128

  /// Appends the commit frame.
  package static func append(_ commit: Commit, to output: inout ByteWriter) {
    let start = output.count
    var payload = ByteWriter(capacity: 256)
    payload.append(littleEndian: magic)
    payload.append(littleEndian: version)
    payload.append(littleEndian: UInt16(0))
    payload.append(littleEndian: commit.sequence)
    payload.append(littleEndian: commit.generation)
    payload.append(littleEndian: commit.eventCount)
    payload.append(littleEndian: commit.dataSizeBytes)
    payload.append(littleEndian: commit.rawSizeBytes)
    payload.append(littleEndian: commit.dataHash)
    payload.append(littleEndian: commit.firstTime)
    payload.append(littleEndian: commit.lastTime)
    payload.append(littleEndian: commit.writtenAt)
    payload.append(littleEndian: commit.durableSizeBytes)
    payload.append(littleEndian: commit.total.events)
    payload.append(littleEndian: commit.total.rawSizeBytes)
    payload.append(littleEndian: commit.total.sum)
    append(commit.writer, to: &payload)
    payload.append(littleEndian: UInt16(commit.batches.count))
    for batch in commit.batches {
      append(batch.batch, to: &payload)
      payload.append(littleEndian: batch.lines)
    }
    let size = payload.count + trailerSizeBytes
    output.append(littleEndian: frameMagic)
    output.append(littleEndian: UInt32(size))
    payload.withBytes { output.append($0) }
    output.append(littleEndian: UInt32(size + headerSizeBytes))
    output.append(littleEndian: UInt32(version))
    let checksum = output.withBytes { XXH64.hash($0.extracting(start..<$0.byteCount)) }
    output.append(littleEndian: checksum)
    output.append(littleEndian: endMagic)
  }

  private static func append(_ text: String, to output: inout ByteWriter) {
    output.append(littleEndian: UInt16(text.utf8.count))
    output.append(text)
  }

  /// The size of the commit frame that ends with `trailer`; nil when these are not the last bytes of one.
  static func frameSize(trailer: RawSpan) -> Int? {
    guard trailer.byteCount == trailerSizeBytes else { return nil }
    guard word64(trailer, 16) == endMagic else { return nil }
    let size = Int(word32(trailer, 0))
    guard size >= frameSizeBytesMin, size <= frameSizeBytesMax else { return nil }
    return size
  }

  /// The version of the commit frame, of any version, that fills exactly `frame`; nil when it is none.
  static func version(ofFrame frame: RawSpan) -> UInt32? {
    let size = frame.byteCount
    guard size >= headerSizeBytes + trailerSizeBytes,
      frameSize(trailer: frame.extracting((size - trailerSizeBytes)..<size)) == size,
      word64(frame, size - 16) == XXH64.hash(frame.extracting(0..<(size - 16)))
    else { return nil }
    return word32(frame, size - 20)
  }

  /// The commit that fills exactly `frame`; nil when any byte of it is not as written.
  static func parse(_ frame: RawSpan) -> Commit? {
    let size = frame.byteCount
    guard size >= frameSizeBytesMin,
      word32(frame, 0) == frameMagic, Int(word32(frame, 4)) == size - headerSizeBytes,
      frameSize(trailer: frame.extracting((size - trailerSizeBytes)..<size)) == size,
      word64(frame, size - 16) == XXH64.hash(frame.extracting(0..<(size - 16))),
      word64(frame, 8) == magic, word16(frame, 16) == version
    else { return nil }
    var reader = TailReader(at: headerSizeBytes + fixedSizeBytes, end: size - trailerSizeBytes)
    guard let writer = reader.text(frame), let count = reader.word16(frame) else { return nil }
    var batches: [Commit.BatchCount] = []
    for _ in 0..<count {
      guard let batch = reader.text(frame), let lines = reader.word32(frame) else { return nil }
      batches.append(.init(batch: batch, lines: lines))
    }
    guard reader.isAtEnd else { return nil }
    return Commit(
      sequence: word32(frame, 20), generation: word32(frame, 24), eventCount: word32(frame, 28),
      dataSizeBytes: word64(frame, 32), rawSizeBytes: word64(frame, 40), dataHash: word64(frame, 48),
      firstTime: Int64(bitPattern: word64(frame, 56)), lastTime: Int64(bitPattern: word64(frame, 64)),
      writtenAt: Int64(bitPattern: word64(frame, 72)),
      durableSizeBytes: word64(frame, 80),
      total: SegmentDigest(
        events: word64(frame, 88), rawSizeBytes: word64(frame, 96), sum: word64(frame, 104)),
      writer: writer, batches: batches)
  }

  static func word16(_ bytes: RawSpan, _ at: Int) -> UInt16 {
    UInt16(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt16.self))
  }

  static func word32(_ bytes: RawSpan, _ at: Int) -> UInt32 {
    UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  static func word64(_ bytes: RawSpan, _ at: Int) -> UInt64 {
    UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// Reads the part of variable length, within its bounds.
  private struct TailReader {
    var at: Int
    let end: Int

    var isAtEnd: Bool { at == end }

    mutating func word16(_ frame: RawSpan) -> UInt16? {
      guard at + 2 <= end else { return nil }
      defer { at += 2 }
      return CommitFormat.word16(frame, at)
    }

    mutating func word32(_ frame: RawSpan) -> UInt32? {
      guard at + 4 <= end else { return nil }
      defer { at += 4 }
      return CommitFormat.word32(frame, at)
    }

    mutating func text(_ frame: RawSpan) -> String? {
      guard let count = word16(frame), at + Int(count) <= end else { return nil }
      defer { at += Int(count) }
      return frame.extracting(at..<(at + Int(count))).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
  }
}
