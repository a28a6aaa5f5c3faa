//! Values that stand without quotes: `true`, numbers, moments. Each is recognised whole, so that a message can show it.

/// Words of a document.
enum TOMLWord {
  /// What a word means.
  static func content(_ word: String) throws(TOMLFault) -> TOMLValue.Content {
    let bytes = Array(word.utf8)
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .float(word)
    default: break
    }
    if TOMLMoment.looksLikeOne(bytes) {
      guard TOMLMoment.isOne(bytes) else {
        throw TOMLFault(
          "\"\(word)\" is no date or time",
          "write 2026-11-20, 10:11:12 or 2026-11-20T10:11:12Z, or use quotes")
      }
      return .moment(word)
    }
    if let first = bytes.first, first &- 48 < 10 || first == 0x2B || first == 0x2D || first == 0x2E {
      return try TOMLNumber.content(word)
    }
    throw TOMLFault("\"\(shortened(word))\" is no value", mend(word))
  }

  static func shortened(_ word: String) -> String {
    let wordMax = 40
    let scalars = word.unicodeScalars
    return scalars.count > wordMax ? String(scalars.prefix(wordMax)) + "…" : word
  }

  private static func mend(_ word: String) -> String {
    let small = word.lowercased()
    if small == "true" || small == "false" { return "write \(small)" }
    if ["“", "”", "„", "‘", "’", "«"].contains(word.unicodeScalars.first) { return "use straight quotes" }
    return "put text in quotes"
  }
}

/// Numbers.
private enum TOMLNumber {
  static func content(_ word: String) throws(TOMLFault) -> TOMLValue.Content {
    var bytes = Array(word.utf8)[...]
    let sign = bytes.first.flatMap { $0 == 0x2B || $0 == 0x2D ? $0 : nil }
    if sign != nil { bytes = bytes.dropFirst() }
    if sign == nil, bytes.first == 48, let radix = radix(bytes.dropFirst().first) {
      let digits = try self.digits(bytes.dropFirst(2), radix, of: word)
      guard digits.rest.isEmpty else { throw none(word) }
      return try integer(digits.text, radix, of: word)
    }
    let whole = try digits(bytes, 10, of: word)
    if whole.text.utf8.count > 1, whole.text.utf8.first == 48 {
      throw TOMLFault("\"\(TOMLWord.shortened(word))\" begins with 0", "remove the 0, or put text in quotes")
    }
    let text = (sign == 0x2D ? "-" : "") + whole.text
    if whole.rest.isEmpty { return try integer(text, 10, of: word) }
    return .float(text + (try fraction(whole.rest, of: word)))
  }

  private static func none(_ word: String) -> TOMLFault {
    TOMLFault(
      "\"\(TOMLWord.shortened(word))\" is no number", "write one such as 12 or 0.5, or put text in quotes")
  }

  private static func radix(_ letter: UInt8?) -> Int? {
    switch letter {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "o"): 8
    case UInt8(ascii: "b"): 2
    default: nil
    }
  }

  private static func integer(_ digits: String, _ radix: Int, of word: String) throws(TOMLFault)
    -> TOMLValue.Content
  {
    guard let number = Int(digits, radix: radix) else {
      throw TOMLFault(
        "\"\(TOMLWord.shortened(word))\" is too large for a whole number",
        "write one from \(Int.min) to \(Int.max), or put text in quotes")
    }
    return .integer(number)
  }

  /// What stands behind the whole part: `.5`, `e9` or both.
  private static func fraction(_ bytes: ArraySlice<UInt8>, of word: String) throws(TOMLFault) -> String {
    var (text, rest) = ("", bytes)
    if rest.first == UInt8(ascii: ".") {
      let digits = try self.digits(rest.dropFirst(), 10, of: word)
      text += "." + digits.text
      rest = digits.rest
    }
    if let first = rest.first, first | 0x20 == UInt8(ascii: "e") {
      text += "e"
      rest = rest.dropFirst()
      if let sign = rest.first, sign == 0x2B || sign == 0x2D {
        text += sign == 0x2D ? "-" : "+"
        rest = rest.dropFirst()
      }
      let digits = try self.digits(rest, 10, of: word)
      text += digits.text
      rest = digits.rest
    }
    guard rest.isEmpty else { throw none(word) }
    return text
  }

  /// Digits, at least one, without the underscores between them, and what follows.
  private static func digits(
    _ bytes: ArraySlice<UInt8>, _ radix: Int, of word: String
  ) throws(TOMLFault) -> (text: String, rest: ArraySlice<UInt8>) {
    func isDigit(_ byte: UInt8) -> Bool {
      byte &- 48 < min(radix, 10) || radix == 16 && byte | 0x20 &- 97 < 6
    }
    let run = bytes.prefix { isDigit($0) || $0 == UInt8(ascii: "_") }
    let parts = run.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard !run.isEmpty else { throw none(word) }
    guard parts.allSatisfy({ !$0.isEmpty }) else {
      throw TOMLFault(
        "\"\(TOMLWord.shortened(word))\" has an underscore that is not between two digits", "remove it")
    }
    return (String(decoding: parts.joined(), as: UTF8.self), bytes[run.endIndex...])
  }
}

/// Dates and times.
private enum TOMLMoment {
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  /// Whether it begins like `2026-` or `10:`.
  static func looksLikeOne(_ bytes: [UInt8]) -> Bool {
    func begins(_ count: Int, _ sign: Unicode.Scalar) -> Bool {
      bytes.count > count && bytes[count] == UInt8(ascii: sign) && number(bytes[..<count]) != nil
    }
    return begins(4, "-") || begins(2, ":")
  }

  static func isOne(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    guard bytes.count > 2, bytes[2] != UInt8(ascii: ":") else { return time(&rest) && rest.isEmpty }
    guard date(&rest) else { return false }
    guard let separator = rest.first else { return true }
    guard separator | 0x20 == UInt8(ascii: "t") || separator == 0x20 else { return false }
    rest = rest.dropFirst()
    guard time(&rest) else { return false }
    return rest.isEmpty || offset(rest)
  }

  /// Takes numbers of given widths with signs between them.
  private static func take(
    _ widths: [Int], _ sign: Unicode.Scalar, from rest: inout ArraySlice<UInt8>
  ) -> [Int]? {
    var numbers: [Int] = []
    for (index, width) in widths.enumerated() {
      if index > 0 {
        guard rest.first == UInt8(ascii: sign) else { return nil }
        rest = rest.dropFirst()
      }
      guard rest.count >= width, let number = number(rest.prefix(width)) else { return nil }
      numbers.append(number)
      rest = rest.dropFirst(width)
    }
    return numbers
  }

  private static func date(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard let parts = take([4, 2, 2], "-", from: &rest) else { return false }
    let (year, month, day) = (parts[0], parts[1], parts[2])
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1...12 ~= month && 1...days[month - 1] ~= day
  }

  private static func time(_ rest: inout ArraySlice<UInt8>) -> Bool {
    // The 60th second is that of a leap.
    guard let parts = take([2, 2, 2], ":", from: &rest), parts[0] < 24, parts[1] < 60, parts[2] <= 60 else {
      return false
    }
    guard rest.first == UInt8(ascii: ".") else { return true }
    let digits = rest.dropFirst().prefix { $0 &- 48 < 10 }
    rest = rest[digits.endIndex...]
    return !digits.isEmpty
  }

  private static func offset(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let sign = bytes.first else { return false }
    var rest = bytes.dropFirst()
    if sign | 0x20 == UInt8(ascii: "z") { return rest.isEmpty }
    guard sign == 0x2B || sign == 0x2D, let parts = take([2, 2], ":", from: &rest) else { return false }
    return rest.isEmpty && parts[0] < 24 && parts[1] < 60
  }
}
