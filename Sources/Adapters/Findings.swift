/// What a reader made of one record.
package struct Findings {
  /// Events, in the order of the record.
  package private(set) var events: [EventDraft] = []
  /// What is wrong: the record, or part of it, should be an event and is not.
  package private(set) var faults: [Misread] = []
  /// Why the record, or part of it, is rightly no event: a few words that go well with a count.
  package private(set) var skips: [String] = []
  /// What a person should know of the input as a whole, a sentence each.
  package private(set) var remarks: [String] = []

  package init() {}

  package mutating func add(_ event: EventDraft) { events.append(event) }

  package mutating func fail(_ fault: Misread) { faults.append(fault) }

  package mutating func skip(_ reason: String) { skips.append(reason) }

  package mutating func remark(_ text: String) { remarks.append(text) }

  package mutating func removeFaults() { faults.removeAll(keepingCapacity: true) }

  package mutating func removeAll() {
    events.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    skips.removeAll(keepingCapacity: true)
    remarks.removeAll()
  }
}
