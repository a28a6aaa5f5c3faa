import TOML

/// A document's values as JSON in which nothing is lost: tables are lists of pairs, and numbers stay text.
enum Dump {
  static func text(_ table: TOMLTable) -> String {
    list(table.entries.map { "[\(string($0.key)), \(text($0.value))]" })
  }

  static func text(_ value: TOMLValue) -> String {
    switch value.content {
    case .text(let text): tagged("text", string(text))
    case .integer(let number): tagged("integer", "\(number)")
    case .float(let text): tagged("float", string(text))
    case .boolean(let flag): tagged("boolean", "\(flag)")
    case .moment(let text): tagged("moment", string(text))
    case .array(let values): tagged("array", list(values.map(text)))
    case .table(let table): tagged("table", text(table))
    }
  }

  private static func tagged(_ kind: String, _ value: String) -> String { "{\"\(kind)\": \(value)}" }

  private static func list(_ parts: [String]) -> String { "[\(parts.joined(separator: ", "))]" }

  static func string(_ text: String) -> String {
    let units = text.utf16.map { unit -> String in
      let isPlain = 0x20...0x7E ~= unit && unit != 0x22 && unit != 0x5C
      if isPlain { return String(UnicodeScalar(UInt8(unit))) }
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\"\(units.joined())\""
  }
}
