import Bytes
import TOML

/// Reads typed values of one table, with errors that name the key and its line.
struct ConfigurationReader {
  let table: TOMLTable
  /// What messages call the file.
  let path: String
  /// In front of the keys of a section: `prices.`.
  var prefix = ""
  /// Where the section begins; nil for the whole file.
  var line: Int?

  /// An error about a key, on its line, or about the whole section.
  func error(_ what: String, _ mend: String = "", at key: String? = nil) -> ConfigurationError {
    let line = key.flatMap { table.entry($0)?.line } ?? line
    let name = key.map { "\(prefix)\($0)" } ?? String(prefix.dropLast())
    return ConfigurationError(path, line: line, "\(name) \(what)", mend)
  }

  /// Every key must be known.
  func check(_ keys: [String]) throws(ConfigurationError) {
    for entry in table.entries where !keys.contains(entry.key) {
      let mend = nearest(to: entry.key, in: keys).map { "did you mean \(prefix)\($0)?" }
      throw ConfigurationError(
        path, line: entry.line, "unknown key \"\(prefix)\(entry.key)\"",
        mend ?? "known keys are \(keys.joined(separator: ", "))")
    }
  }

  /// The keys behind `[key]`.
  func section(_ key: String) throws(ConfigurationError) -> Self? {
    guard let value = table[key] else { return nil }
    guard let table = value.table else {
      throw error("is no section", "write [\(prefix)\(key)] on a line of its own", at: key)
    }
    return Self(table: table, path: path, prefix: "\(prefix)\(key).", line: value.line)
  }

  /// The keys behind each `[[key]]`; messages count them from 1.
  func sections(_ key: String) throws(ConfigurationError) -> [Self] {
    guard let value = table[key] else { return [] }
    let tables = (value.array ?? []).compactMap(\.table)
    guard let values = value.array, tables.count == values.count else {
      throw error("is no list of sections", "write [[\(prefix)\(key)]] on a line of its own", at: key)
    }
    return zip(tables, values).enumerated().map { index, section in
      Self(table: section.0, path: path, prefix: "\(prefix)\(key)[\(index + 1)].", line: section.1.line)
    }
  }

  func text(_ key: String) throws(ConfigurationError) -> String? {
    guard let value = table[key] else { return nil }
    guard let text = value.text, !text.isEmpty else {
      throw error("is no text", "write \(TOMLText.key(key)) = \"…\"", at: key)
    }
    return text
  }

  func number(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
    guard let value = table[key] else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw error("is no whole number from \(range.lowerBound) to \(range.upperBound)", at: key)
    }
    return number
  }

  func flag(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let value = table[key] else { return nil }
    guard let flag = value.boolean else {
      throw error("is neither true nor false", "write \(key) = true or false", at: key)
    }
    return flag
  }

  func names(_ key: String) throws(ConfigurationError) -> [String] {
    guard let value = table[key] else { return [] }
    guard let elements = value.array else {
      throw error("is no list", "write \(key) = [\"…\", \"…\"]", at: key)
    }
    var names: [String] = []
    for element in elements {
      // Names are bytes: `String` takes two spellings of é for one.
      guard let name = element.text, !name.isEmpty,
        !names.contains(where: { $0.utf8.elementsEqual(name.utf8) })
      else {
        throw error("holds what is no text, is empty or is there twice", at: key)
      }
      names.append(name)
    }
    return names
  }
}
