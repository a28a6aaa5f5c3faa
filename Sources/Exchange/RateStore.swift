//! The store's rates: `catalog/fx.csv` (`Schemas/fx.md`), a file of the ECB's own CSV shape with the oldest day first
//! and the currencies in order. One set of rates has one spelling, so equal rates are equal bytes.

package import Bytes
package import Calendar
package import Files
import Money

/// Why rates could not be read or kept.
package enum RateStoreError: Error, Equatable, CustomStringConvertible {
  case file(FileError)
  case content(RateFileError)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .content(let error): error.description
    }
  }
}

/// The file of rates of one store.
package struct RateStore: Sendable {
  private let path: String
  private let lock: String

  /// A file, and another one that whoever changes it locks, on this machine only.
  package init(path: String, lock: String) {
    self.path = path
    self.lock = lock
  }

  /// The rates; none when there is no file.
  ///
  /// - Parameter days: those on which rates are asked for; all when nil. A few days of all since 1999 are read in
  ///   a tenth of the time.
  package func read(for days: ClosedRange<CivilDate>? = nil) throws(RateStoreError) -> Rates {
    guard try isThere() else { return Rates() }
    let wanted = days.map { $0.lowerBound - Rates.ageDaysMax...$0.upperBound }
    return try Self.readFile(path, days: wanted).rates
  }

  /// Adds rates; the file is written only when that changes it.
  package func merge(_ rates: Rates, isReplacing: Bool) throws(RateStoreError) -> RateMerge {
    let lock = try locked()
    var known = try read()
    let before = known
    let merge = known.merge(rates, isReplacing: isReplacing)
    if known != before { try write(known) }
    _ = consume lock
    return merge
  }

  private func isThere() throws(RateStoreError) -> Bool {
    do throws(FileError) {
      return try Folders.status(path) != nil
    } catch {
      throw .file(error)
    }
  }

  private func locked() throws(RateStoreError) -> File {
    do throws(FileError) {
      try Folders.create(Folders.parent(of: lock))
      let file = try File(lock, .update)
      try file.lock()
      return file
    } catch {
      throw .file(error)
    }
  }

  private func write(_ rates: Rates) throws(RateStoreError) {
    do throws(FileError) {
      try Folders.create(Folders.parent(of: path))
      try rates.csv.withBytes { (bytes) throws(FileError) in try Publish.replace(path, with: bytes) }
    } catch {
      throw .file(error)
    }
  }

  /// Reads a file as published; `-` is standard input.
  package static func readFile(
    _ path: String, days: ClosedRange<CivilDate>? = nil
  ) throws(RateStoreError) -> RateFile {
    let name = path == "-" ? "stdin" : path
    var bytes = ByteWriter(capacity: 1 << 20)
    do throws(FileError) {
      let stream = path == "-" ? Stream() : try Stream(path: path)
      while bytes.count <= RateFile.sizeBytesMax {
        if try stream.read(upTo: 1 << 20, waiting: -1, into: &bytes) == .end { break }
      }
    } catch {
      throw .file(error)
    }
    do throws(RateFileError) {
      if bytes.count > RateFile.sizeBytesMax {
        throw RateFileError(
          path: name, line: nil, what: "the file is larger than \(RateFile.sizeBytesMax >> 20) MiB",
          mend: "name the eurofxref files of the ECB, .xml or .csv")
      }
      return try RateFile(bytes.array, path: name, days: days)
    } catch {
      throw .content(error)
    }
  }
}

extension Rates {
  /// The one spelling of these rates.
  package var csv: ByteWriter {
    var output = ByteWriter(capacity: 1 << 16)
    let currencies = currencies
    output.append("Date")
    for currency in currencies { output.append(",\(currency)" as String) }
    output.append(UInt8(ascii: "\n"))
    let columns = currencies.compactMap { series[$0] }
    var next = [Int](repeating: 0, count: columns.count)
    for day in Set(columns.flatMap(\.days)).sorted() {
      output.append(CivilDate(days: day))
      for (index, column) in columns.enumerated() {
        output.append(UInt8(ascii: ","))
        guard next[index] < column.count, column.days[next[index]] == day else { continue }
        Decimal.append(column.rates[next[index]], to: &output)
        next[index] += 1
      }
      output.append(UInt8(ascii: "\n"))
    }
    return output
  }
}
