import Testing

@testable import Pricing

/// What is no catalog is refused with its line and the way out.
@Suite struct CatalogReaderTests {
  private static func message(_ period: String) -> String {
    do throws(PricingError) {
      let text = Catalogs.text(models: "\n{\"provider\": \"a\", \"model\": \"m\", \"prices\": [\n\(period)]}")
      _ = try CatalogReader.read(Array(text.utf8), file: "x.json")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private static let source = #""source": ["s"]"#

  @Test(arguments: [
    (
      #"{"per_million_tokens": {"input": 1.25}}"#,
      #"x.json:6: write the amount as a text, "1.25": numbers may have passed through floating point"#
    ),
    (
      #"{"per_million_tokens": {"input": 1}}"#,
      #"x.json:6: write the amount as a text, "1": numbers may have passed through floating point"#
    ),
    (
      #"{"per_million_tokens": {"input": "1e-6"}}"#,
      #"x.json:6: "1e-6": an amount is a decimal such as 0.125: no sign, no exponent, at most 12 digits on either side"#
    ),
    (
      #"{"per_million_tokens": {"input": "-1"}}"#,
      #"x.json:6: "-1": an amount is a decimal such as 0.125: no sign, no exponent, at most 12 digits on either side"#
    ),
    (
      #"{"per_unit": {"search": "0.0000000000001"}}"#,
      #"x.json:6: "0.0000000000001": an amount is a decimal such as 0.125: no sign, no exponent, at most 12 digits on either side"#
    ),
    (
      #"{"per_million_tokens": {"input": "0.0000001"}}"#,
      "x.json:6: 0.0000001: a price per million tokens has at most six decimals"
    ),
    (
      #"{"per_million_tokens": {"inptu": "1"}}"#,
      #"x.json:6: per_million_tokens has no "inptu": did you mean "input"?"#
    ),
    (
      #"{"per_unit": {"input": "1"}}"#,
      #"x.json:6: per_unit has no "input": use request, search, image, audio_second, audio_minute, audio_hour, character"#
    ),
    (#"{"prices": {"input": "1"}}"#, #"x.json:6: unknown key "prices": see Schemas/catalog.md"#),
    (#"{"source": ["s"]}"#, "x.json:6: a period without prices"),
    (#"{"per_unit": {"search": "1"}}"#, "x.json:6: a period without a source"),
    (
      #"{"per_unit": {"search": "1"}, "source": ["s"], "from": "2026-1-1"}"#,
      #"x.json:6: "2026-1-1": write a UTC day such as 2026-11-20 or a minute such as 2026-11-20T10:30Z"#
    ),
    (
      "{\"per_unit\": {\"search\": \"1\"}, \(source)},\n{\"per_unit\": {\"search\": \"1\"}, \(source)}",
      "x.json:7: every period but the first needs a from"
    ),
    (
      "{\"from\": \"2026-02-01\", \"per_unit\": {\"search\": \"1\"}, \(source)},\n"
        + "{\"from\": \"2026-01-01\", \"per_unit\": {\"search\": \"1\"}, \(source)}",
      "x.json:7: periods go from the oldest to the newest"
    ),
    (
      "{\"until\": \"2026-02-01\", \"per_unit\": {\"search\": \"1\"}, \(source)},\n"
        + "{\"from\": \"2026-01-01\", \"per_unit\": {\"search\": \"1\"}, \(source)}",
      "x.json:7: the period before ends after this one begins"
    ),
    (
      #"{"credits_per_request": "1", "source": ["s"]}"#,
      "x.json:1: m: credits_per_request needs a provider with credits"
    ),
    (#"{"per_unit": {"search": "1"} "source"}"#, #"x.json:6: not JSON: expected "}""#),
    (#"{"per_unit": {"search": "1"#, "x.json:6: the file ends too early"),
  ])
  func refuses(period: String, expected: String) {
    #expect(Self.message(period) == expected)
  }

  @Test func theBuiltInCatalogComesBackAsItWasWritten() throws {
    let catalog = try CatalogReader.builtIn()
    #expect(catalog.models.count > 300)
    let text = CatalogWriter.text(catalog)
    #expect(try CatalogReader.read(Array(text.utf8), file: "again") == catalog)
  }

  @Test func escapesAreRead() throws {
    let catalog = try CatalogReader.read(
      Array(Catalogs.text(providers: #"{"id": "a", "name": "\u00c4\n\ud83d\ude00\\\""}"#).utf8), file: "x")
    #expect(catalog.providers.first?.name == "Ä\n😀\\\"")
  }
}
