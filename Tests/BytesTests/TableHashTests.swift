import Bytes
import TestSupport
import Testing

@Suite struct TableHashTests {
  private func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  /// Every bit counts, at every size that takes another way.
  @Test func noBitIsOverlooked() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    for count in 1...100 {
      var text = bytes(count, &random)
      var seen: Set<UInt64> = [TableHash.hash(text.span.bytes)]
      for bit in 0..<(count * 8) {
        text[bit / 8] ^= 1 << UInt8(bit % 8)
        seen.insert(TableHash.hash(text.span.bytes))
        text[bit / 8] ^= 1 << UInt8(bit % 8)
      }
      #expect(seen.count == count * 8 + 1, "seed \(seed), \(count) bytes")
    }
  }

  /// Where the bytes stand does not matter, nor what stands around them.
  @Test func onlyTheBytesCount() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    for count in 0...100 {
      let text = bytes(count, &random)
      for start in 0..<9 {
        let around = bytes(start, &random) + text + bytes(9, &random)
        let hash = TableHash.hash(around.span.bytes.extracting(start..<(start + count)))
        #expect(hash == TableHash.hash(text.span.bytes), "seed \(seed), \(count) bytes")
      }
    }
  }

  /// Tables use the upper half: keys that differ little must spread there as numbers drawn by chance would.
  @Test func upperHalvesSpread() {
    let keys = (0..<100_000).map { Array("user-\($0)@example.com".utf8) }
    let halves = Set(keys.map { TableHash.hash($0.span.bytes) >> 32 })
    // Of 100,000 numbers of 32 bits about one pair is equal.
    #expect(halves.count > 99_980)
    let slots = Set(halves.map { $0 & 0x1FFFF })
    // 131,072 · (1 − e^(−100,000 / 131,072)) ≈ 69,900 are hit.
    #expect((69_000...70_800).contains(slots.count))
  }
}
