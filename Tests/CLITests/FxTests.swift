import Foundation
import Testing

/// `tally fx`, and reports in one currency.
@Suite struct FxTests {
  private static let history = """
    Date,USD,JPY,CYP,
    2026-11-20,1.25,160,N/A,
    2026-11-19,1.28,N/A,0.5,
    2026-11-13,1.2,150,N/A,

    """
  private static let fetch =
    "fetch https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, unzip it, and tally fx import "
    + "eurofxref-hist.csv"

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    try box.write("hist.csv", Self.history)
    try box.tally("fx", "import", "hist.csv")
    return box
  }

  @Test func importingSaysWhatItDid() throws {
    let box = try Sandbox()
    try box.write("hist.csv", Self.history)
    let first = try box.tally("fx", "import", "hist.csv")
    #expect(first.status == 0 && first.output == "")
    #expect(
      first.errors == """
        hist.csv: left out CYP: no currencies of ISO 4217 today
        hist.csv: 3 days, 5 rates added, 0 known already

        """)
    #expect(
      try box.read("store/catalog/fx.csv") == """
        Date,JPY,USD
        2026-11-13,150,1.2
        2026-11-19,,1.28
        2026-11-20,160,1.25

        """)
    let daily = "Date, USD, CHF, \n21 November 2026, 1.30, 0.93, \n"
    let second = try box.tally("fx", "import", "-", "hist.csv", input: daily)
    #expect(second.status == 0)
    #expect(second.errors.hasPrefix("-: 1 day, 2 rates added, 0 known already\n"))
    #expect(second.last == "hist.csv: 3 days, 0 rates added, 5 known already")
    // The store's own file is of the same form.
    #expect(
      try box.tally("fx", "import", "store/catalog/fx.csv").last.hasSuffix(" 0 rates added, 7 known already"))
    #expect(try box.tally("fx", "import", "hist.csv", "--quiet").errors == "")
    #expect(
      try box.files("store").keys.sorted() == ["catalog/fx.csv", "catalog/fx.csv.xxh64", "local/fx.lock"])
  }

  @Test func aChangedRateNeedsReplace() throws {
    let box = try filled()
    let changed =
      Self.history.replacing("1.28", with: "1.27").replacing("150", with: "151")
      + "2026-11-12,1.1,149,,\n"
    try box.write("new.csv", changed)
    let kept = try box.tally("fx", "import", "new.csv")
    #expect(kept.status == 65)
    #expect(
      kept.errors == """
        new.csv: 2026-11-13: JPY is known as 150, not 151: kept
        new.csv: 2026-11-19: USD is known as 1.28, not 1.27: kept
        new.csv: left out CYP: no currencies of ISO 4217 today
        new.csv: 4 days, 2 rates added, 3 known already
        tally: 2 known rates kept, though the files say otherwise: --replace takes the files'

        """)
    #expect(try box.read("store/catalog/fx.csv").contains("2026-11-19,,1.28\n"))
    let replaced = try box.tally("fx", "import", "new.csv", "--replace", "-q")
    #expect(replaced.status == 0)
    #expect(
      replaced.errors == """
        new.csv: 2026-11-13: JPY is known as 150, not 151: replaced
        new.csv: 2026-11-19: USD is known as 1.28, not 1.27: replaced

        """)
    #expect(try box.read("store/catalog/fx.csv").contains("2026-11-19,,1.27\n"))
  }

  @Test func ofABadListNothingIsTaken() throws {
    let box = try Sandbox()
    try box.write("good.csv", Self.history)
    try box.write("bad.xml", "<html>\n")
    try box.write("hist.zip", "PK\u{3}\u{4}")
    for (file, message) in [
      (
        "bad.xml",
        "bad.xml:1: \"<html>\" is not expected here: name the eurofxref files of the ECB, .xml or .csv"
      ), ("hist.zip", "hist.zip: this is a zip file: unzip it first, and import the .csv in it"),
    ] {
      let outcome = try box.tally("fx", "import", "good.csv", file)
      #expect(outcome.status == 65 && outcome.errors == "tally: \(message)\n")
      #expect(try box.files("store").isEmpty)
    }
    let folder = try box.tally("fx", "import", ".")
    #expect(folder.status == 74 && folder.errors == "tally: .: cannot read: Is a directory\n")
  }

  @Test func aWriteThatFailsChangesNothing() throws {
    let box = try filled()
    let before = try box.read("store/catalog/fx.csv")
    let more = "Date,USD\n2026-11-21,1.3\n"
    let full = try box.tally(
      "fx", "import", "-", input: more, environment: ["TALLY_FAULT": "write:1:half:fx.csv.tally"])
    #expect(full.status == 74)
    #expect(full.errors == "tally: \(box.store)/catalog/fx.csv: cannot write: No space left on device\n")
    for call in [1, 2, 3] {
      let cut = try box.tally(
        "fx", "import", "-", input: more, environment: ["TALLY_FAULT": "rename:\(call):kill"])
      #expect(cut.status == 137)
      // Of three files written the second is the rates.
      #expect(try (box.read("store/catalog/fx.csv") == before) == (call < 3))
      #expect(try box.tally("fx", "list").status == 0)
    }
    #expect(try box.tally("fx", "import", "-", input: more).last.hasSuffix("0 rates added, 1 known already"))
  }

  @Test func aChangedFileIsSaidAndCountsOnlyWhenTold() throws {
    let box = try filled()
    let path = box.path("store/catalog/fx.csv")
    #expect(try box.shell("cd store/catalog; sed -i s/1.25/1.26/ fx.csv").status == 0)
    try box.tally("append", input: line("a"))
    let message =
      "tally: \(path): it does not match its checksum in fx.csv.xxh64: it was damaged, or changed by hand: restore it "
      + "from a copy, or remove fx.csv.xxh64 to take it as it is"
    for command in [
      "fx list", "fx show USD", "query --measure cost --currency EUR", "fx import hist.csv --replace",
    ] {
      let outcome = try box.start(command.split(separator: " ").map(String.init)).finish()
      #expect(outcome.status == 65 && outcome.output == "", "\(command)")
      #expect(outcome.last == message)
    }
    let merged = try box.tally("merge", box.store, "--store", box.path("other"))
    #expect(merged.status == 65)
    #expect(merged.last == message)
    #expect(try box.shell("rm store/catalog/fx.csv.xxh64").status == 0)
    #expect(try box.tally("fx", "show", "USD").output.contains("1.26"))
  }

  @Test func listAndShow() throws {
    let box = try filled()
    #expect(
      try box.tally("fx", "list").output == """
        Currency  From        To          Rates
        JPY       2026-11-13  2026-11-20      2
        USD       2026-11-13  2026-11-20      3

        """)
    #expect(
      try box.tally("fx", "list", "--format", "json").output == """
        [
          {"currency": "JPY", "from": "2026-11-13", "to": "2026-11-20", "rates": 2},
          {"currency": "USD", "from": "2026-11-13", "to": "2026-11-20", "rates": 3}
        ]

        """)
    #expect(
      try box.tally("fx", "show", "usd").output == """
        Currency  Day         Rate of     1 EUR costs  1 USD in EUR
        USD       2026-11-20  2026-11-20         1.25           0.8

        """)
    #expect(
      try box.tally("fx", "show", "JPY", "--on", "yesterday", "-f", "csv").output
        == "currency,day,rate_day,rate,euros\nJPY,2026-11-19,2026-11-13,150,0.006666666667\n")
    #expect(
      try box.tally("fx", "show", "JPY", "--on", "2026-11-14", "-f", "markdown").output == """
        | Currency | Day | Rate of | 1 EUR costs | 1 JPY in EUR |
        | --- | --- | --- | ---: | ---: |
        | JPY | 2026-11-14 | 2026-11-13 | 150 | 0.006666666667 |

        """)
    for (arguments, message) in [
      (
        ["USD", "--on", "2026-11-12"],
        "2026-11-12: no rate of USD: the first known is of 2026-11-13: \(Self.fetch)"
      ),
      (
        ["USD", "--on", "2026-11-28"],
        "2026-11-28: no rate of USD: the last known is of 2026-11-20, more than 7 days before: \(Self.fetch)"
      ),
    ] {
      let outcome = try box.start(["fx", "show"] + arguments).finish()
      #expect(outcome.status == 65 && outcome.output == "" && outcome.errors == "tally: \(message)\n")
    }
    let empty = try Sandbox().tally("fx", "list", "-f", "json")
    #expect(empty.status == 0 && empty.output == "[]\n")
    #expect(empty.errors == "no exchange rates yet: tally fx import FILE (see tally fx --help)\n")
  }

  private static let events = [
    ("2026-11-14", "a", "12", "USD"), ("2026-11-19", "a", "12.8", "USD"), ("2026-11-20", "b", "1600", "JPY"),
    ("2026-11-20", "b", "2.5", "EUR"),
  ].map { day, model, cost, currency in
    #"{"time":"\#(day)T10:00:00Z","model":"\#(model)","requests":1,"cost":"\#(cost)","currency":"\#(currency)"}"#
      + "\n"
  }.joined()

  @Test func everyReportCanBeInOneCurrency() throws {
    let box = try filled()
    try box.tally("append", input: Self.events)
    #expect(
      try box.tally("report", "models", "2026-11", "--currency", "eur").output == """
        Models · 2026-11-01 to 2026-11-30 · UTC · EUR · ECB rates of the day, to 2026-11-20

        Model  Requests  Cost (EUR)  Cost/request (EUR)   Share
        ───────────────────────────────────────────────────────
        a             2       20.00             10.0000   61.5%
        b             2       12.50              6.2500   38.5%
        ───────────────────────────────────────────────────────
        Total         4       32.50              8.1250  100.0%

        Cost mode: auto. Price catalog: built-in 2026-11-21.
        Share is of cost.
        Provisional: the data goes to 2026-11-20T10:00+00:00.

        """)
    for (command, code, cost) in [
      ("daily", "EUR", "32.50"), ("weekly", "EUR", "32.50"), ("monthly", "USD", "40.425"),
      ("providers", "EUR", "32.50"),
    ] {
      let report = try box.report(command, "2026-11", "--currency", code)
      #expect(report["currency"] as? String == code && report["rates_to"] as? String == "2026-11-20")
      #expect((report["total"] as? [String: Any])?["cost"] as? String == cost)
      #expect(report["totals"] == nil && report["share_of"] as? String == "cost")
      let rows = try #require(report["rows"] as? [[String: Any]])
      #expect(rows.allSatisfy { $0["currency"] == nil })
    }
    // What is in it already needs no rates.
    let none = try box.report("daily", "2026-11", "--currency", "EUR", "--where", "model=c")
    #expect(none["currency"] as? String == "EUR" && none["rates_to"] == nil)
    try box.tally("report", "month", "2026-11", "--output", "out", "--currency", "EUR")
    let summary = try object(box.read("out/2026-11/summary.json"))
    #expect(summary["currency"] as? String == "EUR")
    #expect((summary["total"] as? [String: Any])?["cost"] as? String == "32.50")
  }

  @Test func theCurrencyIsConfigured() throws {
    let box = try filled()
    try box.tally("append", input: Self.events)
    let path = try box.write("config/tally/config.toml", "currency = \"EUR\"")
    #expect(try box.report("daily", "2026-11")["currency"] as? String == "EUR")
    #expect(try box.report("daily", "2026-11", "--currency", "USD")["currency"] as? String == "USD")
    try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(try object(box.read("out/2026-11/days.json"))["currency"] as? String == "EUR")
    try box.write("config/tally/config.toml", "currency = \"Euro\"")
    let wrong = try box.tally("report", "daily", "2026-11")
    #expect(wrong.status == 78 && wrong.output == "")
    #expect(
      wrong.errors == "tally: \(path): currency \"Euro\": use a code of ISO 4217, such as EUR or USD\n")
  }

  @Test func aMissingRateIsAnErrorAndNoReport() throws {
    let box = try filled()
    try box.tally("append", input: Self.events)
    for more in [[], ["--format", "json"], ["--output", "out.csv"]] {
      let outcome = try box.start(["report", "daily", "2026-11", "--currency", "CHF"] + more).finish()
      #expect(outcome.status == 65 && outcome.output == "")
      #expect(
        outcome.errors == """
          tally: 2026-11-14: no rate of CHF: no imported file has any: if the ECB quotes it, \(Self.fetch); else import a \
          CSV file of your own: a line "Date,CHF" and for each day its date and what 1 EUR costs
          (and 2 more days like it)

          """)
    }
    #expect(!FileManager.default.fileExists(atPath: box.path("out.csv")))
    try box.tally(
      "append", input: #"{"time":"2026-11-01T10:00:00Z","cost":"1","currency":"USD","requests":1}"# + "\n")
    let early = try box.tally("report", "month", "2026-11", "--output", "out", "--currency", "EUR")
    #expect(early.status == 65)
    #expect(
      early.errors == "tally: 2026-11-01: no rate of USD: the first known is of 2026-11-13: \(Self.fetch)\n")
    #expect(!FileManager.default.fileExists(atPath: box.path("out")))
    // The same is said where none of the report's days has a rate.
    #expect(try box.tally("report", "daily", "2026-11-01", "--currency", "EUR").errors == early.errors)
    try box.write("store/catalog/fx.csv", "Date,USD\n2026-11-20,?\n")
    try FileManager.default.removeItem(atPath: box.path("store/catalog/fx.csv.xxh64"))
    let damaged = try box.tally("report", "daily", "2026-11", "--currency", "EUR")
    #expect(damaged.status == 65 && damaged.output == "")
    #expect(
      damaged.errors
        == "tally: \(box.store)/catalog/fx.csv:2: \"?\" is no rate: write a decimal above 0 with at "
        + "most 12 digits behind the point, or N/A\n")
  }

  @Test func ratesTravelWithTheSegments() throws {
    let box = try filled()
    try box.tally("append", input: Self.events)
    try box.tally("fx", "import", "-", "--store", "other", input: "Date,USD\n2026-11-19,1.29\n")
    let outcome = try box.tally("merge", "store", "--store", "other")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors == """
        store: 4 exchange rates added
        tally: store/catalog/fx.csv: 1 exchange rate contradict ours, which stay: to take theirs, tally fx import \
        --replace store/catalog/fx.csv
        store: 3 segments copied, 0 kept, 0 left out

        """)
    #expect(try box.read("other/catalog/fx.csv").contains("2026-11-19,,1.29\n"))
    try box.tally("fx", "import", "--replace", "store/catalog/fx.csv", "--store", "other", "-q")
    #expect(try box.read("other/catalog/fx.csv") == box.read("store/catalog/fx.csv"))
    #expect(try box.tally("merge", "store", "--store", "other").status == 0)
  }
}
