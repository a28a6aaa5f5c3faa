/// An event that counts, with all that decides its place among rows.
///
/// Sorts move these 16 bytes, so that nobody afterwards has to look for an event's numbers in memory that is far.
struct CountedEvent: BitwiseCopyable, Sendable {
  /// Its number.
  let event: Int32
  /// Place of its key in `KeyOrder`.
  let key: Int32
  /// Milliseconds since the day began.
  let time: Int32
  /// Place of its session in `KeyOrder.sessions`, -1 without one; `noSession` of quotas, which belong to none.
  let session: Int32

  static let noSession: Int32 = -2

  /// The events of a day that count, as they came.
  static func all(_ events: borrowing EventTable, _ order: KeyOrder) -> Column<CountedEvent> {
    var counted = Column<CountedEvent>(capacity: events.count)
    let (marks, times) = (events.marks.values, events.times.values)
    let (keys, sessions) = (events.keys.values, events.sessions.values)
    order.keyRanks.withUnsafeBufferPointer { keyRanks in
      order.sessions.ranks.withUnsafeBufferPointer { sessionRanks in
        for event in marks.indices where !marks[event].contains(.excluded) {
          let number = sessions[event]
          let session =
            marks[event].contains(.quota) ? noSession : number < 0 ? -1 : sessionRanks[Int(number)]
          counted.append(
            CountedEvent(
              event: Int32(truncatingIfNeeded: event), key: keyRanks[Int(keys[event])], time: times[event],
              session: session))
        }
      }
    }
    return counted
  }
}
