import ArgumentParser
import Calendar
import Configuration
import Exchange
import Files
import Money
import Render
import Reports

/// Exchange rates.
struct FxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fx",
    abstract: "Import and look up exchange rates, for reports in one currency.",
    discussion: """
      The rates are those of the European Central Bank, which quotes 30 currencies on every working day since 1999:
        curl -sO https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip && unzip eurofxref-hist.zip
        tally fx import eurofxref-hist.csv
        tally report monthly --currency EUR
      Every amount is converted at the rate of its UTC day, or the last one before it, at most 7 days old.
      """,
    subcommands: [FxImport.self, FxList.self, FxShow.self])
}

/// Takes in files of rates.
struct FxImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add the rates of the ECB's files, .xml or .csv, to the store.",
    discussion: """
      eurofxref-daily.xml, eurofxref-hist.xml, eurofxref-hist-90d.xml, eurofxref.csv and eurofxref-hist.csv. Importing a
      file again adds only what is new. A rate that is known as another is said and kept, and the exit code is 65;
      --replace takes the file's.
      """)

  private static let shownMax = 5

  @OptionGroup var options: StoreOptions

  @Argument(help: "The files; \"-\" is standard input.")
  var files: [String]

  @Flag(help: "Where a known rate is another one, take the file's.")
  var replace = false

  func run() throws {
    let settings = try options.settings()
    let store = RateStore(try options.layout(settings))
    var read: [(String, RateFile)] = []
    var changes = 0
    do throws(RateStoreError) {
      // All are read before the first is kept: of a list with a bad file nothing is taken.
      for file in files { read.append((file, try RateStore.readFile(file))) }
      for (path, file) in read {
        let merge = try store.merge(file.rates, isReplacing: replace)
        changes += merge.changes.count
        say(merge, file, path, isShowing: settings.showCost)
      }
    } catch {
      throw Failure(error)
    }
    if changes > 0, !replace {
      throw Failure(
        "\(counted(changes, "known rate")) kept, though the files say otherwise: --replace takes the files'",
        .dataError)
    }
  }

  private func say(_ merge: RateMerge, _ file: RateFile, _ path: String, isShowing: Bool) {
    if isShowing { sayCurrencies(merge, file, path) }
    let days = counted(file.dayCount, "day")
    options.say("\(path): \(days), \(counted(merge.added, "rate")) added, \(merge.same) known already")
  }

  private func sayCurrencies(_ merge: RateMerge, _ file: RateFile, _ path: String) {
    for change in merge.changes.prefix(Self.shownMax) {
      let (old, new) = (Decimal.text(change.old), Decimal.text(change.new))
      Terminal.say(
        "\(path): \(change.day): \(change.currency) is known as \(old), not \(new): \(replace ? "replaced" : "kept")"
      )
    }
    let more = merge.changes.count - Self.shownMax
    if more > 0 { Terminal.say("\(path): and \(more) more") }
    if !file.withdrawn.isEmpty {
      let codes = file.withdrawn.joined(separator: ", ")
      options.say("\(path): left out \(codes): no currencies of ISO 4217 today")
    }
  }
}

/// What is known.
struct FxList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the currencies with rates, and of which days.")

  @OptionGroup var options: StoreOptions
  @OptionGroup var listing: ListingOptions

  func run() throws {
    let rates = try FxShow.rates(options, showing: "fx list")
    var table = TextTable([
      ("currency", "Currency", .text), ("from", "From", .text), ("to", "To", .text),
      ("rates", "Rates", .count),
    ])
    for currency in rates.currencies {
      guard let series = rates.series[currency], let first = series.days.first, let last = series.days.last
      else { continue }
      table.rows.append([
        "\(currency)", "\(CivilDate(days: first))", "\(CivilDate(days: last))", "\(series.count)",
      ])
    }
    if rates.isEmpty { options.say("no exchange rates yet: tally fx import FILE (see tally fx --help)") }
    try listing.print(table)
  }
}

/// One rate.
struct FxShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the rate of a currency on a day, as reports use it.")

  @OptionGroup var options: StoreOptions
  @OptionGroup var listing: ListingOptions

  @Argument(help: "The currency, such as USD.")
  var currency: String

  @Option(help: ArgumentHelp("The UTC day (default: today).", valueName: "date"))
  var on = "today"

  func validate() throws { _ = try parsedCurrency() }

  private func parsedCurrency() throws -> Currency {
    guard let known = Currency(currency) else {
      throw ValidationError("currency \"\(currency)\": use a code of ISO 4217, such as EUR or USD")
    }
    return known
  }

  func run() throws {
    let currency = try parsedCurrency()
    let day = try day()
    let rates = try Self.rates(options, showing: "fx show")
    var table = TextTable([
      ("currency", "Currency", .text), ("day", "Day", .text), ("rate_day", "Rate of", .text),
      ("rate", "1 EUR costs", .number), ("euros", "1 \(currency) in EUR", .number),
    ])
    do throws(ExchangeError) {
      let known = try rates.known(currency, on: day)
      let euros = try rates.rate(from: currency, to: Rates.base, on: day).converted(Decimal.unit) ?? 0
      table.rows = [
        ["\(currency)", "\(day)", "\(known.day ?? day)", Decimal.text(known.rate), Decimal.text(euros)]
      ]
    } catch {
      throw Failure("\(error)", .dataError)
    }
    try listing.print(table)
  }

  private func day() throws -> CivilDate {
    do throws(CalendarError) {
      let days = try DateExpression.parse(on, today: CivilDate(utcDayOf: System.now()))
      guard days.count == 1 else { throw .unreadableDate(on) }
      return days.lowerBound
    } catch {
      throw Failure("--on: \(error)", .usage)
    }
  }

  static func rates(_ options: StoreOptions, showing command: String) throws -> Rates {
    let store = RateStore(try options.layout(try options.settingsShowingPrices(command)))
    do throws(RateStoreError) {
      return try store.read()
    } catch {
      throw Failure(error)
    }
  }
}
