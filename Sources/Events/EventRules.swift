/// What must hold of an event as a whole.
enum EventRules {
  static func check(_ event: Event, now: Int64) throws(EventFault) {
    if event.has(.id), !event.has(.time) {
      throw EventFault("id without time: a retry after midnight would count twice; add \"time\"")
    }
    if event.has(.time) { try checkTime(event.time, now: now) }
    if event.has(.resetsAt), event.resetsAt < Timestamp.earliest {
      throw EventFault(
        "resets_at is \(Timestamp.text(event.resetsAt)): before 2015-01-01; give an instant, not a duration")
    }
    if event.status == .void, !event.has(.id) {
      throw EventFault("void without id: give the id of the event that must not count")
    }
    if event.has(.cost), event.currency == nil {
      throw EventFault("cost without currency: add \"currency\":\"USD\" or whichever it is")
    }
    if event.has(.cost), event.cost < 0, event.kind != .billed {
      throw EventFault(
        "cost is negative: only a billed line, such as a refund, may be; add \"kind\":\"billed\"")
    }
    try checkMeasures(event)
  }

  private static func checkTime(_ time: Int64, now: Int64) throws(EventFault) {
    if time < Timestamp.earliest {
      throw EventFault("time is \(Timestamp.text(time)): before 2015-01-01")
    }
    if now < Int64.max - Timestamp.day, time > now + Timestamp.day {
      throw EventFault("time is \(Timestamp.text(time)): more than a day ahead of this machine's clock")
    }
  }

  private static func checkMeasures(_ event: Event) throws(EventFault) {
    if event.status == .void || event.status == .error { return }
    if event.kind == .quota {
      if event.present & EventField.quotaMeasures == 0 {
        throw EventFault(
          "no measure: a quota event needs tokens_remaining, tokens_limit, requests_remaining, sessions_active "
            + "or resets_at")
      }
    } else if event.present & EventField.measures == 0 {
      throw EventFault(
        "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …")
    }
  }
}
