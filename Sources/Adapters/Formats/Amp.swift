//! Amp's threads: one object a file, written anew all the time. Each answer has its usage; older threads also have a
//! ledger, of which only what no answer tells is taken.

import Events
import JSON

enum Amp {
  static let format = LogFormat(
    name: "amp", title: "Amp", shape: .values,
    places: [
      LogPlace(variable: "AMP_DATA_DIR", folders: ["$XDG_DATA_HOME/amp"], patterns: ["threads/T-*.json"])
    ],
    isRewritten: true,
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return first.string("id")?.hasPrefix("T-") == true && first["messages"]?.kind == .array
    },
    reader: { _ in Reader() })

  struct Reader: JSONLogReader {
    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let thread = object.string("id") else { throw Misread("id is missing") }
      let ledger = object.object("usageLedger")?["events"]?.elements.map { $0 } ?? []
      var told: Set<Int64> = []
      for message in object["messages"]?.elements.map({ $0 }) ?? [] {
        guard let usage = message.object("usage") else { continue }
        do throws(Misread) {
          let number = try message.count("messageId")
          told.insert(number)
          var event = try Self.draft(thread, "\(number)", usage, usage)
          let entry = ledger.first { (try? $0.count("toMessageId")) == number }
          if event.time == nil { event.time = try entry?.time("timestamp") }
          if event.credits == nil { event.credits = try entry?.amount("credits") }
          guard event.time != nil else { throw Misread("usage.timestamp of a message is missing") }
          findings.add(event)
        } catch {
          findings.fail(error)
        }
      }
      for entry in ledger {
        do throws(Misread) {
          guard let number = try entry.counted("toMessageId") else { throw Misread("toMessageId is missing") }
          guard !told.contains(number), let tokens = entry.object("tokens") else { continue }
          let event = try Self.draft(thread, "\(number)", entry, tokens)
          guard event.time != nil else { throw Misread("timestamp of a ledger entry is missing") }
          findings.add(event)
        } catch {
          findings.fail(error)
        }
      }
      if findings.events.isEmpty, findings.faults.isEmpty { findings.skip("no usage in it") }
    }

    /// An event of what `about` says; the counters are in `tokens`.
    private static func draft(
      _ thread: String, _ message: String, _ about: JSONNode, _ tokens: JSONNode
    ) throws(Misread) -> EventDraft {
      var event = EventDraft()
      event.id = "\(thread):\(message)"
      event.time = try about.time("timestamp")
      event[text: .service] = "amp"
      event[text: .model] = about.string("model")
      event[text: .provider] = about.string("model").flatMap(ProviderName.ofModel)
      event[text: .operation] = "chat"
      event[text: .session] = thread
      event[.inputTokens] = try tokens.counted(anyOf: "inputTokens", "input")
      event[.outputTokens] = try tokens.counted(anyOf: "outputTokens", "output")
      event[.cacheWriteTokens] = try tokens.count("cacheCreationInputTokens")
      event[.cacheReadTokens] = try tokens.count("cacheReadInputTokens")
      event[.revision] = event[.outputTokens]
      event.credits = try about.amount("credits")
      return event
    }
  }
}
