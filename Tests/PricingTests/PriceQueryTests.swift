import Testing

@testable import Pricing

@Suite struct PriceQueryTests {
  @Test(arguments: [
    PriceQuery(provider: nil, model: nil), PriceQuery(provider: "", model: "\\0", serviceTier: "a\tb"),
    PriceQuery(provider: "a\\tb", model: "\n", serviceTier: nil, requestType: "é\\"),
  ])
  func aLineIsReadAsTheSame(query: PriceQuery) {
    #expect(PriceQuery(line: query.line) == query)
    #expect(!query.line.contains("\n"))
  }

  @Test(arguments: ["", "a", "a\tb\tc", "a\tb\tc\td\te"])
  func whatHasNotFourWordsIsNone(line: String) { #expect(PriceQuery(line: line) == nil) }

  @Test func theProgramsVersionIsThatOfItsCatalog() throws {
    #expect(CatalogReader.builtInVersion == (try CatalogReader.builtIn().version))
  }
}
