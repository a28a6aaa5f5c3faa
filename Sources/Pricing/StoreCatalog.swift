//! The prices a store keeps: a folder of catalog files, each written once and never changed, named by when it came in.
//! Merging stores copies them. The first rollup pins the built-in catalog by writing it there, so that a newer program
//! does not reprice what an older one priced: a newer built-in catalog is one more file, in force from that day on.

import Bytes
import Calendar
import Files
import Money

/// A store's catalog folder.
package struct StoreCatalog: Sendable {
  private static let suffix = ".json"
  private static let digestCount = 8
  /// More than any list of prices has.
  private static let sizeBytesMax = 64 << 20

  package let folder: String

  package init(folder: String) { self.folder = folder }

  /// The catalogs of the folder, in the order in which they count.
  package func catalogs() throws(PricingError) -> [PriceCatalog] {
    var found: [(name: String, catalog: PriceCatalog)] = []
    for name in try names() { found.append((name, try catalog(name))) }
    // Names begin with the time, but what counts is what the file says; of two at one time, the name decides.
    found.sort { ($0.catalog.recorded, $0.name) < ($1.catalog.recorded, $1.name) }
    // What was pinned lies below all else. Merged stores may have pinned one each: the later counts from its day on.
    var (pinned, layers): ([PriceCatalog], [PriceCatalog]) = ([], [])
    for var (_, catalog) in found {
      if catalog.name == Self.builtInName, catalog.effective == nil {
        if !pinned.isEmpty { catalog.effective = Moment.parse(String(catalog.recorded.prefix(10))) }
        pinned.append(catalog)
      } else {
        layers.append(catalog)
      }
    }
    return pinned + layers
  }

  private func names() throws(PricingError) -> [String] {
    do throws(FileError) {
      return try Folders.list(folder).filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }
    } catch {
      throw .file(error)
    }
  }

  /// The bytes of a file and their hash, which is the one that its name says, if it says one.
  private func contents(_ name: String) throws(PricingError) -> (bytes: [UInt8], hash: UInt64) {
    let path = "\(folder)/\(name)"
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Publish.contents(path, sizeBytesMax: Self.sizeBytesMax)
    } catch {
      throw .file(error)
    }
    let hash = XXH64.hash(bytes)
    if let named = Self.digest(inName: name), named != Self.digest(hash) {
      let right = name.dropLast(Self.digestCount + Self.suffix.count) + Self.digest(hash) + Self.suffix
      throw .altered(file: path, rightName: String(right))
    }
    return (bytes, hash)
  }

  /// Whether each file of the folder is as it was written and a catalog: how many there are, and what is wrong.
  package func check() -> (count: Int, problems: [PricingError]) {
    var problems: [PricingError] = []
    do throws(PricingError) {
      let names = try names()
      for name in names {
        do throws(PricingError) {
          _ = try catalog(name)
        } catch {
          problems.append(error)
        }
      }
      return (names.count, problems)
    } catch {
      return (0, [error])
    }
  }

  private func catalog(_ name: String) throws(PricingError) -> PriceCatalog {
    try CatalogReader.read(try contents(name).bytes, file: "\(folder)/\(name)")
  }

  /// Everything that prices an event of this store: the built-in catalog unless the store has pinned one, and the
  /// store's own on top.
  package func book() throws(PricingError) -> PriceBook {
    let own = try catalogs()
    let isPinned = own.contains { $0.name == Self.builtInName }
    return PriceBook((isPinned ? [] : [try CatalogReader.builtIn()]) + own)
  }

  private static let builtInName = "built-in"
  /// Changes when other prices are found in the same catalogs, so that each rollup is asked which prices it used.
  private static let rules: UInt8 = 2

  /// Pins the built-in catalog, or brings a newer one in from the day of `now` on; false when there is nothing to do.
  @discardableResult
  package func adoptBuiltIn(now: Int64) throws(PricingError) -> Bool {
    // Every rollup asks, and reading catalogs takes longer than looking at a store in which nothing changed.
    let known = Self.fileNamePart(Self.builtInName, CatalogReader.builtInVersion)
    if try names().contains(where: { $0.contains(known) }) { return false }
    let pinned = try catalogs().filter { $0.name == Self.builtInName }
    var catalog = try CatalogReader.builtIn()
    // An older program on a shared store must not bring its older prices back.
    if let newest = pinned.map(\.version).max(), newest >= catalog.version { return false }
    catalog.effective = pinned.isEmpty ? nil : CivilDate(utcDayOf: now).utcStartMs
    try write(catalog, now: now)
    return true
  }

  /// Publishes a catalog as a file of its own, atomically; its path.
  @discardableResult
  package func write(_ catalog: PriceCatalog, now: Int64) throws(PricingError) -> String {
    var catalog = catalog
    var text = ByteWriter(capacity: 32)
    text.append(rfc3339: now)
    catalog.recorded = String(decoding: text.array, as: UTF8.self)
    let bytes = Array(CatalogWriter.text(catalog).utf8)
    // What cannot be read again is never written.
    _ = try CatalogReader.read(bytes, file: catalog.name)
    let stamp = catalog.recorded.filter { $0 != ":" && $0 != "." }
    let digest = Self.digest(XXH64.hash(bytes))
    let part = Self.fileNamePart(catalog.name, catalog.version)
    let path = "\(folder)/\(stamp)\(part)\(digest)\(Self.suffix)"
    do throws(FileError) {
      try Folders.create(folder)
      try Publish.replace(path, with: bytes.span.bytes)
    } catch {
      throw .file(error)
    }
    return path
  }

  /// The name and version of a catalog as they stand in the names of its files.
  private static func fileNamePart(_ name: String, _ version: String) -> String {
    func word(_ text: String) -> String {
      String(text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(40))
    }
    return "-\(word(name))-\(word(version))-"
  }

  /// What names say of a hash.
  private static func digest(_ hash: UInt64) -> String { String(Hexadecimal.text(hash).prefix(digestCount)) }

  /// The digest at the end of a file's name; nil when there is none, as in names that people gave.
  private static func digest(inName name: String) -> String? {
    let digits = name.dropLast(suffix.count).suffix(digestCount)
    let isDigest =
      digits.utf8.count == digestCount && digits.utf8.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 }
      && name.dropLast(suffix.count + digestCount).last == "-"
    return isDigest ? String(digits) : nil
  }

  /// What prices the store's events; only the bytes of the catalogs are read now.
  package func pricer() throws(PricingError) -> Pricer {
    var text = ByteWriter(capacity: 256)
    text.append(Self.rules)
    let names = try names().sorted()
    // Until one is pinned, the program's own counts.
    if !names.contains(where: { $0.contains("-\(Self.builtInName)-") }) {
      text.append(littleEndian: XXH64.hash(CatalogReader.builtInBytes))
    }
    for name in names {
      text.append(name)
      text.append(littleEndian: try contents(name).hash)
    }
    let hash = text.withBytes { XXH64.hash($0) }
    return Pricer(fingerprint: Hexadecimal.text(hash)) { () throws(PricingError) in try book() }
  }
}
