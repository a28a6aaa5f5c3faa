import Bytes
package import Files
import Rollup

extension RollupManifest {
  /// The bytes "tallyMAN".
  static let magic: UInt64 = 0x4E41_4D79_6C6C_6174
  static let version: UInt32 = 1

  /// The manifest in the file at `path`, when it is whole and for the same inputs; an empty one otherwise.
  package static func read(_ path: String, inputs: String) -> RollupManifest {
    guard let found = read(path), found.inputs == inputs else { return RollupManifest(inputs: inputs) }
    return found
  }

  /// How many events each day had, whatever its rollups were made with.
  static func events(_ path: String) -> [Int: UInt64] { read(path)?.days.mapValues(\.events) ?? [:] }

  private static func read(_ path: String) -> RollupManifest? {
    guard let bytes = try? Publish.contents(path) else { return nil }
    return bytes.withUnsafeBytes { bytes -> RollupManifest? in
      var reader = ManifestReader(bytes)
      return reader.manifest()
    }
  }

  /// Replaces the file at `path`.
  package func write(_ path: String) throws(FileError) {
    try Publish.replace(path, with: encoded().span.bytes)
  }

  /// The content of the file.
  package func encoded() -> [UInt8] {
    var output = ByteWriter(capacity: 256 + days.count * 160)
    output.append(littleEndian: Self.magic)
    output.append(littleEndian: Self.version)
    output.append(littleEndian: UInt32(days.count))
    Self.append(inputs, to: &output)
    for day in days.values.sorted(by: { $0.day < $1.day }) {
      output.append(littleEndian: Int32(day.day))
      output.append(littleEndian: day.events)
      output.append(littleEndian: UInt32(day.segments.count))
      for segment in day.segments {
        output.append(UInt8(segment.isSealed ? 1 : 0))
        Self.append(segment.name, to: &output)
      }
      for mark in day.marks.files {
        output.append(littleEndian: mark.inode)
        output.append(littleEndian: mark.sizeBytes)
        output.append(littleEndian: mark.changedNanoseconds)
      }
    }
    output.append(littleEndian: output.withBytes { XXH64.hash($0) })
    return output.array
  }

  private static func append(_ text: String, to output: inout ByteWriter) {
    output.append(littleEndian: UInt32(text.utf8.count))
    output.append(text)
  }
}

/// Reads the bytes of a manifest within their bounds; nil as soon as something is missing.
private struct ManifestReader {
  private static let checksumSizeBytes = 8

  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  /// `bytes` must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func manifest() -> RollupManifest? {
    let end = bytes.count - Self.checksumSizeBytes
    guard end > 0, integer(UInt64.self) == RollupManifest.magic,
      integer(UInt32.self) == RollupManifest.version
    else { return nil }
    var tail = ManifestReader(UnsafeRawBufferPointer(rebasing: bytes[end...]))
    guard tail.integer(UInt64.self) == XXH64.hash(RawSpan(_unsafeBytes: bytes).extracting(0..<end)),
      let count = integer(UInt32.self), let inputs = text()
    else { return nil }
    var manifest = RollupManifest(inputs: inputs)
    for _ in 0..<count {
      guard let day = day() else { return nil }
      // They were settled when they were written.
      manifest.add(day, at: .max)
    }
    return offset == end ? manifest : nil
  }

  private mutating func day() -> RollupManifest.Day? {
    guard let day = integer(Int32.self), let events = integer(UInt64.self), let count = integer(UInt32.self)
    else { return nil }
    var segments: [RollupManifest.Segment] = []
    for _ in 0..<count {
      guard let flag = integer(UInt8.self), let name = text() else { return nil }
      segments.append(.init(name: name, isSealed: flag == 1))
    }
    var marks = DayMarks([])
    let fileCount = 1 + RollupKind.allCases.count + segments.count
    marks.files.reserveCapacity(fileCount)
    for _ in 0..<fileCount {
      guard let mark = mark() else { return nil }
      marks.files.append(mark)
    }
    return .init(day: Int(day), events: events, segments: segments, marks: marks)
  }

  private mutating func mark() -> FileMark? {
    guard let inode = integer(UInt64.self), let size = integer(Int64.self), let time = integer(Int64.self)
    else { return nil }
    return FileMark(inode: inode, sizeBytes: size, changedNanoseconds: time)
  }

  private mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> T? {
    guard bytes.count - offset >= MemoryLayout<T>.size else { return nil }
    defer { offset += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  private mutating func text() -> String? {
    guard let count = integer(UInt32.self), bytes.count - offset >= Int(count) else { return nil }
    defer { offset += Int(count) }
    return String(decoding: bytes[offset..<offset + Int(count)], as: UTF8.self)
  }
}
