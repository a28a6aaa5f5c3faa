//! Reads column chunks: page after page is decompressed into scratch memory, its levels are read, its values go
//! to a sink for the column's type. A chunk that is one run of one value is recognised before anything is
//! unpacked, so a column of zeros costs the same for ten rows and for ten million.

import Bytes
import Zstd

/// Where the values of a chunk go.
protocol ValueSink {
  /// Whether `finish` wants to know which values are absent; others know.
  static var needsNulls: Bool { get }
  /// Takes the entries of the dictionary page.
  mutating func takeDictionary(_ page: PageBytes, count: Int) throws(Damage)
  /// Decodes `count` values.
  mutating func append(_ page: PageBytes, _ encoding: Encoding, count: Int) throws(Damage)
  /// Moves the last `present` values apart, to where `levels` has a 1, and puts nothing in between.
  mutating func spread(_ levels: UnsafeBufferPointer<UInt8>, present: Int)
  /// Appends `count` absent values.
  mutating func appendAbsent(_ count: Int)
  /// Entry `index` of the dictionary.
  func entry(_ index: Int) -> ParquetScalar?
  /// What was decoded; `nulls` is empty when nothing is absent.
  consuming func finish(nulls: [Bool]) throws(Damage) -> ParquetValues
}

extension ValueSink {
  static var needsNulls: Bool { true }
}

enum ChunkDecoder {
  /// Decodes the chunk in `bytes`.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, _ layout: ColumnLayout, _ codec: Codec, rowCount: Int,
    with scratch: inout ParquetScratch
  ) throws(Damage) -> ParquetValues {
    switch layout.column.type {
    case .int64, .timestampMillisecondsUTC, .date:
      let sink = NumberSink(layout, scratch.integers(rowCount))
      return try pages(bytes, sink, layout, codec, rowCount, &scratch)
    case .decimal38Scale12:
      let sink = NumberSink(layout, scratch.decimals(rowCount))
      return try pages(bytes, sink, layout, codec, rowCount, &scratch)
    case .string: return try pages(bytes, StringSink(rowCount), layout, codec, rowCount, &scratch)
    case .boolean: return try pages(bytes, BooleanSink(rowCount), layout, codec, rowCount, &scratch)
    case .unsupported(let what): throw Damage(offset: 0, what: "its type is \(what)", isUnsupported: true)
    }
  }

  private static func pages<Sink: ValueSink>(
    _ bytes: UnsafeRawBufferPointer, _ emptySink: consuming Sink, _ layout: ColumnLayout, _ codec: Codec,
    _ rowCount: Int, _ scratch: inout ParquetScratch
  ) throws(Damage) -> ParquetValues {
    // Consumed: a second owner would have the values copied as soon as the first is written.
    var sink = consume emptySink
    var reader = ThriftReader(bytes)
    var nulls: [Bool] = []
    var done = 0
    while done < rowCount {
      let start = reader.offset
      guard start < bytes.count else {
        throw Damage(offset: start, what: "\(rowCount - done) values are missing")
      }
      let header = try PageHeader(&reader)
      let body = UnsafeRawBufferPointer(
        rebasing: bytes[reader.offset..<reader.offset + header.compressedSize])
      reader.advance(header.compressedSize)
      guard header.type != PageType.index.rawValue else { continue }
      try load(body, header, codec, at: start, &scratch)
      let result: ParquetScalar?
      do throws(Damage) {
        result = try takePage(header, layout, rowCount, done, &sink, &nulls, &scratch)
      } catch {
        throw Damage(offset: start, what: "\(error.what)", isUnsupported: error.isUnsupported)
      }
      if let result { return .constant(result, count: rowCount) }
      if header.type != PageType.dictionary.rawValue { done += header.valueCount }
    }
    return try sink.finish(nulls: nulls)
  }

  /// Puts the page's content into the scratch memory, padded.
  private static func load(
    _ body: UnsafeRawBufferPointer, _ header: PageHeader, _ codec: Codec, at start: Int,
    _ scratch: inout ParquetScratch
  ) throws(Damage) {
    scratch.page.removeAll()
    scratch.page.append(UnsafeRawBufferPointer(rebasing: body[..<header.levelsSize]))
    let rest = UnsafeRawBufferPointer(rebasing: body[header.levelsSize...])
    let size = header.uncompressedSize - header.levelsSize
    if codec == .uncompressed || !header.isCompressed {
      guard rest.count == size else { throw Damage(offset: start, what: "a page of two sizes") }
      scratch.page.append(rest)
    } else if size > 0 || !rest.isEmpty {
      do throws(ZstdError) {
        try scratch.zstd.decompress(RawSpan(_unsafeBytes: rest), size: size, into: &scratch.page)
      } catch {
        throw Damage(offset: start, what: "zstd: \(error)")
      }
    }
    for _ in 0..<Format.pagePadding { scratch.page.append(0) }
  }

  /// Decodes the loaded page; returns a value when it is that of the whole chunk.
  private static func takePage<Sink: ValueSink>(
    _ header: PageHeader, _ layout: ColumnLayout, _ rowCount: Int, _ done: Int, _ sink: inout Sink,
    _ nulls: inout [Bool], _ scratch: inout ParquetScratch
  ) throws(Damage) -> ParquetScalar? {
    guard let encoding = Encoding(rawValue: header.encoding) else {
      throw Damage(offset: 0, what: "a page of unknown encoding \(header.encoding)", isUnsupported: true)
    }
    var levels: [UInt8] = []
    swap(&levels, &scratch.levels)
    defer { swap(&levels, &scratch.levels) }
    return try scratch.page.withBytes { (span) throws(Damage) -> ParquetScalar? in
      // The span outlives the closure's use of its pointer, which goes nowhere else.
      let base = span.withUnsafeBytes { $0.baseAddress }
      guard let base else { return nil }
      let page = PageBytes(base: base, count: span.byteCount - Format.pagePadding)
      switch PageType(rawValue: header.type) {
      case .dictionary:
        guard encoding == .plain || encoding == .plainDictionary else {
          throw Damage(offset: 0, what: "a dictionary encoded as \(encoding)", isUnsupported: true)
        }
        guard header.valueCount <= Format.rowGroupRowsMax else {
          throw Damage(offset: 0, what: "a dictionary of \(header.valueCount) entries")
        }
        try sink.takeDictionary(page, count: header.valueCount)
        return nil
      case .data, .dataV2:
        guard header.valueCount <= rowCount - done else {
          throw Damage(offset: 0, what: "more values than the \(rowCount) rows")
        }
        let (present, values) = try readLevels(page, header, layout, &levels)
        if header.valueCount == rowCount, let scalar = try constant(values, encoding, present, rowCount, sink)
        {
          return scalar
        }
        try take(values, encoding, header.valueCount, present, levels, done, &sink, &nulls)
        return nil
      default: throw Damage(offset: 0, what: "a page of unknown type \(header.type)", isUnsupported: true)
      }
    }
  }

  private static func take<Sink: ValueSink>(
    _ values: PageBytes, _ encoding: Encoding, _ count: Int, _ present: Int, _ levels: [UInt8], _ done: Int,
    _ sink: inout Sink, _ nulls: inout [Bool]
  ) throws(Damage) {
    if present > 0 { try sink.append(values, encoding, count: present) }
    if present == 0 {
      sink.appendAbsent(count)
    } else if present < count {
      levels.withUnsafeBufferPointer { sink.spread($0, present: present) }
    }
    if Sink.needsNulls { note(levels, count, present, done, &nulls) }
  }

  /// Notes which of `count` values are absent; none before were, when `nulls` is empty.
  private static func note(
    _ levels: [UInt8], _ count: Int, _ present: Int, _ done: Int, _ nulls: inout [Bool]
  ) {
    if present < count, nulls.isEmpty { nulls = [Bool](repeating: false, count: done) }
    if present == 0 {
      nulls.append(contentsOf: repeatElement(true, count: count))
    } else if present < count {
      nulls.append(contentsOf: levels.lazy.map { $0 == 0 })
    } else if !nulls.isEmpty {
      nulls.append(contentsOf: repeatElement(false, count: count))
    }
  }

  /// Reads a data page's definition levels: how many values are present, and where the values are.
  ///
  /// `levels` is filled only when some but not all are present.
  private static func readLevels(
    _ page: PageBytes, _ header: PageHeader, _ layout: ColumnLayout, _ levels: inout [UInt8]
  ) throws(Damage) -> (Int, PageBytes) {
    let count = header.valueCount
    let isVersion2 = header.type == PageType.dataV2.rawValue
    guard header.repetitionsSize == 0 else { throw Damage(offset: 0, what: "a flat column with repetitions") }
    guard layout.column.isOptional else { return (count, page.part(header.levelsSize, page.count)) }
    var start = 0
    var size = header.levelsSize
    if !isVersion2 {
      guard header.levelEncoding == Encoding.rle.rawValue else {
        throw Damage(offset: 0, what: "definition levels that are not RLE", isUnsupported: true)
      }
      guard page.count >= 4 else { throw Damage(offset: 0, what: "a page without definition levels") }
      start = 4
      size = Int(page.word(0) & 0xFFFF_FFFF)
    }
    guard size <= page.count - start else {
      throw Damage(offset: 0, what: "definition levels past the page's end")
    }
    let values = page.part(start + size, page.count)
    guard count > 0 else { return (0, values) }
    var reader = try RunLengthReader(page.part(start, start + size), width: 1)
    var run = try reader.next(remaining: count)
    if case .repeated(let level, count) = run { return (level == 1 ? count : 0, values) }
    levels.removeAll(keepingCapacity: true)
    levels.reserveCapacity(count)
    while true {
      switch run {
      case .repeated(let level, let length):
        levels.append(contentsOf: repeatElement(UInt8(level), count: length))
      case .packed(let offset, let length):
        let part = reader.page
        for index in 0..<length {
          levels.append(UInt8(BitPacking.narrow(part, offset, index, width: 1, mask: 1)))
        }
      }
      guard levels.count < count else { break }
      run = try reader.next(remaining: count - levels.count)
    }
    return (levels.reduce(0) { $0 + Int($1) }, values)
  }

  /// The value of a chunk whose only data page holds one run of one value.
  private static func constant(
    _ values: PageBytes, _ encoding: Encoding, _ present: Int, _ count: Int, _ sink: some ValueSink
  ) throws(Damage) -> ParquetScalar? {
    if present == 0 && count > 0 { return .null }
    guard encoding == .rleDictionary || encoding == .plainDictionary, present == count, values.count > 0
    else { return nil }
    var reader = try RunLengthReader.indices(values)
    guard case .repeated(let index, count) = try reader.next(remaining: count) else { return nil }
    return sink.entry(Int(index))
  }
}

extension RunLengthReader {
  /// A reader of dictionary indices, whose width stands before them.
  static func indices(_ page: PageBytes) throws(Damage) -> RunLengthReader {
    guard page.count > 0 else { throw Damage(offset: 0, what: "dictionary indices without a width") }
    return try RunLengthReader(
      page.part(1, page.count), width: Int(page.base.load(as: UInt8.self)))
  }

  /// Calls `body` with every run of `count` dictionary indices and where it begins.
  mutating func forEachRun(
    _ count: Int, _ body: (Int, Run) throws(Damage) -> Void
  ) throws(Damage) {
    var at = 0
    while at < count {
      let run = try next(remaining: count - at)
      try body(at, run)
      at += run.count
    }
  }
}
