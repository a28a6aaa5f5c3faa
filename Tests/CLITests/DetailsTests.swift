import Foundation
import TestSupport
import Testing

/// What groups are made of, which reports count and rank: sessions of users, models of sessions.
@Suite struct DetailsTests {
  private struct Use {
    let texts: [String: String]
    let day: Int
    let tokens: Int
  }

  private static let rates = "Date,USD\n2026-11-10,1.5\n"

  private func uses(_ seed: UInt64) -> [Use] {
    var random = SeededGenerator(seed)
    return (0..<300).map { _ in
      var texts: [String: String] = [:]
      let kinds = [("user", 3), ("session", 6), ("model", 5), ("service", 2), ("project", 4)]
      for (name, count) in kinds where Int.random(in: 0..<9, using: &random) > 0 {
        // The same text in several dimensions is several values.
        texts[name] = "t\(Int.random(in: 0..<count, using: &random))"
      }
      return Use(
        texts: texts, day: .random(in: 10...13, using: &random), tokens: .random(in: 1...20, using: &random))
    }
  }

  private func filled(_ uses: [Use]) throws -> Sandbox {
    let box = try Sandbox()
    let lines = uses.enumerated().map { number, use in
      let texts = use.texts.map { ",\"\($0.key)\":\"\($0.value)\"" }.joined()
      return "{\"id\":\"e\(number)\",\"time\":\"2026-11-\(use.day)T10:11:12Z\",\"input_tokens\":\(use.tokens)"
        + "\(texts),\"cost\":\"0.01\",\"currency\":\"USD\"}\n"
    }
    try box.tally("append", input: lines.joined())
    try box.tally("fx", "import", "-", input: Self.rates)
    return box
  }

  private func rows(_ box: Sandbox, _ arguments: [String]) throws -> [[String: Any]] {
    let outcome = try box.start(["report"] + arguments + ["--format", "json"]).finish()
    return try #require(try object(outcome.output)["rows"] as? [[String: Any]])
  }

  private func distinct(_ uses: [Use], _ name: String) -> Int {
    Set(uses.compactMap { $0.texts[name] }).count
  }

  /// Most tokens first, then most events, then by name.
  private func ranked(_ uses: [Use], _ name: String) -> [String] {
    let groups = Dictionary(grouping: uses.filter { $0.texts[name] != nil }) { $0.texts[name] ?? "" }
    return groups.sorted { a, b in
      let (left, right) = (a.value.reduce(0) { $0 + $1.tokens }, b.value.reduce(0) { $0 + $1.tokens })
      return left != right
        ? left > right : a.value.count != b.value.count ? a.value.count > b.value.count : a.key < b.key
    }.map(\.key)
  }

  @Test(arguments: [UInt64(51), 52], [[], ["--currency", "EUR"], ["--no-cost"]])
  func detailsAreWhatACountOfTheEventsSays(_ seed: UInt64, _ options: [String]) throws {
    let uses = uses(seed)
    let box = try filled(uses)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      for row in try rows(box, ["users", "2026-11"] + options) {
        let own = uses.filter { $0.texts["user"] == row["user"] as? String }
        #expect(row["sessions"] as? Int == distinct(own, "session"))
        #expect(row["models"] as? String == ranked(own, "model").joined(separator: ", "))
      }
      for row in try rows(box, ["sessions", "2026-11"] + options) {
        let own = uses.filter { $0.texts["session"] == row["session"] as? String }
        for name in ["service", "project", "user", "model"] {
          #expect(row["\(name)s"] as? String == ranked(own, name).joined(separator: ", "))
        }
      }
      let all = try #require(try rows(box, ["stats", "2026-11"] + options).first)
      for name in ["user", "session", "model"] { #expect(all["\(name)s"] as? Int == distinct(uses, name)) }
      #expect(all["top_models"] as? String == ranked(uses, "model").prefix(3).joined(separator: ", "))
    }
  }

  /// Two thirds of a pico-unit are one, for each session, and so two for both.
  @Test func convertedCostsAreRoundedForEachSession() throws {
    let box = try Sandbox()
    let lines = ["a", "b"].map { (name: String) in
      line(name, #","user":"u","session":"\#(name)","cost":"0.000000000001","currency":"USD""#)
    }
    try box.tally("append", input: lines.joined())
    try box.tally("fx", "import", "-", input: "Date,USD\n2026-11-20,1.5\n")
    let row = try #require(try rows(box, ["users", "2026-11", "--currency", "EUR"]).first)
    #expect(row["cost"] as? String == "0.000000000002" && row["sessions"] as? Int == 2)
  }
}
