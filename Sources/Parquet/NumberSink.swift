//! Decodes pages of numbers: integers, timestamps, dates, decimals.

/// Collects Int64 or Int128.
struct NumberSink<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable>: ValueSink {
  private let layout: ColumnLayout
  private var dictionary: [Number] = []
  private var values: [Number]
  private var filled = 0

  /// A sink for as many values as `memory` has; what is in it is overwritten.
  init(_ layout: ColumnLayout, _ memory: consuming [Number]) {
    self.layout = layout
    values = memory
  }

  private var plainWidth: Int {
    switch layout.physical {
    case .int32: 4
    case .int64: 8
    default: layout.byteCount
    }
  }

  mutating func takeDictionary(_ page: PageBytes, count: Int) throws(Damage) {
    // Checked before memory is taken for as many as the page says.
    try checkPlain(page, count)
    var entries = [Number](repeating: 0, count: count)
    entries.withUnsafeMutableBufferPointer { Self.decodePlain(page, layout, into: $0) }
    dictionary = entries
  }

  func entry(_ index: Int) -> ParquetScalar? {
    guard layout.conversion == .none, index < dictionary.count else { return nil }
    return scalar(dictionary[index])
  }

  private func scalar(_ number: Number) -> ParquetScalar {
    Number.bitWidth > 64 ? .decimal(Int128(number)) : .integer(Int64(truncatingIfNeeded: number))
  }

  mutating func append(_ page: PageBytes, _ encoding: Encoding, count: Int) throws(Damage) {
    // In bounds: the caller never appends more values than there are rows.
    let range = filled..<filled + count
    switch encoding {
    case .plain:
      try checkPlain(page, count)
      let layout = layout
      values.withUnsafeMutableBufferPointer {
        Self.decodePlain(page, layout, into: UnsafeMutableBufferPointer(rebasing: $0[range]))
      }
    case .rleDictionary, .plainDictionary: try decodeIndices(page, range)
    case .deltaBinaryPacked where layout.physical == .int64 || layout.physical == .int32:
      try decodeDelta(page, range)
    default:
      throw Damage(offset: 0, what: "numbers encoded as \(encoding)", isUnsupported: true)
    }
    filled += count
  }

  private func checkPlain(_ page: PageBytes, _ count: Int) throws(Damage) {
    guard page.count / plainWidth >= count else {
      throw Damage(offset: 0, what: "\(page.count) bytes for \(count) values of \(plainWidth)")
    }
  }

  private static func decodePlain(
    _ page: PageBytes, _ layout: ColumnLayout, into output: UnsafeMutableBufferPointer<Number>
  ) {
    // In bounds: `checkPlain` came before.
    switch layout.physical {
    case .int32 where layout.conversion == .unsigned32:
      for index in 0..<output.count { output[index] = Number(truncatingIfNeeded: page.word32(index &* 4)) }
    case .int32:
      for index in 0..<output.count {
        output[index] = Number(truncatingIfNeeded: Int32(bitPattern: page.word32(index &* 4)))
      }
    case .int64:
      for index in 0..<output.count {
        output[index] = Number(truncatingIfNeeded: Int64(bitPattern: page.word(index &* 8)))
      }
    default:
      let width = layout.byteCount
      for index in 0..<output.count {
        output[index] = Number(truncatingIfNeeded: decimal(page, index &* width, width))
      }
    }
  }

  @inline(__always)
  private static func decimal(_ page: PageBytes, _ offset: Int, _ width: Int) -> Int128 {
    guard width == 16 else {
      return Plain.bigEndian(UnsafeRawBufferPointer(start: page.base + offset, count: width))
    }
    let high = Int64(bitPattern: page.word(offset).byteSwapped)
    return Int128(high) &<< 64 | Int128(page.word(offset &+ 8).byteSwapped)
  }

  private mutating func decodeIndices(_ page: PageBytes, _ range: Range<Int>) throws(Damage) {
    var reader = try RunLengthReader.indices(page)
    let width = reader.width
    let mask = BitPacking.mask(width)
    let indices = reader.page
    let entries = dictionary
    try values.withUnsafeMutableBufferPointer { (values) throws(Damage) in
      try entries.withUnsafeBufferPointer { (entries) throws(Damage) in
        try reader.forEachRun(range.count) { (at, run) throws(Damage) in
          let start = range.lowerBound + at
          switch run {
          case .repeated(let entry, let count):
            guard entry < entries.count else {
              throw Damage(offset: 0, what: "an index beyond the dictionary")
            }
            values[start..<start + count].update(repeating: entries[Int(entry)])
          case .packed(let offset, let count):
            for index in 0..<count {
              let entry = BitPacking.narrow(indices, offset, index, width: width, mask: mask)
              guard entry < UInt64(entries.count) else {
                throw Damage(offset: 0, what: "an index beyond the dictionary")
              }
              values[start &+ index] = entries[Int(truncatingIfNeeded: entry)]
            }
          }
        }
      }
    }
  }

  private mutating func decodeDelta(_ page: PageBytes, _ range: Range<Int>) throws(Damage) {
    if Number.bitWidth == 64 {
      try values.withUnsafeMutableBufferPointer { (values) throws(Damage) in
        let target = UnsafeMutableBufferPointer(rebasing: values[range])
        guard let base = target.baseAddress else { return }
        // The generic Number is Int64 here: same size, same bits.
        let raw = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Int64.self)
        _ = try DeltaBinaryPacked.decode(
          page, into: UnsafeMutableBufferPointer(start: raw, count: target.count))
      }
    } else {
      var numbers = [Int64](repeating: 0, count: range.count)
      try numbers.withUnsafeMutableBufferPointer { (numbers) throws(Damage) in
        _ = try DeltaBinaryPacked.decode(page, into: numbers)
      }
      for (index, number) in numbers.enumerated() { values[range.lowerBound + index] = Number(number) }
    }
    // 32-bit differences wrap at 32 bits, so only the low half means something.
    guard layout.physical == .int32 else { return }
    for index in range {
      let low = UInt32(truncatingIfNeeded: values[index])
      values[index] =
        layout.conversion == .unsigned32
        ? Number(truncatingIfNeeded: low) : Number(truncatingIfNeeded: Int32(bitPattern: low))
    }
  }

  mutating func spread(_ levels: UnsafeBufferPointer<UInt8>, present: Int) {
    let start = filled - present
    var from = filled - 1
    // Backwards in place: a value only ever moves up.
    for index in levels.indices.reversed() {
      if levels[index] == 1 {
        values[start &+ index] = values[from]
        from &-= 1
      } else {
        values[start &+ index] = 0
      }
    }
    filled = start + levels.count
  }

  mutating func appendAbsent(_ count: Int) {
    for index in filled..<filled + count { values[index] = 0 }
    filled += count
  }

  consuming func finish(nulls: [Bool]) throws(Damage) -> ParquetValues {
    try convert()
    if let numbers = values as? [Int64] { return .integers(numbers, nulls: nulls) }
    if let numbers = values as? [Int128] { return .decimals(numbers, nulls: nulls) }
    return .decimals(values.map { Int128($0) }, nulls: nulls)
  }

  private mutating func convert() throws(Damage) {
    switch layout.conversion {
    case .none, .unsigned32: return
    case .unsigned64:
      guard !values.contains(where: { $0 < 0 }) else {
        throw Damage(offset: 0, what: "a number of 2^63 or more", isUnsupported: true)
      }
    case .divide(let divisor):
      let divisor = Number(divisor)
      for index in values.indices {
        let (quotient, remainder) = values[index].quotientAndRemainder(dividingBy: divisor)
        guard remainder == 0 else {
          throw Damage(offset: 0, what: "a time that is not whole milliseconds", isUnsupported: true)
        }
        values[index] = quotient
      }
    case .multiply(let factor):
      let factor = Number(factor)
      for index in values.indices {
        let (product, overflow) = values[index].multipliedReportingOverflow(by: factor)
        guard !overflow else {
          throw Damage(
            offset: 0, what: "a decimal with more than 26 digits before the point", isUnsupported: true)
        }
        values[index] = product
      }
    }
  }
}

extension PageBytes {
  /// The little-endian half word at `offset`, which must be at most `count`.
  @inline(__always)
  func word32(_ offset: Int) -> UInt32 {
    // In bounds: four bytes from `count` on are within the padding.
    UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
