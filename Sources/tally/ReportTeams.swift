import Adapters
import Answers
import ArgumentParser
import Bytes
import Calendar
import Configuration
import Files
import Query

/// A row a team.
struct TeamsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teams", abstract: "A row a team and cost centre, as directory.csv has its users.",
    discussion: """
      directory.csv lies beside the configuration file, or where directory in it says:
        user,aliases,team,cost_centre,from,until
        ann@example.com,ann;ann-laptop,search,4711,,2026-09-30
        ann@example.com,ann;ann-laptop,platform,4712,2026-10-01,
      Only user and team must be there. Users it does not know are (unallocated).
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  @Option(help: ArgumentHelp("The table of users and teams.", valueName: "file"))
  var directory: String?

  func run() throws {
    let settings = try answer.options.settings()
    let directory = try read(settings)
    try answer.run("teams", dimensions: TeamsReport.dimensions, defaultRange: "this-month") { request, _ in
      var request = request
      // Teams change from day to day.
      request.unit = .day
      return [request]
    } _: { usages, _ in
      try page.applied(to: TeamsReport(directory).report(usages[0]))
    }
  }

  private static let sizeBytesMax = 64 << 20

  private var defaultPath: String {
    get throws { Folders.sibling("directory.csv", of: try answer.options.configurationPath) }
  }

  private func read(_ settings: Configuration) throws -> Directory {
    let configured = try Failure.wrap { () throws(NoHome) in
      try settings.directory.map(Directories.expanded)
    }
    let path = try directory ?? configured ?? defaultPath
    let bytes: [UInt8]
    do throws(FileError) {
      // Whoever names one on the command line may name a pipe.
      bytes =
        directory == nil
        ? try Publish.contents(path, sizeBytesMax: Self.sizeBytesMax)
        : try Stream.contents(path, sizeBytesMax: Self.sizeBytesMax)
    } catch {
      guard error.isMissing else { throw Failure(error) }
      throw Failure(
        "\(path): there is no directory: write one that begins with user,aliases,team,cost_centre,from,until",
        .noInput)
    }
    return try Self.parse(bytes, path)
  }

  private static func parse(_ bytes: [UInt8], _ path: String) throws -> Directory {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var rows: [(line: Int, fields: [String])] = []
    var delimiter = UInt8(ascii: ",")
    for (index, line) in lines.enumerated() {
      let line = Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
      if line.isEmpty { continue }
      if rows.isEmpty { delimiter = DelimitedText.delimiter(ofHeader: line.span.bytes) }
      do throws(Misread) {
        rows.append((index + 1, try DelimitedText.fields(of: line.span.bytes, delimiter: delimiter)))
      } catch {
        throw Failure("\(path): line \(index + 1): \(error.message)", .configuration)
      }
    }
    do throws(Directory.Fault) {
      return try Directory(rows: rows)
    } catch {
      throw Failure("\(path): \(error)", .configuration)
    }
  }
}
