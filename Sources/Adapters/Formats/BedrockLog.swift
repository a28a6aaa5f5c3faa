//! Amazon Bedrock's log of model invocations: an object a line.
//!
//! The body of the answer has the counters apart; without one, the log's own input is taken to be without the cache, as
//! the interface counts it.

import Events
import JSON

enum BedrockLog {
  static let format = LogFormat(
    name: "bedrock-log", title: "Amazon Bedrock invocation log", shape: .values,
    recognises: { $0.objects.first?.string("schemaType") == "ModelInvocationLog" },
    reader: { _ in Reader() })

  struct Reader: JSONLogReader {
    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let id = object.string("requestId") else { throw Misread("requestId is missing") }
      guard let time = try object.time("timestamp") else { throw Misread("timestamp is missing") }
      var event = EventDraft()
      event.id = id
      event.time = time
      event[text: .provider] = "aws.bedrock"
      event[text: .service] = "bedrock"
      event[text: .account] = object.string("accountId")
      // Of a resource's whole name the last part is the model or the profile.
      event[text: .model] = Project.name(ofPath: object.string("modelId"))
      event[text: .operation] = "chat"
      event[text: .user] = Project.name(ofPath: object.object("identity")?.string("arn"))
      for (key, value) in object.members(of: "requestMetadata") where value.kind == .text {
        event.tags.append((key.text, value.text))
      }
      let output = object.object("output")
      if let usage = output?.object("outputBodyJson")?.object("usage") {
        try ResponseShape.ofUsage(usage, provider: "aws.bedrock").read(usage, into: &event)
      } else {
        let input = object.object("input")
        event[.inputTokens] = try input?.count("inputTokenCount")
        event[.cacheReadTokens] = try input?.count("cacheReadInputTokenCount")
        event[.cacheWriteTokens] = try input?.count("cacheWriteInputTokenCount")
        event[.outputTokens] = try output?.count("outputTokenCount")
      }
      if object["errorCode"] != nil { event[text: .status] = "error" }
      findings.add(event)
    }
  }
}
