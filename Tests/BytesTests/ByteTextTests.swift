import Testing

@testable import Bytes

/// Texts are the same when their bytes are, whatever Unicode takes for one.
@Suite struct ByteTextTests {
  private static let spellings = ["e\u{301}", "\u{E9}", "\u{212B}", "\u{C5}", "A\u{30A}", "", "e", "ea", "z"]

  @Test func theyAreComparedAsBytes() {
    for a in Self.spellings {
      for b in Self.spellings {
        let isSame = Array(a.utf8) == Array(b.utf8)
        #expect((ByteText(a) == ByteText(b)) == isSame && a.hasBytes(of: b) == isSame)
        #expect((ByteText(a) < ByteText(b)) == a.utf8.lexicographicallyPrecedes(b.utf8))
        #expect(a.precedesInBytes(b) == (ByteText(a) < ByteText(b)))
      }
    }
    #expect("e\u{301}" == "\u{E9}", "which is why")
    #expect(Set(Self.spellings.map { ByteText($0) }).count == Self.spellings.count)
    #expect(Set(Self.spellings).count < Self.spellings.count)
    #expect(ByteText(Array("\u{E9}".utf8)) == "\u{E9}" && "\(ByteText("x"))" == "x")
  }

  @Test func listsOfThem() {
    #expect(["z", "e\u{301}", "\u{E9}", "z"].uniqued == ["z", "e\u{301}", "\u{E9}"])
    #expect(
      ["\u{E9}", "z", "e\u{301}"].sortedByBytes.map { Array($0.utf8) }
        == ["e\u{301}", "z", "\u{E9}"].map { Array($0.utf8) })
    #expect(["\u{E9}"].holds("\u{E9}") && !["\u{E9}"].holds("e\u{301}"))
    let (none, one): ([ByteText?], [ByteText?]) = ([nil, "b"], ["a", nil])
    #expect(none.precedes(one) && !one.precedes(none) && !one.precedes(one))
    #expect(([] as [ByteText?]).precedes([nil]) && !([nil] as [ByteText?]).precedes([]))
  }
}
