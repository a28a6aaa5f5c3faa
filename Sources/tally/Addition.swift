//! Adding one event by hand, once it is known what the command line says. A line of plain `--name value` is known at
//! once: to build the definitions of 46 options and to decode them takes ArgumentParser three times as long as all
//! the rest. Whatever is not plain is left to it, and so are help and the errors of options.

import Bytes
import Calendar
import Configuration
import Events
import Files
import Ingest

/// One event to add.
struct Addition {
  var options = StoreOptions()
  var time: String?
  var timezone: String?
  /// What the fields' options say; neither the time nor tags.
  var values: [EventField: String] = [:]
  /// Each is key=value.
  var tags: [String] = []
  var isDryRun = false
}

extension Addition {
  /// What these arguments of `add` say; nil when they are not plain, or nothing that is known.
  init?(plain arguments: some Sequence<String>) {
    var given: [String: String] = [:]
    options.quiet = false
    var rest = arguments.makeIterator()
    while let option = rest.next() {
      switch option {
      case "--dry-run": isDryRun = true
      case "--quiet", "-q": options.quiet = true
      default:
        guard option.hasPrefix("--"), let value = rest.next(), !value.hasPrefix("-") else { return nil }
        if option == "--tag" {
          tags.append(value)
        } else if given.updateValue(value, forKey: option) != nil {
          return nil
        }
      }
    }
    options.store = given.removeValue(forKey: "--store")
    options.config = given.removeValue(forKey: "--config")
    options.writer = given.removeValue(forKey: "--writer")
    time = given.removeValue(forKey: "--time")
    timezone = given.removeValue(forKey: "--timezone")
    for field in EventField.allCases where field.shape != .object {
      values[field] = given.removeValue(forKey: "--\(field.optionName)")
    }
    if !given.isEmpty { return nil }
  }

  func run() throws {
    let settings = try options.settings()
    let layout = try options.layout(settings)
    let now = System.now()
    let zone = try ZoneOption.zone(timezone ?? settings.timezone)
    var line = try event(time: instant(now: now, zone: zone), id: values[.id])
    // Checked first: a slip of the fingers belongs on the terminal, not among the store's rejects.
    try check(line, now: now)
    if isDryRun { return try Terminal.print(json: line) }
    let writer = try options.writerName()
    if values[.id] == nil {
      // Adding the same twice is two uses, even when --time makes them equal to the millisecond.
      let id = Hexadecimal.text(.random(in: 0 ... .max)) + Hexadecimal.text(.random(in: 0 ... .max))
      line = try event(time: instant(now: now, zone: zone), id: id)
    }
    var append = AppendOptions()
    append.source = values[.source] ?? "manual"
    append.keptFields = settings.keepFields
    let session = AppendSession(
      layout: layout, writer: writer, batch: Batch.name(now: now, writer: writer), options: append)
    session.begin(input: "add", isStream: true)
    session.accept(Array("\(line)\n".utf8).span.bytes)
    let summary = session.finish()
    if let error = session.failure { throw Failure(error) }
    options.say("added 1 event (batch \(summary.batch))")
  }

  /// The instant, spelled for the event: an event without id needs its time only here, and `add` is always new.
  private func instant(now: Int64, zone: TimeZoneRules) throws -> Int64 {
    guard let time else {
      if values[.id] == nil { return now }
      throw Failure("--id without --time: the same id on another day would count twice; add --time", .usage)
    }
    if case .success(let value) = Timestamp.parse(Array(time.utf8).span.bytes, 0..<time.utf8.count) {
      return value
    }
    do throws(CalendarError) {
      return try TimeExpression.parse(time, nowMs: now, zone: zone)
    } catch {
      throw Failure("--time: \(error)", .usage)
    }
  }

  private func check(_ line: String, now: Int64) throws {
    var parser = EventParser(.input)
    do throws(EventFault) {
      try parser.parse(Array(line.utf8).span.bytes, now: now)
    } catch {
      throw Failure(error.message, .usage)
    }
  }

  /// The event as one JSON line; validation is append's.
  private func event(time: Int64, id: String?) throws -> String {
    var parts = ["\"time\":\"\(Timestamp.text(time))\""]
    for field in EventField.allCases {
      guard let value = field == .id ? id : values[field] else { continue }
      switch field.shape {
      case .count:
        guard !value.isEmpty, value.utf8.allSatisfy({ 48...57 ~= $0 }) else {
          throw Failure("--\(field.optionName) \(value): write a whole number, 0 or more", .usage)
        }
        // Without leading zeros, which JSON does not have.
        let digits = value.drop { $0 == "0" }
        parts.append("\"\(field.name)\":\(digits.isEmpty ? "0" : digits)")
      default: parts.append("\"\(field.name)\":\(Self.quoted(value))")
      }
    }
    if let cost = values[.cost], values[.currency] == nil {
      throw Failure("--cost \(cost): say in what, such as --currency USD", .usage)
    }
    if !tags.isEmpty { parts.append("\"tags\":{\(try tagMembers().joined(separator: ","))}") }
    return "{\(parts.joined(separator: ","))}"
  }

  private func tagMembers() throws -> [String] {
    try tags.map { text in
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw Failure("--tag \(text): write key=value", .usage)
      }
      return
        "\(Self.quoted(String(text[..<equals]))):\(Self.quoted(String(text[text.index(after: equals)...])))"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"\(String(decoding: JSONText.bytes(text), as: UTF8.self))\""
  }
}

extension EventField {
  fileprivate var optionName: String { name.replacing("_", with: "-") }
}
