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
  private let checksum: RateChecksum
  private let lock: String

  /// A file, and another one that whoever changes it locks, on this machine only.
  package init(path: String, lock: String) {
    self.path = path
    self.lock = lock
    checksum = RateChecksum(of: path)
  }

  /// The rates; none when there is no file.
  ///
  /// - Parameter days: those on which rates are asked for; all when nil. A few days of all since 1999 are read in
  ///   a tenth of the time.
  package func read(for days: ClosedRange<CivilDate>? = nil) throws(RateStoreError) -> Rates {
    try rates(of: try contents(), days)
  }

  /// Adds rates; the file is written only when that changes it.
  package func merge(_ rates: Rates, isReplacing: Bool) throws(RateStoreError) -> RateMerge {
    let lock = try locked()
    let bytes = try contents()
    var known = try self.rates(of: bytes, nil)
    let before = known
    let merge = known.merge(rates, isReplacing: isReplacing)
    if known != before { try write(known, insteadOf: bytes) }
    _ = consume lock
    return merge
  }

  private func rates(of bytes: [UInt8]?, _ days: ClosedRange<CivilDate>?) throws(RateStoreError) -> Rates {
    guard let bytes else { return Rates() }
    let wanted = days.map { $0.lowerBound - Rates.ageDaysMax...$0.upperBound }
    return try RateStoreError.parsed(bytes, path: path, days: wanted).rates
  }

  /// The bytes of the file, which match their checksum; nil when there is no file.
  private func contents() throws(RateStoreError) -> [UInt8]? {
    var before: UInt64?
    while true {
      let bytes: [UInt8]
      let hash: UInt64
      do throws(FileError) {
        bytes = try Publish.contents(path, sizeBytesMax: RateFile.sizeBytesMax)
        hash = XXH64.hash(bytes)
        if try checksum.allows(hash) { return bytes }
      } catch {
        if error.isMissing { return nil }
        throw .file(error)
      }
      // Both files may have been replaced after the first was read.
      if hash == before { throw .content(checksum.mismatch) }
      before = hash
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

  /// At every moment the checksum allows what the file holds, so whoever is cut off leaves both right.
  private func write(_ rates: Rates, insteadOf old: [UInt8]?) throws(RateStoreError) {
    let bytes = rates.csv.array
    let hash = XXH64.hash(bytes)
    do throws(FileError) {
      try Folders.create(Folders.parent(of: path))
      try checksum.write([hash] + (old.map { [XXH64.hash($0)] } ?? []))
      try Publish.replace(path, with: bytes.span.bytes)
      if old != nil { try checksum.write([hash]) }
    } catch {
      throw .file(error)
    }
  }

  /// Reads a file as published, or what a pipe brings; `-` is standard input.
  package static func readFile(_ path: String) throws(RateStoreError) -> RateFile {
    let name = path == "-" ? "stdin" : path
    let bytes: [UInt8]
    do throws(FileError) {
      let stream = path == "-" ? Stream() : try Stream(path: path)
      bytes = try stream.contents(sizeBytesMax: RateFile.sizeBytesMax)
    } catch {
      guard error.isTooLarge else { throw .file(error) }
      throw .content(
        RateFileError(
          path: name, line: nil, what: "the file is larger than \(RateFile.sizeBytesMax >> 20) MiB",
          mend: "name the eurofxref files of the ECB, .xml or .csv"))
    }
    return try RateStoreError.parsed(bytes, path: name)
  }
}

extension RateStoreError {
  fileprivate static func parsed(
    _ bytes: [UInt8], path: String, days: ClosedRange<CivilDate>? = nil
  ) throws(RateStoreError) -> RateFile {
    do throws(RateFileError) {
      return try RateFile(bytes, path: path, days: days)
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
