import Query
import Testing

@Suite struct PicoTextTests {
  static let cases: [(Int128, String)] = [
    (0, "0.00"), (1, "0.000000000001"), (125_000_000, "0.000125"), (12_300_000_000_000, "12.30"),
    (-10_000_000_000, "-0.01"), (1_000_000_000_000, "1.00"), (1_234_000_000_000, "1.234"),
    (.max, "170141183460469231731687303.715884105727"),
    (.min, "-170141183460469231731687303.715884105728"),
  ]

  @Test(arguments: cases) func everyDigitIsWrittenAndReadAgain(pico: Int128, text: String) {
    #expect(PicoText.exact(pico) == text)
    #expect(PicoText.parse(text) == pico)
  }

  @Test func asFewDecimalsAsAskedFor() {
    #expect(PicoText.exact(12_000_000_000_000, digitsMin: 0) == "12")
    #expect(PicoText.exact(12_500_000_000_000, digitsMin: 0) == "12.5")
  }

  @Test(
    arguments: [
      "", "-", ".5", "5.", "1.2.3", "1e3", "1,5", "0.0000000000001", "٣", "--1", "1 ",
      "170141183460469231731687303.715884105728", "-170141183460469231731687303.715884105729",
    ]) func whatIsNoExactAmountIsRefused(text: String)
  { #expect(PicoText.parse(text) == nil) }
}
