import Events
import JSON

/// What somebody wrapped around a response or a usage object, in our own words.
struct ResponseEnvelope {
  private static let fields: [EventField] = [
    .id, .service, .account, .source, .model, .operation, .requestType, .serviceTier, .user, .project,
    .session,
  ]

  /// Who bills, if the envelope says so.
  private(set) var provider: String?
  private(set) var time: Int64?
  private var texts: [(field: EventField, text: String)] = []
  private var tags: [(key: String, value: String)] = []

  init() {}

  init(_ object: JSONNode) throws(Misread) {
    provider = object.string("provider").map(ProviderName.normal)
    time = try object.time("time")
    for field in Self.fields { if let text = object.string(field.name) { texts.append((field, text)) } }
    for (key, value) in object.members(of: "tags") where value.kind == .text {
      tags.append((key.text, value.text))
    }
  }

  /// The response inside an envelope; nil when the object is a response itself.
  static func response(in object: JSONNode) -> JSONNode? {
    if object["custom_id"] != nil || object["object"] != nil || object["type"] != nil { return nil }
    if let response = object.object("response") { return response }
    // A bare usage object is read as a response that has nothing else.
    let isBare = object["choices"] == nil && object["content"] == nil && object["candidates"] == nil
    return isBare && object.string("provider") != nil && object.object("usage") != nil ? object : nil
  }

  func apply(to event: inout EventDraft) {
    for (field, text) in texts { event[text: field] = text }
    if let time { event.time = time }
    event.tags += tags
  }
}
