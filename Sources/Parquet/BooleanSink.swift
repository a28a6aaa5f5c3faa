//! Decodes pages of truth values.

/// Collects truth values.
struct BooleanSink: ValueSink {
  private var values: [Bool]
  private var filled = 0

  init(_ rowCount: Int) {
    values = [Bool](repeating: false, count: rowCount)
  }

  mutating func takeDictionary(_ page: PageBytes, count: Int) throws(Damage) {
    throw Damage(offset: 0, what: "a dictionary of truth values", isUnsupported: true)
  }

  func entry(_ index: Int) -> ParquetScalar? { nil }

  mutating func append(_ page: PageBytes, _ encoding: Encoding, count: Int) throws(Damage) {
    switch encoding {
    case .plain:
      guard BitPacking.size(count, width: 1) <= page.count else {
        throw Damage(offset: 0, what: "\(page.count) bytes for \(count) truth values")
      }
      appendPacked(page, 0, count)
    case .rle:
      // The length of the runs precedes them.
      guard page.count >= 4, page.word32(0) <= page.count - 4 else {
        throw Damage(offset: 0, what: "truth values past the page's end")
      }
      let runs = page.part(4, 4 + Int(page.word32(0)))
      var reader = try RunLengthReader(runs, width: 1)
      var remaining = count
      while remaining > 0 {
        let run = try reader.next(remaining: remaining)
        remaining -= run.count
        switch run {
        case .repeated(let value, let count):
          for index in filled..<filled + count { values[index] = value == 1 }
          filled += count
        case .packed(let offset, let count): appendPacked(runs, offset, count)
        }
      }
    default: throw Damage(offset: 0, what: "truth values encoded as \(encoding)", isUnsupported: true)
    }
  }

  private mutating func appendPacked(_ page: PageBytes, _ offset: Int, _ count: Int) {
    for index in 0..<count {
      values[filled + index] = BitPacking.narrow(page, offset, index, width: 1, mask: 1) == 1
    }
    filled += count
  }

  mutating func spread(_ levels: UnsafeBufferPointer<UInt8>, present: Int) {
    let start = filled - present
    var from = filled - 1
    for index in levels.indices.reversed() {
      if levels[index] == 1 {
        values[start + index] = values[from]
        from -= 1
      } else {
        values[start + index] = false
      }
    }
    filled = start + levels.count
  }

  mutating func appendAbsent(_ count: Int) { filled += count }

  consuming func finish(nulls: [Bool]) throws(Damage) -> ParquetValues {
    .booleans(values, nulls: nulls)
  }
}
