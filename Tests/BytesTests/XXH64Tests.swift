import Bytes
import Testing

@Suite struct XXH64Tests {
  /// Vectors printed by the reference implementation (python-xxhash 4.1.0): `xxh64_intdigest(data, seed)`.
  @Test(
    arguments: [
      ("", 0, 0xef46_db37_51d8_e999),
      ("a", 0, 0xd24e_c4f1_a98c_6e5b),
      ("abc", 0, 0x44bc_2cf5_ad77_0999),
    ] as [(String, UInt64, UInt64)])
  func agreesWithTheReference(text: String, seed: UInt64, expected: UInt64) {
    #expect(XXH64.hash(Array(text.utf8), seed: seed) == expected)
  }
}
