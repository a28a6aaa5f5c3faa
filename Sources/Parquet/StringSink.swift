//! Decodes pages of strings. A dictionary page becomes the dictionary; strings that lie in data pages (other
//! engines stop using a dictionary when it grows large) are looked up in a hash table and added to it.

import Bytes

/// Collects numbers of strings.
struct StringSink: ValueSink {
  static let needsNulls = false

  private var dictionary = ParquetDictionary()
  private var dictionaryCount = 0
  private var indices: [Int32]
  private var filled = 0
  /// Numbers of strings by hash, -1 where empty; made when first needed, always a power of two long.
  private var slots: [Int32] = []

  init(_ rowCount: Int) {
    indices = [Int32](repeating: -1, count: rowCount)
  }

  mutating func takeDictionary(_ page: PageBytes, count: Int) throws(Damage) {
    guard page.count / 4 >= count else {
      throw Damage(offset: 0, what: "\(page.count) bytes for \(count) strings")
    }
    var entries = ParquetDictionary()
    entries.reserve(count: count, byteCount: page.count - 4 * count)
    var offset = 0
    for _ in 0..<count { entries.append(try Self.plain(page, &offset)) }
    dictionary = entries
    dictionaryCount = count
    slots = []
  }

  func entry(_ index: Int) -> ParquetScalar? {
    index < dictionaryCount ? .string(Array(dictionary[index])) : nil
  }

  mutating func append(_ page: PageBytes, _ encoding: Encoding, count: Int) throws(Damage) {
    switch encoding {
    case .rleDictionary, .plainDictionary: try decodeIndices(page, count)
    case .plain:
      var offset = 0
      for _ in 0..<count { try appendIndex(of: try Self.plain(page, &offset)) }
    case .deltaLengthByteArray: try decodeDeltaLength(page, count)
    default: throw Damage(offset: 0, what: "strings encoded as \(encoding)", isUnsupported: true)
    }
  }

  /// The string at `offset`, after its length.
  private static func plain(_ page: PageBytes, _ offset: inout Int) throws(Damage) -> UnsafeRawBufferPointer {
    guard offset + 4 <= page.count else { throw Damage(offset: offset, what: "a string is missing") }
    let count = Int(page.word32(offset))
    offset += 4
    guard count <= page.count - offset else {
      throw Damage(offset: offset, what: "a string past the page's end")
    }
    defer { offset += count }
    return UnsafeRawBufferPointer(start: page.base + offset, count: count)
  }

  private mutating func decodeIndices(_ page: PageBytes, _ count: Int) throws(Damage) {
    var reader = try RunLengthReader.indices(page)
    let width = reader.width
    let mask = BitPacking.mask(width)
    let packed = reader.page
    let entries = UInt64(dictionaryCount)
    let first = filled
    // In bounds: the caller never appends more values than there are rows.
    try indices.withUnsafeMutableBufferPointer { (indices) throws(Damage) in
      try reader.forEachRun(count) { (at, run) throws(Damage) in
        let start = first + at
        switch run {
        case .repeated(let entry, let count):
          guard entry < entries else { throw Damage(offset: 0, what: "an index beyond the dictionary") }
          indices[start..<start + count].update(repeating: Int32(entry))
        case .packed(let offset, let count):
          for index in 0..<count {
            let entry = BitPacking.narrow(packed, offset, index, width: width, mask: mask)
            guard entry < entries else { throw Damage(offset: 0, what: "an index beyond the dictionary") }
            indices[start &+ index] = Int32(truncatingIfNeeded: entry)
          }
        }
      }
    }
    filled += count
  }

  private mutating func decodeDeltaLength(_ page: PageBytes, _ count: Int) throws(Damage) {
    var lengths = [Int64](repeating: 0, count: count)
    var offset = try lengths.withUnsafeMutableBufferPointer { (lengths) throws(Damage) in
      try DeltaBinaryPacked.decode(page, into: lengths)
    }
    for length in lengths {
      guard (0...Int64(page.count - offset)).contains(length) else {
        throw Damage(offset: offset, what: "a string past the page's end")
      }
      try appendIndex(of: UnsafeRawBufferPointer(start: page.base + offset, count: Int(length)))
      offset += Int(length)
    }
  }

  private mutating func appendIndex(of string: UnsafeRawBufferPointer) throws(Damage) {
    if slots.count < 2 * (dictionary.count + 1) { growSlots() }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: XXH64.hash(string)) & mask
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      let isSame = dictionary.bytes.withUnsafeBytes { bytes in
        UnsafeRawBufferPointer(rebasing: bytes[dictionary.range(number)]).elementsEqual(string)
      }
      if isSame {
        indices[filled] = Int32(number)
        filled += 1
        return
      }
      slot = (slot + 1) & mask
    }
    guard dictionary.bytes.count + string.count <= Int(Int32.max) else {
      throw Damage(offset: 0, what: "more than 2 GiB of strings", isUnsupported: true)
    }
    slots[slot] = Int32(dictionary.count)
    indices[filled] = Int32(dictionary.count)
    filled += 1
    dictionary.append(string)
  }

  private mutating func growSlots() {
    var size = max(64, slots.count * 2)
    while size < 2 * (dictionary.count + 1) { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
    dictionary.bytes.withUnsafeBytes { bytes in
      for number in 0..<dictionary.count {
        let string = UnsafeRawBufferPointer(rebasing: bytes[dictionary.range(number)])
        var slot = Int(truncatingIfNeeded: XXH64.hash(string)) & (size - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
        slots[slot] = Int32(number)
      }
    }
  }

  mutating func spread(_ levels: UnsafeBufferPointer<UInt8>, present: Int) {
    let start = filled - present
    var from = filled
    // In bounds: the caller never appends more values than there are rows.
    indices.withUnsafeMutableBufferPointer { indices in
      // Backwards in place: a number only ever moves up.
      for index in levels.indices.reversed() {
        // What comes before all that is absent is in its place.
        if from == start &+ index &+ 1 { break }
        from &-= Int(levels[index])
        indices[start &+ index] = levels[index] == 1 ? indices[from] : -1
      }
    }
    filled = start + levels.count
  }

  mutating func appendAbsent(_ count: Int) { filled += count }

  consuming func finish(nulls: [Bool]) throws(Damage) -> ParquetValues {
    .strings(dictionary, indices: indices)
  }
}
