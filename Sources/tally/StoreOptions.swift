import ArgumentParser
import Calendar
import Configuration
import Files
import Ingest
import SegmentLog

/// The options every subcommand has.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The store's folder (default: $TALLY_STORE, else the data folder).", valueName: "folder"))
  var store: String?

  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The name of this writer (default: $TALLY_WRITER, else this machine's).", valueName: "name"))
  var writer: String?

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  private var givenConfiguration: String? { config ?? System.environment("TALLY_CONFIG") }

  /// Where the configuration file is, or would be.
  var configurationPath: String {
    get throws { try givenConfiguration ?? "\(Failure.wrap(Directories.config))/config.toml" }
  }

  /// The settings of the configuration file.
  func settings() throws -> Configuration {
    let path = try configurationPath
    let text: [UInt8]
    do throws(FileError) {
      // Whoever names one may name a pipe, or /dev/null.
      if let givenConfiguration {
        text = try Stream.contents(givenConfiguration, sizeBytesMax: Configuration.sizeBytesMax)
      } else if try Folders.status(path) != nil {
        text = try Publish.contents(path, sizeBytesMax: Configuration.sizeBytesMax)
      } else {
        return Configuration()
      }
    } catch {
      throw Failure(error.description, error.isPermission ? .noPermission : .configuration)
    }
    do throws(ConfigurationError) {
      return try Configuration(toml: text, path: path)
    } catch {
      throw Failure(error.description, .configuration)
    }
  }

  /// The store that an option or the environment names, whatever the configuration says.
  var namedStore: String? { store ?? System.environment("TALLY_STORE") }

  /// The store, wherever it was named.
  func layout(_ settings: Configuration) throws -> StoreLayout {
    if let namedStore { return StoreLayout(root: namedStore) }
    let root = try Failure.wrap { () throws(NoHome) in
      guard let configured = settings.store else { return try Directories.data() }
      return try Directories.expanded(configured)
    }
    return StoreLayout(root: root)
  }

  /// The name under which this run appends.
  func writerName() throws -> String {
    let given = writer ?? System.environment("TALLY_WRITER")
    let stateFolder = try given == nil ? Failure.wrap(Directories.state) : ""
    do throws(WriterName.Fault) {
      return try WriterName.resolve(given, stateFolder: stateFolder)
    } catch {
      switch error {
      case .malformed: throw Failure(error.description, .usage)
      case .file(let error): throw Failure(error)
      }
    }
  }

  /// Says something, unless people want silence.
  func say(_ text: @autoclosure () -> String) {
    if !quiet { Terminal.say(text()) }
  }
}

extension StoreOptions {
  /// The settings, unless they hide the prices that the command is about to show.
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
