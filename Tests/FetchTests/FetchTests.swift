import Files
import Foundation
import TestSupport
import Testing

@testable import Fetch

@Suite(
  .enabled("needs python3 and curl") {
    Tools.isCI || (Tools.anyPython != nil && Tools.path(of: "curl") != nil)
  })
struct FetchTests {
  private static let fixture = Tools.root.appending(path: "Fixtures/prices/litellm-sample.json").path
  private let server: PriceServer

  init() throws {
    Signals.ignoreRefusedWrites()
    server = try PriceServer(Self.fixture)
  }

  private func get(_ path: String, _ change: (inout Fetch) -> Void = { _ in }) throws(FetchError) -> [UInt8] {
    var fetch = Fetch()
    change(&fetch)
    return try fetch.get(server.address + path)
  }

  @Test(arguments: ["/prices.json", "/prices.json?key=[1]{2}", "/moved"])
  func bringsTheFile(path: String) throws {
    #expect(try Data(get(path)) == Data(contentsOf: URL(filePath: Self.fixture)))
  }

  @Test func readsFilesToo() throws {
    let expected = try Data(contentsOf: URL(filePath: Self.fixture))
    for address in [Self.fixture, "file://\(Self.fixture)", "FILE://\(Self.fixture)"] {
      #expect(try Data(Fetch().get(address)) == expected)
    }
  }

  static let failures: [(path: String, reason: FetchError.Reason)] = [
    ("/nowhere", .status(404)), ("/cut", .cutOff), ("/loop", .redirects), ("/elsewhere", .redirects),
    ("/announced", .tooLarge(bytesMax: 1 << 20)), ("/endless", .tooLarge(bytesMax: 1 << 20)),
    ("/silent", .timeout),
  ]

  @Test(arguments: failures)
  func saysWhyNot(path: String, reason: FetchError.Reason) throws {
    #expect(throws: FetchError(server.address + path, reason)) {
      try get(path) {
        $0.sizeBytesMax = 1 << 20
        if path == "/silent" { $0.timeoutMilliseconds = 200 }
      }
    }
  }

  @Test func aFileOfJustTheSizeIsTaken() throws {
    let size = try Data(contentsOf: URL(filePath: Self.fixture)).count
    #expect(try get("/prices.json") { $0.sizeBytesMax = size }.count == size)
    #expect(throws: FetchError.self) { try get("/prices.json") { $0.sizeBytesMax = size - 1 } }
  }

  @Test func nobodyListens() throws {
    // Of a server that is gone.
    let address = try PriceServer(Self.fixture).address + "/prices.json"
    #expect(throws: FetchError(address, .noListener)) { try Fetch().get(address) }
  }

  @Test func headersArriveAsTheyAre() throws {
    let value = #"a "quoted" \ back$slash"#
    let body = try Fetch().get("\(server.address)/headers", headers: [("X-Secret", value)])
    let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains("X-Secret: \(value)"))
    #expect(lines.contains("User-Agent: tally"))
    #expect(throws: FetchError.self) {
      try Fetch().get("\(server.address)/headers", headers: [("A", "b\nurl = \"file:///etc/hostname\"")])
    }
  }

  static let descriptions: [(address: String, reason: FetchError.Reason, text: String)] = [
    (
      "https://ann:secret@example.com/a?key=secret#x", .status(403),
      "https://example.com/a: the server answered 403, not 200: check the address"
    ),
    (
      "ftp://example.com/a", .noAddress,
      "ftp://example.com/a: no address: write https://…, http://…, file://… or a path"
    ),
    ("http://h/", .timeout, "http://h/: no whole answer in time: try again"),
    (
      "http://h/", .notSecure, "http://h/: no secure connection: check the certificate and the system's clock"
    ),
    ("http://h/", .noCurl, "http://h/: curl is needed to fetch it, and does not start: install curl"),
    ("http://h/", .curl(23), "http://h/: curl ended with 23 (man curl says what that means)"),
  ]

  @Test(arguments: descriptions)
  func describesItself(address: String, reason: FetchError.Reason, text: String) {
    #expect("\(FetchError(address, reason))" == text)
  }
}
