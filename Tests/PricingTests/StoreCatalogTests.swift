import Bytes
import Foundation
import Money
import Testing

@testable import Pricing

/// A store's own prices: what an import, an override and a discount change, and what they leave alone.
@Suite struct StoreCatalogTests {
  private static func layer(
    _ price: String, model: String = "m", from effective: String?, recorded: String = "2026-11-20",
    more: String = ""
  ) throws -> PriceCatalog {
    let models =
      price.isEmpty
      ? ""
      : "{\"provider\": \"a\", \"model\": \"\(model)\", \"prices\": "
        + "[{\"per_million_tokens\": {\"input\": \"\(price)\", \"output\": \"10\"}, \"source\": [\"s\"]}]}"
    var catalog = try Catalogs.read(models: models, more: more)
    catalog.effective = effective.flatMap(Moment.parse)
    catalog.recorded = recorded
    return catalog
  }

  private static func cost(_ book: PriceBook, _ time: String, model: String = "m", isList: Bool = false)
    throws -> String
  {
    let priced = try #require(
      book.price(provider: "a", model: model, serviceTier: nil, requestType: nil, isList: isList))
    var usage = UsageCounters()
    usage.inputTokens = 1_000_000
    guard case .exact(let pico, _) = priced.cost(of: usage, at: try #require(Moment.parse(time))) else {
      return "-"
    }
    return Decimal.text(pico)
  }

  @Test func anImportHoldsFromItsDayAndAFirstPriceForAllThePast() throws {
    let book = PriceBook([
      try Self.layer("1", from: nil), try Self.layer("2", from: "2026-11-20"),
      try Self.layer("7", model: "new", from: "2026-11-20"),
    ])
    #expect(try Self.cost(book, "2020-01-01") == "1")
    #expect(try Self.cost(book, "2026-11-19T23:59Z") == "1")
    #expect(try Self.cost(book, "2026-11-20") == "2")
    #expect(try Self.cost(book, "2020-01-01", model: "new") == "7")
  }

  @Test func whatCameInLaterCountsLaterEvenFromAnEarlierDay() throws {
    let book = PriceBook([
      try Self.layer("1", from: nil), try Self.layer("2", from: "2026-11-10"),
      try Self.layer("3", from: "2026-11-05"),
    ])
    #expect(try Self.cost(book, "2026-11-04") == "1")
    #expect(try Self.cost(book, "2026-11-05") == "3")
    #expect(try Self.cost(book, "2026-11-20") == "3")
  }

  @Test func overridesOutliveImportsAndAreNotDiscounted() throws {
    let set = try Self.layer(
      "", from: "2026-11-01",
      more: """
        , "overrides": [{"provider": "a", "model": "m", "from": "2026-11-01", "until": "2026-12-01",
          "per_million_tokens": {"input": "0.5"}}],
        "discounts": [{"provider": "a", "from": "2026-11-01", "percent": "10"}]
        """)
    let book = PriceBook([try Self.layer("1", from: nil), set, try Self.layer("2", from: "2026-11-20")])
    #expect(try Self.cost(book, "2026-10-31") == "1")
    #expect(try Self.cost(book, "2026-11-01") == "0.5")
    #expect(try Self.cost(book, "2026-11-25") == "0.5")
    #expect(try Self.cost(book, "2026-12-01") == "1.8")
    #expect(try Self.cost(book, "2026-11-25", isList: true) == "2")
    #expect(try Self.cost(book, "2026-11-02", isList: true) == "1")
  }

  @Test func aLaterDiscountTakesThePlaceOfAnEarlierOne() throws {
    func discount(_ percent: String, _ from: String) throws -> PriceCatalog {
      try Self.layer(
        "", from: from,
        more: ", \"discounts\": [{\"provider\": \"a\", \"from\": \"\(from)\", \"percent\": \"\(percent)\"}]")
    }
    let book = PriceBook([
      try Self.layer("1", from: nil), try discount("5", "2026-01-01"), try discount("7.5", "2026-06-01"),
      try discount("0", "2026-09-01"),
    ])
    #expect(try Self.cost(book, "2025-12-31") == "1")
    #expect(try Self.cost(book, "2026-01-01") == "0.95")
    #expect(try Self.cost(book, "2026-06-01") == "0.925")
    #expect(try Self.cost(book, "2026-09-01") == "1")
  }

  @Test(arguments: [
    (1_000_003, "50", 500_002), (1_000_001, "50", 500_000), (3, "33.333333333333", 2), (7, "100", 0),
    (7, "0", 7),
  ])
  func aDiscountedPriceIsRoundedHalfToEven(pico: Int, percent: String, expected: Int) throws {
    #expect(Discount.net(Int128(pico), picoPercent: try Decimal.parse(percent)) == Int128(expected))
  }

  @Test func aChangeChangesTheDigestsOfExactlyTheDaysItTouches() throws {
    func digests(_ catalogs: [PriceCatalog]) throws -> [UInt64] {
      let model = try #require(
        PriceBook(catalogs).price(provider: "a", model: "m", serviceTier: nil, requestType: nil))
      return (20_700..<20_800).map { model.digest(day: $0) }
    }
    func changed(_ layer: PriceCatalog) throws -> [Int] {
      let before = try digests([try Self.layer("1", from: nil)])
      let after = try digests([try Self.layer("1", from: nil), layer])
      return before.indices.filter { before[$0] != after[$0] }
    }
    let start = try #require(Moment.parse("2026-11-20"))
    let first = Int(start / 86_400_000) - 20_700
    #expect(try changed(try Self.layer("2", from: "2026-11-20")) == Array(first..<100))
    // Within a day: this day has two prices.
    #expect(try changed(try Self.layer("2", from: "2026-11-20T10:30Z")) == Array(first..<100))
    // The same price from somewhere else changes nothing.
    #expect(try changed(try Self.layer("1", from: "2026-11-20")) == [])
    #expect(try changed(try Self.layer("1", from: "2026-11-20T10:30Z")) == [])
    #expect(try changed(try Self.layer("5", model: "other", from: "2026-11-20")) == [])
    let short = """
      , "overrides": [{"provider": "a", "model": "m", "from": "2026-11-20", "until": "2026-11-22",
        "per_million_tokens": {"output": "9"}}]
      """
    #expect(try changed(try Self.layer("", from: "2026-11-20", more: short)) == [first, first + 1])
  }

  @Test func aStorePinsTheBuiltInCatalogOnce() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-prices-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = StoreCatalog(folder: folder)
    let unpinned = try store.book()
    #expect(try store.adoptBuiltIn(now: 1_795_176_000_000))
    #expect(try !store.adoptBuiltIn(now: 1_795_176_000_000))
    let pinned = try store.book()
    #expect(pinned.models == unpinned.models)
    #expect(pinned.version == unpinned.version)
    #expect(pinned.catalogs.count == 1)
  }

  /// A catalog with one model in a folder of its own.
  private func stored() throws -> (store: StoreCatalog, folder: String, path: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-prices-\(UUID().uuidString)")
      .path
    let store = StoreCatalog(folder: folder)
    let path = try store.write(try Self.layer("1", from: nil), now: 1_795_176_000_000)
    return (store, folder, path)
  }

  @Test func noSingleBitCanChangeAPrice() throws {
    let (store, folder, path) = try stored()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try Data(contentsOf: URL(filePath: path))
    _ = try store.pricer()
    #expect(store.check().count == 1 && store.check().problems.isEmpty)
    for index in whole.indices {
      for bit in 0..<8 {
        var changed = whole
        changed[index] ^= 1 << UInt8(bit)
        try changed.write(to: URL(filePath: path))
        let error = #expect(throws: PricingError.self) { try store.pricer() }
        guard let error, case .altered(path, _) = error else {
          Issue.record("byte \(index), bit \(bit): \(String(describing: error))")
          continue
        }
        if bit == 0 { #expect(throws: error) { try store.book() } }
      }
    }
    #expect(store.check().problems.count == 1)
  }

  @Test func aFileMayBeTakenAsItIsUnderTheNameThatIsSaid() throws {
    let (store, folder, path) = try stored()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = try String(contentsOfFile: path, encoding: .utf8).replacing("\"1\"", with: "\"2\"")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let right =
      "\(path.dropLast("12345678.json".count))\(Hexadecimal.text(XXH64.hash(Array(text.utf8))).prefix(8)).json"
    let error = #expect(throws: PricingError.self) { try store.book() }
    #expect(
      error?.description
        == "\(path): it does not match the digest in its name: it was damaged, or changed by hand: restore it from a "
        + "copy, or name it \(URL(filePath: right).lastPathComponent) to take it as it is")
    try FileManager.default.moveItem(atPath: path, toPath: right)
    #expect(try Self.cost(try store.book(), "2026-11-20") == "2")
    // A name that a person gave says nothing.
    try FileManager.default.moveItem(atPath: right, toPath: "\(folder)/own.json")
    #expect(try Self.cost(try store.book(), "2026-11-20") == "2")
  }

  @Test func thePinnedCatalogLiesBelowWhatCameInBeforeIt() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-prices-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = StoreCatalog(folder: folder)
    var own = PriceCatalog(name: "own", version: "1", currency: try #require(Currency("USD")))
    own.effective = Moment.parse("2026-11-01")
    var model = try #require(try CatalogReader.builtIn().models.first { $0.model == "gpt-5" })
    model.periods[0].prices.set(.input, 77_000_000)
    own.models = [model]
    try store.write(own, now: 1_795_000_000_000)
    try store.adoptBuiltIn(now: 1_795_176_000_000)
    func input(_ time: String) throws -> Int128? {
      let time = try #require(Moment.parse(time))
      return try store.book().model(provider: model.provider, named: "gpt-5")?.periods.inForce(at: time)?
        .prices[.input]
    }
    #expect(try input("2026-12-01") == 77_000_000)
    #expect(try input("2026-10-31") == 1_250_000)
  }

  @Test func anOlderPinnedCatalogKeepsThePast() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-prices-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = StoreCatalog(folder: folder)
    var old = try CatalogReader.builtIn()
    old.version = "2026-01-01"
    let index = try #require(old.models.firstIndex { $0.provider == "openai" && $0.model == "gpt-5" })
    old.models[index].periods[0].prices.set(.input, 9_000_000)
    old.models.removeAll { $0.model == "gpt-5.5" }
    try store.write(old, now: 1_780_000_000_000)
    func input(_ model: String, _ time: String) throws -> Int128? {
      let time = try #require(Moment.parse(time))
      return try store.book().model(provider: "openai", named: model)?.periods.inForce(at: time)?.prices[
        .input]
    }
    #expect(try input("gpt-5", "2026-11-21") == 9_000_000)
    #expect(try input("gpt-5.5", "2026-11-21") == nil)
    // 2026-11-20.
    #expect(try store.adoptBuiltIn(now: 1_795_176_000_000))
    #expect(try input("gpt-5", "2026-11-19T23:59Z") == 9_000_000)
    #expect(try input("gpt-5", "2026-11-20") == 1_250_000)
    #expect(try input("gpt-5.5", "2026-01-01") == 5_000_000)
  }
}
