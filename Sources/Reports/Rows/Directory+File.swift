import Adapters
import Bytes
import Configuration
import Files

extension Directory {
  private static let sizeBytesMax = 64 << 20

  /// Reads the table: the one that is named, the configured one, or the one beside the configuration.
  static func read(_ named: String?, _ context: ReportContext) throws(ReportFailure) -> Directory {
    let path: String
    do throws(NoHome) {
      let configured = try context.configuration.directory.map(Directories.expanded)
      path = named ?? configured ?? context.besideConfiguration("directory.csv")
    } catch {
      throw .configuration("\(error)")
    }
    let bytes: [UInt8]
    do throws(FileError) {
      // A person who names one may name a pipe.
      bytes =
        named == nil
        ? try Publish.contents(path, sizeBytesMax: sizeBytesMax)
        : try Stream.contents(path, sizeBytesMax: sizeBytesMax)
    } catch {
      guard error.isMissing else { throw .file(error) }
      throw .notFound(
        "\(path): there is no directory: write one that begins with user,aliases,team,cost_centre,from,until")
    }
    let rows = try rows(bytes, path)
    do throws(Fault) {
      return try Directory(rows: rows)
    } catch {
      throw .configuration("\(path): \(error)")
    }
  }

  private static func rows(
    _ bytes: [UInt8], _ path: String
  ) throws(ReportFailure) -> [(line: Int, fields: [String])] {
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
        throw .configuration("\(path): line \(index + 1): \(error.message)")
      }
    }
    return rows
  }
}
