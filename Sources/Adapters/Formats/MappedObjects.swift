//! Any JSON, by a map from paths to fields.

import Events
import JSON

package enum MappedObjects {
  /// A format that reads objects by a map.
  ///
  /// - Parameters:
  ///   - name: of the format; also the source of its events.
  ///   - each: the path of a list in each record whose elements are the uses; nil when the record is one.
  package static func format(name: String, _ map: FieldMap, each: String?) -> LogFormat {
    LogFormat(
      name: name, title: name, shape: .values, hasIds: map[.id] != nil, recognises: { _ in false },
      reader: { _ in Reader(map: map, each: each.map(JSONPath.init)) })
  }

  struct Reader: JSONLogReader {
    private let map: FieldMap
    private let each: JSONPath?
    private let paths: [(pair: FieldMap.Pair, path: JSONPath)]

    init(map: FieldMap, each: JSONPath?) {
      self.map = map
      self.each = each
      paths = map.places.map { ($0, JSONPath($0.place)) }
    }

    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let each else { return try readOne(object, &findings) }
      guard let list = each.value(in: object), list.kind == .array else {
        return findings.skip("no list in it")
      }
      for element in list.elements {
        do throws(Misread) {
          try readOne(element, &findings)
        } catch {
          findings.fail(error)
        }
      }
    }

    private func readOne(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      var event = EventDraft()
      for (pair, path) in paths {
        guard let value = path.value(in: object), value.kind != .null else { continue }
        guard value.kind == .text || value.kind == .number else {
          throw Misread("\(pair.place): \(value.kind.name), not a text or a number")
        }
        let text = value.text
        if !text.isEmpty { try map.set(pair.field, text, &event) }
      }
      if event.weight == 0, event.cost == nil, event.credits == nil, event[.requests] == nil {
        return findings.skip("no usage in it")
      }
      try map.finish(&event)
      findings.add(event)
    }
  }
}

/// A way into an object: names with dots between them, `[0]` for an element, `\.` for a dot in a name.
struct JSONPath: Equatable, Sendable {
  enum Step: Equatable, Sendable {
    case name(String)
    case index(Int)
  }

  let steps: [Step]

  init(_ text: String) {
    var steps: [Step] = []
    var name = ""
    var isEscaped = false
    func end() {
      if !name.isEmpty { steps.append(.name(name)) }
      name = ""
    }
    for character in text.hasPrefix("$.") ? text.dropFirst(2) : text[...] {
      switch character {
      case _ where isEscaped: (name, isEscaped) = (name + String(character), false)
      case "\\": isEscaped = true
      case ".", "[": end()
      case "]":
        steps.append(UInt32(name).map { .index(Int($0)) } ?? .name(name))
        name = ""
      default: name.append(character)
      }
    }
    end()
    self.steps = steps
  }

  /// What stands there; nil when nothing does.
  func value(in node: JSONNode) -> JSONNode? {
    var node = node
    for step in steps {
      switch step {
      case .name(let name):
        guard let next = node[name] else { return nil }
        node = next
      case .index(let index):
        guard let next = node.elements.dropFirst(index).first(where: { _ in true }) else { return nil }
        node = next
      }
    }
    return node
  }
}
