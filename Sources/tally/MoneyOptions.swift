import ArgumentParser
import Calendar
import Configuration
import Exchange
import Money
import Pricing
import Query
import SegmentLog

/// How reports show money: each amount in its own currency, all in one, or none at all.
struct MoneyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Convert all amounts to this currency, at the rates of their days (see tally fx).", valueName: "code"))
  var currency: String?

  @Option(
    help: ArgumentHelp(
      "Which cost: auto (as reported, else computed), calculate (computed) or display (as reported).",
      valueName: "mode"))
  var cost: String?

  @Flag(help: "Show beside the cost what the same usage costs without negotiated prices and discounts.")
  var listPrice = false

  @Flag(help: "Show no amounts, prices and currencies.")
  var noCost = false

  func validate() throws {
    if noCost, let currency { throw ValidationError("--no-cost and --currency \(currency): choose one") }
    if noCost, let cost { throw ValidationError("--no-cost and --cost \(cost): choose one") }
    if noCost, listPrice { throw ValidationError("--no-cost and --list-price: choose one") }
    if let cost, CostMode(rawValue: cost) == nil {
      throw ValidationError("--cost \(cost): \(Self.mendMode)")
    }
    _ = try currency.map { try Self.parse($0, "--currency") }
  }

  /// Says it to the request.
  func apply(
    to request: inout ReportRequest, _ settings: Configuration, _ options: StoreOptions, _ prices: Pricer
  ) throws {
    request.showsCost = request.showsCost && settings.showCost && !noCost
    guard request.showsCost else {
      let option = currency.map { "--currency \($0)" } ?? cost.map { "--cost \($0)" }
      guard let option = option ?? (listPrice ? "--list-price" : nil) else { return }
      throw Failure(
        "\(option): show_cost = false in the configuration hides all costs: change it there", .usage)
    }
    request.costMode = try mode(settings, options, kind: request.kind)
    if listPrice {
      if request.kind == "billed" {
        throw Failure(
          "--list-price: bills have no list price: leave --list-price or --kind billed out", .usage)
      }
      request.comparison = PriceComparison(
        name: "list", candidates: [.init(label: "list", prices: ListPriceSource(prices))])
    }
    guard let target = try target(settings, options) else { return }
    request.conversion = try Self.conversion(to: target, request, try options.layout(settings))
  }

  /// The rates that bring the amounts of a request into one currency.
  static func conversion(
    to currency: Currency, _ request: ReportRequest, _ layout: StoreLayout
  ) throws -> Conversion {
    // The days of a zone reach into the UTC days around them.
    let days = request.days.lowerBound - 1...request.days.upperBound + 1
    do throws(RateStoreError) {
      return Conversion(to: currency, try RateStore(layout).read(for: days))
    } catch {
      throw Failure(error)
    }
  }

  private func mode(_ settings: Configuration, _ options: StoreOptions, kind: String) throws -> CostMode {
    let configured = settings.costMode.flatMap(CostMode.init)
    if let text = settings.costMode, configured == nil {
      throw Failure(
        "\(try options.configurationPath): cost_mode \"\(text)\": \(Self.mendMode)", .configuration)
    }
    let mode = cost.flatMap(CostMode.init)
    // Bills say what they say; nothing is computed from them.
    guard kind == "billed" else { return mode ?? configured ?? .auto }
    if mode == .calculate {
      throw Failure(
        "--cost calculate: bills have no computed cost: leave --cost or --kind billed out", .usage)
    }
    return .display
  }

  private static let mendMode = "use auto, calculate or display"

  private func target(_ settings: Configuration, _ options: StoreOptions) throws -> Currency? {
    if let currency { return try Self.parse(currency, "--currency") }
    return try Self.configured(settings, options)
  }

  /// The currency of reports; nil when each amount keeps its own.
  static func configured(_ settings: Configuration, _ options: StoreOptions) throws -> Currency? {
    guard let configured = settings.currency else { return nil }
    guard let currency = Currency(configured) else {
      throw Failure("\(try options.configurationPath): currency \"\(configured)\": \(mend)", .configuration)
    }
    return currency
  }

  private static let mend = "use a code of ISO 4217, such as EUR or USD"

  /// Reads a currency's code.
  static func parse(_ code: String, _ place: String) throws -> Currency {
    guard let currency = Currency(code) else {
      throw ValidationError("\(place) \"\(code)\": \(mend)")
    }
    return currency
  }
}

extension StoreOptions {
  /// The settings, unless they hide what the command is about to show.
  func settingsShowingPrices(_ command: String) throws -> Configuration {
    let settings = try settings()
    guard settings.showCost else {
      throw Failure(
        "\(command): show_cost = false in \(try configurationPath) hides all prices: change it there",
        .configuration)
    }
    return settings
  }
}

extension RateStore {
  /// The rates of a store.
  init(_ layout: StoreLayout) {
    self.init(path: layout.exchangeRates, lock: layout.exchangeLock)
  }

  /// The same error by all that is known, not only by what the report's days need.
  func explained(_ error: ExchangeError) -> ExchangeError {
    guard case .noRate(let currency, let day, _) = error, let rates = try? read() else { return error }
    do throws(ExchangeError) {
      _ = try rates.known(currency, on: day)
      return error
    } catch {
      return error
    }
  }
}
