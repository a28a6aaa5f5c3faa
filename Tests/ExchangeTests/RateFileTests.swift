import Calendar
import Exchange
import Money
import Testing

/// The files of the European Central Bank, as it publishes them, and what is not quite such a file.
@Suite struct RateFileTests {
  private static let twoDays = [
    "2026-11-19 1.0801", "2026-11-20 1.0832",
  ]

  @Test func dailyXML() throws {
    let file = try file(
      envelope(
        """
        \t\t<Cube time='2026-11-20'>
        \t\t\t<Cube currency='USD' rate='1.0832'/>
        \t\t\t<Cube currency='JPY' rate='163.2'/>
        \t\t</Cube>
        """))
    #expect(file.dayCount == 1 && file.withdrawn.isEmpty)
    #expect(try series(file.rates, "USD") == ["2026-11-20 1.0832"])
    #expect(try series(file.rates, "JPY") == ["2026-11-20 163.2"])
  }

  @Test func historyXMLInOneLineWithTheNewestFirst() throws {
    let text = envelope(
      "<Cube time=\"2026-11-20\"><Cube currency=\"USD\" rate=\"1.0832\"/></Cube>"
        + "<Cube time=\"2026-11-19\"><Cube currency=\"USD\" rate=\"1.0801\"/><Cube currency=\"SIT\" rate=\"239.6\"/></Cube>"
    )
    for text in [text, text.replacing("\n", with: "").replacing("\t", with: "")] {
      let file = try file(text)
      #expect(try series(file.rates, "USD") == Self.twoDays)
      #expect(file.dayCount == 2 && file.withdrawn == ["SIT"])
    }
  }

  @Test func dailyCSV() throws {
    let file = try file("Date, USD, JPY, \n20 November 2026, 1.0832, 163.20, \n")
    #expect(try series(file.rates, "USD") == ["2026-11-20 1.0832"])
    #expect(try series(file.rates, "JPY") == ["2026-11-20 163.2"])
  }

  @Test func historyCSV() throws {
    let text = "Date,USD,ISK,CYP,\n2026-11-20,1.0832,N/A,N/A,\n2026-11-19,1.0801,139.5,0.58,\n"
    for text in [text, text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text + "\n", String(text.dropLast())]
    {
      let file = try file(text)
      #expect(try series(file.rates, "USD") == Self.twoDays)
      #expect(try series(file.rates, "ISK") == ["2026-11-19 139.5"])
      #expect(file.dayCount == 2 && file.withdrawn == ["CYP"])
    }
  }

  @Test func daysMayBeInAnyOrder() throws {
    let rates = try rates("Date,USD", "2026-11-19,1.5", "2026-11-21,3", "2026-11-20,2")
    #expect(try series(rates, "USD") == ["2026-11-19 1.5", "2026-11-20 2", "2026-11-21 3"])
  }

  @Test(arguments: [
    ("1", "1"), ("0.000000000001", "0.000000000001"), ("1000000000000", "1000000000000"),
    ("999999999999.999999999999", "999999999999.999999999999"), ("01.50", "1.5"),
    ("1.955830000000", "1.95583"),
    ("000000000000000000000001.5", "1.5"),
  ])
  func ratesAreExact(_ text: String, _ rate: String) throws {
    #expect(try series(try rates("Date,USD", "2026-11-20,\(text)"), "USD") == ["2026-11-20 \(rate)"])
  }

  private static let fetch = "fetch the file again"
  private static let names = "name the eurofxref files of the ECB, .xml or .csv"
  private static let noRate =
    "write a decimal above 0 with at most 12 digits behind the point, or N/A"

  static let csv: [(text: String, message: String)] = [
    ("", "f: the file is empty: \(names)"),
    ("\n \n", "f: the file is empty: \(names)"),
    ("PK\u{3}\u{4}...", "f: this is a zip file: unzip it first, and import the .csv in it"),
    ("{\"rates\":{}}", "f:1: this is no file of exchange rates: \(names)"),
    ("Day,USD\n", "f:1: the header begins with \"Day\", not with Date: \(names)"),
    ("Date\n", "f:1: the header names no currency: \(fetch)"),
    ("Date,USD\n", "f: the file holds no rates: fetch it again"),
    ("Date,USD\n2026-11-20,N/A\n", "f: the file holds no rates: fetch it again"),
    ("Date,usd\n", "f:1: \"usd\" is no currency: write three capital letters"),
    ("Date,USD,,JPY\n", "f:1: \"\" is no currency: write three capital letters"),
    ("Date,USD,USD\n", "f:1: \"USD\" has two columns: \(fetch)"),
    ("Date,EUR\n", "f:1: EUR has a column, but rates are prices of 1 EUR: take the column out"),
    (
      "Date,USD,JPY\n2026-11-20,1.1,160\n2026-11-19,1.1\n",
      "f:3: 2 fields under a header of 3: the file was cut or edited: fetch it again"
    ),
    (
      "Date,USD\n2026-11-20,1.1,2\n",
      "f:2: 3 fields under a header of 2: the file was cut or edited: fetch it again"
    ),
    (
      "Date,USD\n2026-11-20,1.1,,\n",
      "f:2: 4 fields under a header of 2: the file was cut or edited: fetch it again"
    ),
    ("Date,USD\n2026-11-20,1.1\n\n2026-11-20,1.1\n", "f:4: 2026-11-20 is there twice: \(fetch)"),
  ]

  static let days = [
    "2026-02-30", "20261120", "1998-12-31", "20 Nov 2026", "November 20 2026", "31 June 2026",
    "20 November 26",
    "", "2026-11-20T00",
  ]
  static let noRates = [
    "0", "0.0", "-1", "+1", "1e3", "1.", ".5", "1.2.3", "1,0", "n/a", "NaN", "1 2", "0.0000000000001",
    "1.0000000000001", "1000000000000.1", "1000000000001", "99999999999999999999999999999999999999999999",
    "1_0",
    "00000000000000000000000", "00000000000000000001..5",
  ]

  @Test(arguments: csv)
  func aMistakeHasItsLine(_ text: String, _ message: String) throws {
    let error = try #require(throws: RateFileError.self) { try file(text) }
    #expect(error.description == message)
  }

  @Test(arguments: days)
  func noDay(_ text: String) throws {
    let error = try #require(throws: RateFileError.self) {
      try file("Date;USD".replacing(";", with: ",") + "\n\(text),1")
    }
    #expect(
      error.description
        == "f:2: \"\(text)\" is no day with rates: write a day since 1999 as 2026-11-20 or 20 November 2026")
  }

  @Test(arguments: noRates.filter { !$0.contains(",") })
  func noRate(_ text: String) throws {
    let error = try #require(throws: RateFileError.self) { try file("Date,USD\n2026-11-20,\(text)") }
    let shown = text.count > 40 ? text.prefix(40) + "..." : text[...]
    #expect(error.description == "f:2: \"\(shown)\" is no rate: \(Self.noRate)")
    let xml = envelope("<Cube time='2026-11-20'><Cube currency='USD' rate='\(text)'/></Cube>")
    let other = try #require(throws: RateFileError.self) { try file(xml) }
    #expect(other.line == 8 && other.what == "\"\(shown)\" is no rate")
  }

  private static let usd = "<Cube currency='USD' rate='1.1'/>"
  private static let refused =
    "an entity, a document type or an instruction: the ECB's files have none: \(fetch)"

  static let xml: [(text: String, message: String)] = [
    (envelope(""), "f: the file holds no rates: fetch it again"),
    (
      envelope("<Cube time='2026-11-20'>\n\(usd)\n\(usd)</Cube>"),
      "f:10: \"USD\" is there twice on 2026-11-20: \(fetch)"
    ),
    (
      envelope("<Cube time='2026-11-20'>\(usd)</Cube>\n<Cube time='2026-11-20'>\(usd)</Cube>"),
      "f:9: 2026-11-20 is there twice: \(fetch)"
    ),
    (
      envelope("<Cube time='20 November 2026'>\(usd)</Cube>"),
      "f:8: \"20 November 2026\" is no day with rates: days are written 2026-11-20, since 1999"
    ),
    (
      envelope("<Cube time='2026-11-20'><Cube currency='EUR' rate='1'/></Cube>"),
      "f:8: \"EUR\" is no currency with a rate: codes are three capital letters, other than EUR"
    ),
    (
      envelope("<Cube time='2026-11-20'><Cube currency='usd' rate='1'/></Cube>"),
      "f:8: \"usd\" is no currency with a rate: codes are three capital letters, other than EUR"
    ),
    (
      envelope("<Cube time='2026-11-20'><Cube rate='1'/></Cube>"),
      "f:8: \"<Cube rate='1'/>\" is not expected here: \(names)"
    ),
    (envelope(usd), "f:8: \"<Cube currency='USD' rate='1.1'/>\" is not expected here: \(names)"),
    (envelope("<Rate/>"), "f:8: \"<Rate/>\" is not expected here: \(names)"),
    (envelope("</Envelope>"), "f:8: \"</Envelope>\" is not expected here: \(names)"),
    (envelope("<Cube time='2026-11-20'>1.1</Cube>"), "f:8: text where only rates belong: \(fetch)"),
    (envelope("<Cube time='2026-11-20'>&usd;</Cube>"), "f:8: \(refused)"),
    (envelope("<Cube time='&day;'>\(usd)</Cube>"), "f:8: \(refused)"),
    (envelope("<![CDATA[x]]>"), "f:8: \(refused)"),
    (envelope("<?include x?>"), "f:8: \(refused)"),
    (
      "<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\n<x>&a;</x>",
      "f:2: \(refused)"
    ),
    (
      envelope("").replacing("Reference rates", with: "&a;"), "f:3: \(refused)"
    ),
    ("<html>\n<body>503</body></html>", "f:1: \"<html>\" is not expected here: \(names)"),
    ("<gesmes:Envelope>\n<Cube>\n<!-- no end", "f:3: the file ends too early: \(fetch)"),
    ("<gesmes:Envelope>\n<Cube>\n<Cube time='2026-1", "f:3: the file ends too early: \(fetch)"),
    ("<gesmes:Envelope>\n<Cube>\n<Cube time='2026-11-20'>", "f:3: the file ends too early: \(fetch)"),
    (
      envelope("<Cube time='2026-11-20'>\(usd)</Cube>") + "\n<x/>",
      "f:11: something follows the end of the rates: \(fetch)"
    ),
  ]

  @Test(arguments: xml)
  func aMistakeInXMLHasItsLine(_ text: String, _ message: String) throws {
    let error = try #require(throws: RateFileError.self) { try file(text) }
    #expect(error.description == message)
  }

  @Test func commentsAndSpaceMeanNothing() throws {
    let text = envelope(
      "<!-- <Cube> & --><Cube\n time = '2026-11-20' >\(Self.usd)</Cube >".replacing(" = ", with: "="))
    #expect(try series(try file("\u{FEFF}\n \(text)\n").rates, "USD") == ["2026-11-20 1.1"])
  }

  /// However a file is cut, it is refused, and nothing traps.
  @Test func everyCutIsRefused() throws {
    let text = Array(envelope("<Cube time='2026-11-20'><!-- x -->\(Self.usd)</Cube>").utf8)
    for count in 0..<text.count {
      #expect(throws: RateFileError.self) { try RateFile(Array(text[..<count]), path: "f") }
    }
  }
}
