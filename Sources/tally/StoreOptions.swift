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
  var configurationPath: String { givenConfiguration ?? "\(Directories.config)/config.toml" }

  /// The settings of the configuration file.
  func settings() throws -> Configuration {
    let path = configurationPath
    guard givenConfiguration != nil || Folders.status(path) != nil else { return Configuration() }
    let text: [UInt8]
    do throws(FileError) {
      text = try Publish.contents(path)
    } catch {
      throw Failure(error.description, error.isPermission ? .noPermission : .configuration)
    }
    do throws(ConfigurationError) {
      return try Configuration(toml: String(decoding: text, as: UTF8.self), path: path)
    } catch {
      throw Failure(error.description, .configuration)
    }
  }

  /// The store that an option or the environment names, whatever the configuration says.
  var namedStore: String? { store ?? System.environment("TALLY_STORE") }

  /// The store, wherever it was named.
  func layout(_ settings: Configuration) -> StoreLayout {
    StoreLayout(root: namedStore ?? settings.store.map(Directories.expanded) ?? Directories.data)
  }

  /// The name under which this run appends.
  func writerName() throws -> String {
    do throws(WriterName.Fault) {
      return try WriterName.resolve(writer, stateFolder: Directories.state)
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
