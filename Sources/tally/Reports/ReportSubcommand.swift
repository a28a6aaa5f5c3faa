import ArgumentParser
import Calendar
import Configuration
import Exchange
import Files
import Query
import Reports
import SegmentLog

/// A command that is a report: its flags are words, and the definition does the rest.
protocol ReportSubcommand: ParsableCommand {
  associatedtype Definition: ReportDefinition
  var options: StoreOptions { get }
  var output: OutputOptions { get }
  /// What the flags say.
  var words: ReportParameters { get }
}

extension ReportSubcommand {
  /// What the definition says of the command; each command keeps it, because it is asked for often while words are parsed.
  static var definedConfiguration: CommandConfiguration {
    CommandConfiguration(
      commandName: Definition.name, abstract: Definition.abstract, discussion: Definition.discussion)
  }

  func validate() throws {
    do throws(ParameterError) {
      _ = try Definition(words)
    } catch {
      throw ValidationError(error.message(\.spelling))
    }
  }

  func run() throws { try runReport() }

  func runReport() throws {
    let context = try options.reportContext()
    let result = try Failure.wrap { () throws(ReportFailure) in
      try Definition.result(self.words, in: context)
    }
    for problem in result.problems { Terminal.say("tally: \(problem)") }
    try output.write(result.report, options)
    for remark in result.remarks { options.say("tally: \(remark)") }
    if let failure = result.failure { throw Failure(failure) }
    if !result.problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }
}

extension StoreOptions {
  /// The store, which must be there.
  func openLayout(_ settings: Configuration) throws -> StoreLayout {
    let layout = try layout(settings)
    guard try isThere(layout) else {
      throw Failure(
        "\(layout.root): there is no store: append events first, or name one with --store", .noInput)
    }
    // Where there are plenty, no look is needed.
    guard System.openFilesMax >= 256 || System.canOpen(Self.openFilesMin) else {
      throw Failure(
        "\(layout.root): cannot open files for several days at once: at most \(System.openFilesMax) may be open, "
          + "raise the limit with ulimit -n 256", .ioError)
    }
    return layout
  }

  /// Whether there is a store.
  func isThere(_ layout: StoreLayout) throws -> Bool {
    do throws(FileError) {
      return try Folders.status(layout.root)?.isFolder == true
    } catch {
      throw Failure(error)
    }
  }

  /// Files that a command which reads days needs besides those that are open when it begins.
  private static let openFilesMin = 10

  /// The store and all that decides how reports of it come out.
  func reportContext() throws -> ReportContext {
    let settings = try settings()
    let layout = try openLayout(settings)
    // One day after the other takes about the same.
    System.keepFreedMemory()
    return ReportContext(
      layout: layout, configuration: settings, configurationPath: try configurationPath,
      prices: try StorePrices.pricer(layout), nowMs: System.now())
  }
}

extension Failure {
  /// A report that cannot be made.
  init(_ failure: ReportFailure) {
    switch failure {
    case .parameter(let error): self.init(error.message(\.spelling), details: error.excerpt, .usage)
    case .configuration(let message, let excerpt): self.init(message, details: excerpt, .configuration)
    case .notFound(let message): self.init(message, .noInput)
    case .noSession(let id, let days, let nearest):
      let mend =
        nearest.map { "did you mean \($0)?" }
        ?? "tally report sessions lists them, and a range such as \(days.lowerBound.year) looks further back"
      self.init(
        "session \"\(id)\": no event from \(days.lowerBound) to \(days.upperBound) is of it: \(mend)",
        .noInput)
    case .noModel(let name, let nearest):
      let mend = nearest.map { "did you mean \($0)?" } ?? "tally prices list shows all"
      self.init("\(name): no such model: \(mend)", .noInput)
    case .file(let error): self.init(error)
    case .prices(let error): self.init(error)
    case .rates(let error): self.init(error)
    case .exchange(let error, let others):
      let more = others > 0 ? ["(and \(counted(others, "more day")) like it)"] : []
      self.init("\(error)", details: more, .dataError)
    case .tooLarge(let error):
      self.init("\(error): report fewer days, or run tally rollup --force", .dataError)
    }
  }

  static func wrap<Value>(_ body: () throws(ReportFailure) -> Value) throws -> Value {
    do throws(ReportFailure) {
      return try body()
    } catch {
      throw Failure(error)
    }
  }
}
