import ArgumentParser
import Pricing

/// What may be wrong with prices.
struct CheckPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for gaps, overlaps and suspicious jumps in the prices, and say when they are old.",
    discussion: "Gaps and broken references end with 65; what is only suspicious does not.")

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try PriceStore(options, showing: "prices check")
    let findings = CatalogCheck.findings(store.book, today: store.today)
    for finding in findings { try Terminal.print(line: "\(finding.kind.rawValue): \(finding.text)") }
    let errors = findings.count(where: \.isError)
    options.say(
      "\(counted(store.book.models.count, "model")) of \(counted(store.book.providers.count, "provider")) "
        + "(\(store.book.version)): \(counted(errors, "error")), \(counted(findings.count - errors, "remark"))"
    )
    if errors > 0 { throw ExitCode(Status.dataError.rawValue) }
  }
}
