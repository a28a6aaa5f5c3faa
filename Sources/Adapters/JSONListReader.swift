import JSON

/// A reader of records that are one use, or an answer of an interface with a list of them.
protocol JSONListReader: JSONLogReader {
  /// The member that holds the list.
  static var lists: [String] { get }

  /// Reads one use.
  func readOne(_ object: JSONNode, _ findings: inout Findings) throws(Misread)
}

extension JSONListReader {
  package func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
    for name in Self.lists {
      guard let list = object[name], list.kind == .array else { continue }
      for element in list.elements {
        do throws(Misread) {
          try readOne(element, &findings)
        } catch {
          findings.fail(error)
        }
      }
      return
    }
    try readOne(object, &findings)
  }

  /// The first use of a sample.
  static func first(_ sample: LogSample) -> JSONNode? {
    guard let object = sample.objects.first else { return nil }
    for name in lists where object[name]?.kind == .array { return object[name]?.elements.first { _ in true } }
    return object
  }
}
