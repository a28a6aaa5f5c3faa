import Foundation
import TestSupport
import Testing

/// `tally prices update`: prices from an address.
@Suite(
  .enabled("needs python3 and curl") {
    Tools.isCI || (Tools.anyPython != nil && Tools.path(of: "curl") != nil)
  })
struct UpdateTests {
  private static let fixture = Tools.root.appending(path: "Fixtures/prices/litellm-sample.json").path

  @Test func bringsInWhatIsBehindTheConfiguredAddress() throws {
    let server = try PriceServer(Self.fixture)
    let box = try Sandbox()
    let address = "\(server.address)/prices.json"
    try box.write("config/tally/config.toml", "[prices]\nurl = \"\(address)?token=secret\"")
    let update = try box.tally("prices", "update")
    #expect(update.status == 0)
    #expect(update.output == "")
    let lines = update.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines.first
        == "\(address): 3 without a price, 2 left out, 4 prices rounded, 15 fields not supported (--verbose names them)"
    )
    #expect(
      lines.last?.hasPrefix(
        "\(address): 16 new models, 12 changed, 13 as before; in force from 2026-11-20: ") == true)
    // Where a price is from: the address, but never what may be secret in it.
    let layer = try #require(
      try box.files().first { $0.key.contains("litellm") && $0.key.hasPrefix("catalog/") }?.value)
    let text = String(decoding: layer, as: UTF8.self)
    #expect(text.contains(#""url": "\#(address)""#))
    #expect(!text.contains("secret"))
    let again = try box.tally("prices", "update")
    #expect(again.last == "\(address): 0 new models, 0 changed, 41 as before; nothing to do")
    #expect(try box.files().count == 2)
  }

  @Test func theDayIsTheOneThatWasTyped() throws {
    let box = try Sandbox()
    let update = try box.tally("prices", "update", "--url", Self.fixture, "--from", "2026-12-01")
    #expect(update.last.contains("in force from 2026-12-01: "))
    let show = try box.tally(
      "prices", "show", "claude-sonnet-4-5", "--provider", "anthropic", "--format", "csv")
    #expect(
      show.lines.contains {
        $0.hasPrefix("anthropic,claude-sonnet-4-5,2026-12-01,,input,3,3,USD,LiteLLM model")
      })
  }

  /// Path behind the server, exit code, and what is said behind the address.
  static let failures: [(path: String, status: Int32, message: String)] = [
    ("/nowhere", 69, ": the server answered 404, not 200: check the address"),
    ("/cut", 69, ": the answer broke off: try again"),
    ("/loop", 69, ": it leads from one address to another without end, or to an unsafe one"),
    ("/endless", 65, ": larger than 64 MiB: check the address"),
    ("/bad.json", 65, ":1: the file ends too early"), ("/page", 65, ":1: not JSON: expected a value"),
  ]

  @Test(arguments: failures)
  func saysWhatWentWrong(path: String, status: Int32, message: String) throws {
    let server = try PriceServer(Self.fixture)
    let box = try Sandbox()
    let outcome = try box.tally("prices", "update", "--url", "\(server.address)\(path)?key=secret")
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.errors == "tally: \(server.address)\(path)\(message)\n")
    #expect(try box.files().isEmpty)
  }

  @Test func saysWhatCannotBeAsked() throws {
    let box = try Sandbox()
    let none = try box.tally("prices", "update")
    #expect(none.status == 78)
    #expect(
      none.errors == """
        tally: prices update: no address: set url below [prices] in \(box.path("config/tally/config.toml")), or give --url, for example
        https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json

        """)
    let gone = try PriceServer(Self.fixture).address
    let nobody = try box.tally("prices", "update", "--url", gone)
    #expect(nobody.status == 69)
    #expect(nobody.errors == "tally: \(gone): nobody answers there: check the address and the network\n")
    let file = try box.tally("prices", "update", "--url", "file:///nowhere/prices.json")
    #expect(file.status == 66)
    #expect(file.errors == "tally: /nowhere/prices.json: cannot open: No such file or directory\n")
    let odd = try box.tally("prices", "update", "--url", "ftp://example.com/prices.json")
    #expect(odd.status == 64)
    #expect(
      odd.errors
        == "tally: ftp://example.com/prices.json: no address: write https://…, http://…, file://… or a path\n"
    )
    let bare = try box.tally(
      "prices", "update", "--url", "http://127.0.0.1/", environment: ["PATH": box.path("empty")])
    #expect(bare.status == 69)
    #expect(
      bare.errors
        == "tally: http://127.0.0.1/: curl is needed to fetch it, and does not start: install curl\n")
  }
}
