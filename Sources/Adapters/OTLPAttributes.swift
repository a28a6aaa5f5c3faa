import JSON

/// The attributes of a record of OpenTelemetry's: a list of keys and typed values, or a plain object.
struct OTLPAttributes {
  private var values: [String: JSONNode] = [:]

  init(_ node: JSONNode?) {
    guard let node else { return }
    for (key, value) in node.members { values[key.text] = value }
    for attribute in node.elements {
      guard let key = attribute.string("key"), let value = attribute.object("value") else { continue }
      // The member is named after the type; a whole number may be a text, by the rules of protocol buffers.
      values[key] = value["stringValue"] ?? value["intValue"] ?? value["doubleValue"] ?? value["boolValue"]
    }
  }

  /// A text that is not empty, under the first of these names.
  func string(_ names: String...) -> String? {
    for name in names {
      if let value = values[name], value.kind == .text, !value.text.isEmpty { return value.text }
    }
    return nil
  }

  /// A count under the first of these names; nil when none is there.
  func counted(_ names: String...) throws(Misread) -> Int64? {
    for name in names {
      if let value = values[name], value.kind != .null { return try value.whole(name) }
    }
    return nil
  }

  func amount(_ name: String, power: Int = 0) throws(Misread) -> Int128? {
    try values[name]?.amount(named: name, power: power)
  }

  func instant(_ name: String) -> Int64? { values[name]?.instant }
}
