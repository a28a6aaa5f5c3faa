//! Lines that are plain but for members under names that are not ours. What is known to be harmless is passed over and
//! its place noted, so that the rest can be copied around it. The parser knows the names (`ForeignNames`): a line with
//! one that it has not judged yet, or that means something, is the parser's.

package import Bytes

extension PlainLine {
  /// Passes over members with names that are not ours, from the brace or comma at `start` on.
  ///
  /// The next name is most likely the one that stood there last.
  ///
  /// - Returns: what is behind the last of them; -1 when there is none.
  @inline(never)
  func passForeign(
    _ names: ForeignNames, _ before: UnsafeMutablePointer<Spelling>, _ base: UnsafeRawPointer, _ start: Int,
    _ size: Int, _ readable: Int
  ) -> Int {
    if names.count == 0 { return -1 }
    let line = RawSpan(_unsafeStart: base, byteCount: size)
    var place = names.expected + before.pointee.field
    var at = start
    while at &+ 1 &+ Self.room <= readable {
      var number = place.pointee
      if number < 0 || !Self.isSpelling(names, number, base, at &+ 1) {
        if at != start, Self.isKey(before.pointee.next, base, at &+ 1) { break }
        number = find(names, base, at &+ 1, size)
        if number < 0 { break }
        place.pointee = number
      }
      let value = at &+ names.entries[number].count &+ 4
      let end = harmlessEnd(names, number, line, value)
      if end < 0 || !note(number, at, end, base, isFirst: before == spellings) { break }
      at = end
      place = UnsafeMutableRawPointer(names.entries + number).advanced(by: Self.nextOffset)
        .assumingMemoryBound(to: Int.self)
      if Self.byte(base, at) != UInt8(ascii: ",") { break }
    }
    return at == start ? -1 : at
  }

  private static let nextOffset = MemoryLayout<ForeignNames.Entry>.offset(of: \.next) ?? 0

  /// Whether a name with its quotes and colon stands at `at`.
  @inline(__always)
  private static func isSpelling(
    _ names: ForeignNames, _ number: Int, _ base: UnsafeRawPointer, _ at: Int
  ) -> Bool {
    let spelling = UnsafeRawPointer(names.spellings + number &* ForeignNames.spellingSizeBytesMax)
    let size = names.entries[number].count &+ 3
    var offset = 0
    while offset &+ 8 <= size {
      if word(base, at &+ offset) != word(spelling, offset) { return false }
      offset &+= 8
    }
    let rest = size &- offset
    let mask: UInt64 = rest == 0 ? 0 : .max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* rest)
    return (word(base, at &+ offset) ^ word(spelling, offset)) & mask == 0
  }

  /// The number of the name whose quote stands at `at`; -1 when it is not known.
  private func find(_ names: ForeignNames, _ base: UnsafeRawPointer, _ at: Int, _ size: Int) -> Int {
    guard Self.byte(base, at) == UInt8(ascii: "\"") else { return -1 }
    let end = textEnd(at &+ 1, size)
    guard end > at, end &- at < Self.room, Self.byte(base, end &+ 1) == UInt8(ascii: ":") else { return -1 }
    let name = RawSpan(_unsafeStart: base + at + 1, byteCount: end &- at &- 1)
    return names.known(name, hash: TableHash.hash(name))
  }

  /// What is behind the value at `at`, if the parser would drop it under this name; else -1.
  private func harmlessEnd(_ names: ForeignNames, _ number: Int, _ line: RawSpan, _ at: Int) -> Int {
    guard at &+ 1 < line.byteCount, !names.entries[number].isKept else { return -1 }
    guard names.entries[number].harmless & ForeignField.Value(line, at).bit != 0 else { return -1 }
    if JSONScanner.byte(line, at) == UInt8(ascii: "\"") {
      let end = textEnd(at &+ 1, line.byteCount)
      return end < 0 ? -1 : end &+ 1
    }
    guard let end = try? JSONScanner.valueEnd(line, at), end < line.byteCount else { return -1 }
    return end
  }

  /// Notes a member that is passed over, with the comma before it, or behind it at the beginning.
  private func note(
    _ number: Int, _ start: Int, _ end: Int, _ base: UnsafeRawPointer, isFirst: Bool
  ) -> Bool {
    if isFirst, Self.byte(base, end) != UInt8(ascii: ",") { return false }
    let count = reading.pointee.foreignCount
    if count == Self.foreignMax { return false }
    let shift = isFirst ? 1 : 0
    let gap = Place(
      start: Int32(truncatingIfNeeded: start &+ shift), end: Int32(truncatingIfNeeded: end &+ shift))
    foreign[count] = number
    reading.pointee.foreignCount = count &+ 1
    let last = reading.pointee.gapCount &- 1
    if count > 0, gaps[last].end == gap.start {
      gaps[last].end = gap.end
    } else {
      let place = count == 0 ? 0 : last &+ 1
      gaps[place] = gap
      reading.pointee.gapCount = place &+ 1
    }
    return true
  }

  /// Counts the members that were passed over as dropped.
  package func countDropped() {
    guard let names else { return }
    for index in 0..<foreignCount { names.drop(foreign[index]) }
  }

  /// Appends the bytes of `range` of the line that was read, without the members that were passed over.
  package func appendKept(_ line: RawSpan, _ range: Range<Int>, to output: inout ByteWriter) {
    var at = range.lowerBound
    for index in 0..<(foreignCount == 0 ? 0 : reading.pointee.gapCount) {
      let gap = gaps[index]
      let end = min(Int(gap.start), range.upperBound)
      if at < end { output.append(line, at..<end) }
      at = max(at, min(Int(gap.end), range.upperBound))
    }
    if at < range.upperBound { output.append(line, at..<range.upperBound) }
  }
}
