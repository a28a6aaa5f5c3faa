//! Responses of providers' interfaces as they came: one a line, pretty-printed, a whole list, the lines of a batch, or
//! the events of a stream. Also envelopes: `{"provider":…,"usage":{…}}` around a usage object that nobody touched, and
//! `{"time":…,"response":{…}}` around a whole response; both may name user, project, session and so on in our words.

import Events
import JSON

enum Response {
  static let format = LogFormat(
    name: "response", title: "API responses", shape: .values,
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return ResponseShape.recognise(first) != nil || first.string("type") == "message_start"
        || ResponseEnvelope.response(in: first) != nil
    },
    reader: { Reader(context: $0) })

  struct Reader: LogReader {
    private let context: LogContext
    private var stream = ResponseStream()

    init(context: LogContext) { self.context = context }

    mutating func read(_ record: RawSpan, _ findings: inout Findings) {
      if ResponseStream.isControl(record) { return findings.skip("a line of a stream without data") }
      do throws(Misread) {
        try readObject(JSONNode(record: record), &findings)
      } catch {
        findings.fail(error)
      }
    }

    mutating func finish(_ findings: inout Findings) {
      do throws(Misread) {
        if let message = try stream.finish() { try add(message, ResponseEnvelope(), &findings) }
      } catch {
        findings.fail(error)
      }
    }

    mutating func readObject(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      var envelope = ResponseEnvelope()
      var response = object
      if let inner = ResponseEnvelope.response(in: object) {
        envelope = try ResponseEnvelope(object)
        response = inner
      }
      switch try stream.take(response) {
      case .whole(let whole): try add(whole, envelope, &findings)
      case .part: findings.skip("a part of a stream")
      case .ended(let whole): if let whole { try add(whole, envelope, &findings) }
      }
    }

    /// Adds what a whole response tells.
    private func add(
      _ response: ResponseStream.Whole, _ envelope: ResponseEnvelope, _ findings: inout Findings
    ) throws(Misread) {
      let object = response.object
      if object.object("error") != nil, object["usage"] == nil { return findings.skip("an error response") }
      let usage = object.object("usage") ?? object.object("usageMetadata") ?? object.object("usage_metadata")
      let found = ResponseShape.recognise(object)
      guard let usage = usage ?? object.object("x_groq")?.object("usage") else {
        throw Misread("no usage in it\(found == nil ? ", and no response that tally knows" : "")")
      }
      let named = envelope.provider ?? context.provider.map(ProviderName.normal)
      let model = object.string("model") ?? object.string("modelVersion") ?? object.string("model_version")
      guard let provider = named ?? found?.provider ?? model.flatMap(ProviderName.ofModel) else {
        throw Misread("cannot tell whose response this is: say --provider")
      }
      let shape = found ?? ResponseShape.ofUsage(usage, provider: provider)
      var event = EventDraft()
      // Only where it is sure whose it is, its id is that provider's: local servers make the same ones.
      let isSure = named != nil || found?.provider != nil
      if let id = object.string("id") ?? object.string("responseId") ?? object.string("response_id") {
        event.id = isSure ? "\(provider):\(id)" : id
      }
      event.time = try Self.time(object) ?? envelope.time ?? context.time
      event[text: .provider] = provider
      event[text: .service] = ProviderName.service(of: provider)
      event[text: .model] = model
      event[text: .operation] = shape.operation
      event[text: .requestType] = response.isBatch ? "batch" : nil
      try shape.read(usage, into: &event)
      if let last = response.lastUsage { try ResponseStream.overlay(last, on: &event) }
      Self.readTier(object, usage, &event)
      try Self.readTools(object, &event)
      if shape == .images {
        event[.images] = object["data"].map { Int64($0.elements.reduce(0) { n, _ in n + 1 }) }
      }
      envelope.apply(to: &event)
      guard event.time != nil else {
        throw Misread("no time in it: pipe it as it comes, or wrap it as {\"time\":\"…\",\"response\":{…}}")
      }
      event[.revision] = event[.outputTokens]
      for part in try Self.parts(of: event, object, usage) { findings.add(part) }
    }

    private static func time(_ object: JSONNode) throws(Misread) -> Int64? {
      for key in ["created", "created_at", "completed_at", "createTime", "create_time"] {
        if let time = try object.time(key) { return time }
      }
      return nil
    }

    /// The tier that was really used; the ordinary one is none.
    private static func readTier(_ object: JSONNode, _ usage: JSONNode, _ event: inout EventDraft) {
      let ordinary = ["default", "standard", "auto", "on_demand", "unspecified"]
      if event[text: .serviceTier] != nil { return }
      let tier =
        object.string("service_tier") ?? usage.string("service_tier") ?? usage.string("serviceTier")
        ?? object.string("serviceTier")
      if let tier, !ordinary.contains(tier.lowercased()) { event[text: .serviceTier] = tier.lowercased() }
      let traffic = usage.string("trafficType") ?? ""
      if traffic.hasSuffix("_PRIORITY") { event[text: .serviceTier] = "priority" }
      if traffic.hasSuffix("_FLEX") { event[text: .serviceTier] = "flex" }
    }

    /// Searches that OpenAI shows only among the output.
    private static func readTools(_ object: JSONNode, _ event: inout EventDraft) throws(Misread) {
      guard let output = object["output"], output.kind == .array else { return }
      let searches = output.elements.reduce(0) { $0 + ($1.string("type") == "web_search_call" ? 1 : 0) }
      if searches > 0 { try event.add(Int64(searches), to: .searches) }
    }

    /// One event for each model that took part: Groq's compounds and Anthropic's iterations name them.
    private static func parts(
      of event: EventDraft, _ object: JSONNode, _ usage: JSONNode
    ) throws(Misread) -> [EventDraft] {
      if let models = object.object("usage_breakdown")?["models"] {
        return try GroqBreakdown.parts(of: event, models)
      }
      guard let iterations = usage["iterations"], iterations.kind == .array else { return [event] }
      return try AnthropicIterations.parts(of: event, iterations)
    }
  }
}
