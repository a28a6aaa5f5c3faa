import Foundation

/// Changes of JSON records that leave their meaning alone.
enum Mutation: String, CaseIterable, Sendable {
  /// Keys in another order.
  case otherOrder
  /// Spaces around everything.
  case spaces
  /// Fields nobody has heard of, with nulls, lists and objects in them.
  case unknownFields
  /// Every record twice.
  case repeats
  /// Windows line ends.
  case windowsLines
  /// Escapes that need not be.
  case escapes
  /// Fields nobody has heard of, with a mark in them.
  case markers

  func apply(to bytes: [UInt8], isLines: Bool) throws -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    if !isLines, (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil {
      // One document: the records are not ours to repeat.
      return self == .repeats ? bytes : Array(try rewrite(text).utf8)
    }
    var lines: [String] = []
    for line in text.split(separator: "\n").map(String.init) {
      // The data of an event stream stands behind its name.
      let name = line.hasPrefix("data: ") ? "data: " : ""
      let rest = String(line.dropFirst(name.count))
      let isJSON = (try? JSONSerialization.jsonObject(with: Data(rest.utf8))) != nil
      let written = isJSON ? name + (try rewrite(rest)) : line
      lines += self == .repeats ? [written, written] : [written]
    }
    return Array((lines.joined(separator: self == .windowsLines ? "\r\n" : "\n") + "\n").utf8)
  }

  private func rewrite(_ text: String) throws -> String {
    switch self {
    case .repeats: return text
    case .windowsLines: return text.contains("\n") ? text.replacingOccurrences(of: "\n", with: "\r\n") : text
    default: return write(JSONText(text).value())
    }
  }

  private func write(_ value: JSONText.Value) -> String {
    let space = self == .spaces ? " \t" : ""
    switch value {
    case .scalar(let text): return text
    case .text(let text): return self == .escapes ? Self.escaped(text) : "\"\(text)\""
    case .list(let values):
      return "[\(space)" + values.map(write).joined(separator: ",\(space)") + "\(space)]"
    case .object(var members):
      if self == .otherOrder { members.reverse() }
      if self == .unknownFields {
        let news: [JSONText.Value] = [.scalar("1.5"), .text("x"), .scalar("null")]
        members.insert(.init(key: "zz_new", value: .list(news)), at: 0)
        members.append(.init(key: "zz_null", value: .scalar("null")))
      }
      if self == .markers {
        members += ["prompt", "user_prompt", "zz_answer"].filter { key in
          !members.contains { $0.key == key }
        }
        .map { .init(key: $0, value: .list([.text("MARKER")])) }
      }
      let texts = members.map { "\"\($0.key)\"\(space):\(space)\(write($0.value))" }
      return "{\(space)" + texts.joined(separator: "\(space),") + "\(space)}"
    }
  }

  /// Slashes and hyphens as escapes, as some encoders write them.
  private static func escaped(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "-", with: "\\u002d").replacingOccurrences(of: "/", with: "\\/")
      + "\""
  }
}

/// JSON that keeps the order of keys and the spelling of values, which Foundation's does not.
struct JSONText {
  indirect enum Value {
    /// A number or word as it stands.
    case scalar(String)
    /// The inside of a text as it stands.
    case text(String)
    case list([Value])
    case object([Member])
  }

  struct Member {
    let key: String
    let value: Value
  }

  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  func value() -> Value {
    var at = 0
    return value(&at)
  }

  private func skip(_ at: inout Int) {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A].contains(bytes[at]) { at += 1 }
  }

  private func value(_ at: inout Int) -> Value {
    skip(&at)
    switch bytes[at] {
    case UInt8(ascii: "\""): return .text(text(&at))
    case UInt8(ascii: "["):
      at += 1
      var values: [Value] = []
      while true {
        skip(&at)
        if bytes[at] == UInt8(ascii: "]") { break }
        values.append(value(&at))
      }
      at += 1
      return .list(values)
    case UInt8(ascii: "{"):
      at += 1
      var members: [Member] = []
      while true {
        skip(&at)
        if bytes[at] == UInt8(ascii: "}") { break }
        let key = text(&at)
        members.append(Member(key: key, value: value(&at)))
      }
      at += 1
      return .object(members)
    default:
      let start = at
      while at < bytes.count, ![0x2C, 0x5D, 0x7D, 0x20, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
      return .scalar(String(decoding: bytes[start..<at], as: UTF8.self))
    }
  }

  private func text(_ at: inout Int) -> String {
    at += 1
    let start = at
    while bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
    defer { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }
}
