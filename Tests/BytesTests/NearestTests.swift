import Bytes
import Testing

@Suite struct NearestTests {
  static let fields = ["provider", "service", "model", "user", "session", "status"]

  @Test(
    arguments: [
      ("modell", "model"), ("mdoel", "model"), ("Model", "model"), ("odel", "model"), ("usr", "user"),
      ("sesion", "session"), ("porvidre", "provider"), ("statsu", "status"),
    ])
  func guessesWhatWasMeant(typed: String, meant: String) {
    #expect(nearest(to: typed, in: Self.fields) == meant)
  }

  /// A third of the length is the bound: two edits in six letters pass, three do not; one always passes.
  @Test(arguments: ["", "customer", "mxxyl", "uxxr", "modellxxx", "zz"])
  func staysSilentWhenNothingIsNear(typed: String) {
    #expect(nearest(to: typed, in: Self.fields) == nil)
  }

  @Test func aThirdOfTheLengthIsStillNear() {
    #expect(nearest(to: "abcdef", in: ["abcdxx"]) == "abcdxx")
    #expect(nearest(to: "abcdef", in: ["abcxxx"]) == nil)
    #expect(nearest(to: "ab", in: ["b"]) == "b")
    #expect(nearest(to: "ab", in: ["xy"]) == nil)
  }

  @Test func theNearestWinsAndThenTheFirst() {
    #expect(nearest(to: "abcdef", in: ["abcdxx", "abcdex", "abcdey"]) == "abcdex")
  }
}
