//! The documented normalisation of model names, and nothing beyond it: a name is never found by a part of it.

/// The forms under which a model's name is looked up.
enum ModelName {
  /// Regions and the vendor that Bedrock writes in front.
  private static let fronts = [
    "us.", "eu.", "apac.", "jp.", "au.", "global.", "us-gov.", "anthropic.",
  ]

  /// The name in normal form, then with one more thing taken off at a time.
  static func forms(_ name: String, prefixes: [String]) -> [String] {
    var name = name.lowercased().trimmingBlanks().replacing(blank: "-")
    var forms = [name]
    while true {
      var shorter = name
      if let front = (prefixes + fronts).first(where: shorter.hasPrefix) { shorter.removeFirst(front.count) }
      if shorter == name, let cut = withoutSuffix(Array(name.utf8)) { shorter = cut }
      if shorter == name { return forms }
      name = shorter
      forms.append(name)
    }
  }

  /// The name without the first of these that it ends in: a bracket, a version, a date.
  private static func withoutSuffix(_ name: [UInt8]) -> String? {
    let count = bracket(name) ?? version(name) ?? day(name)
    return count.map { String(decoding: name.dropLast($0), as: UTF8.self) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  /// The length of `[1m]`.
  private static func bracket(_ name: [UInt8]) -> Int? {
    guard name.last == UInt8(ascii: "]") else { return nil }
    let inside = name.dropLast().reversed().prefix { isDigit($0) || $0 &- 97 < 26 }.count
    guard inside > 0, inside + 2 <= name.count, name[name.count - inside - 2] == UInt8(ascii: "[") else {
      return nil
    }
    return inside + 2
  }

  /// The length of `-v1` or `-v1:0`.
  private static func version(_ name: [UInt8]) -> Int? {
    var rest = name[...]
    func digits() -> Int { rest.reversed().prefix(while: isDigit).count }
    func isVersion() -> Bool {
      rest.dropLast(digits()).suffix(2).elementsEqual("-v".utf8) && digits() > 0
    }
    if isVersion() { return digits() + 2 }
    let minor = digits()
    guard minor > 0, rest.dropLast(minor).last == UInt8(ascii: ":") else { return nil }
    rest = rest.dropLast(minor + 1)
    return isVersion() ? minor + 1 + digits() + 2 : nil
  }

  /// The length of `@20251101`, `-2025-11-01` or `-20251101`.
  private static func day(_ name: [UInt8]) -> Int? {
    func ends(_ shape: String) -> Bool {
      let shape = Array(shape.utf8)
      guard name.count >= shape.count else { return false }
      return zip(name.suffix(shape.count), shape).allSatisfy { byte, mark in
        mark == UInt8(ascii: "9") ? isDigit(byte) : byte == mark
      }
    }
    if ends("@20999999") { return 9 }
    if ends("-9999-99-99") { return 11 }
    return ends("-20999999") ? 9 : nil
  }
}

extension String {
  fileprivate func trimmingBlanks() -> String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }

  fileprivate func replacing(blank: Character) -> String {
    String(map { $0 == " " ? blank : $0 })
  }
}
