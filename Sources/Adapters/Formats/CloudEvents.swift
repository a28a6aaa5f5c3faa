//! CloudEvents in JSON, one after the other or in a batch: around an event in our own words, a response, or an envelope.
//! By their rule source and id together are the identity.

import Events
import JSON

enum CloudEvents {
  static let format = LogFormat(
    name: "cloudevents", title: "CloudEvents", shape: .values,
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return first["specversion"] != nil && first["source"] != nil && first["type"] != nil
    },
    reader: { Reader(context: $0) })

  struct Reader: JSONLogReader {
    let context: LogContext

    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let id = object.string("id"), let source = object.string("source") else {
        throw Misread("id or source is missing")
      }
      guard let data = object.object("data") else { return findings.skip("no data in it") }
      let time = try object.time("time")
      var found = Findings()
      if ResponseEnvelope.response(in: data) != nil || ResponseShape.recognise(data) != nil {
        var reader = Response.Reader(
          context: LogContext(path: context.path, provider: context.provider, time: time ?? context.time))
        try reader.readObject(data, &found)
        reader.finish(&found)
      } else {
        found.add(try OwnFields.event(data))
      }
      for fault in found.faults { findings.fail(fault) }
      for reason in found.skips { findings.skip(reason) }
      for (number, event) in found.events.enumerated() {
        var event = event
        event.id = "\(source) \(id)" + (number > 0 ? "#\(number)" : "")
        event.time = event.time ?? time ?? context.time
        findings.add(event)
      }
    }
  }
}

/// An event in our own words inside somebody else's record.
enum OwnFields {
  static func event(_ object: JSONNode) throws(Misread) -> EventDraft {
    var event = EventDraft()
    for field in EventField.allCases {
      switch field.shape {
      case .text, .word, .currency: event[text: field] = object.string(field.name)
      case .time: event[field] = try object.time(field.name)
      case .count: event[field] = try object.counted(field.name)
      case .decimal, .object: break
      }
    }
    event.cost = try object.amount(EventField.cost.name)
    event.credits = try object.amount(EventField.credits.name)
    for (key, value) in object.members(of: EventField.tags.name) where value.kind == .text {
      event.tags.append((key.text, value.text))
    }
    return event
  }
}
