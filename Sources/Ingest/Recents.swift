//! The last uses of an input. One use may be told several times, each time more of it; only the last telling goes
//! into the log, at the time of the first. What was told before the input was read last is remembered by hashes, so
//! that a file that grew or was written anew adds only what is new.

import Adapters
import Bytes
import Events

/// Gathers what is told of one use.
struct Recents {
  /// A use that waits for more to be told of it, and the line on which its last telling stands.
  struct Held {
    var event: EventDraft
    var line: UInt64
  }

  /// A use as it went into the log.
  struct Told: Equatable {
    var id: UInt64
    var time: Int64
    /// Of its line.
    var hash: UInt64
  }

  /// Tellings of one use are not further apart.
  private static let heldMax = 32
  /// Remembered of an input that only grows.
  private static let toldMax = 4

  /// Whether all uses of the input may be told again, because it is written anew each time.
  private let remembersAll: Bool
  private var held: [Held] = []
  /// The hashes of their ids, at the same places: to compare texts for each use took longer than all the rest.
  private var heldIds: [UInt64] = []
  /// What was told, by `Told.id`.
  private var known: [UInt64: Told] = [:]
  private var order: [UInt64] = []
  /// Uses that were told before and did not change.
  private(set) var repeatCount: UInt64 = 0

  init(remembersAll: Bool, told: [Told]) {
    self.remembersAll = remembersAll
    for told in told { remember(told) }
  }

  /// What a later reading must know.
  var told: [Told] { order.compactMap { known[$0] } }

  /// Whether uses wait.
  var hasHeld: Bool { !held.isEmpty }

  /// Takes in a use; returns the one that waited longest when there are too many.
  mutating func add(_ event: EventDraft, line: UInt64) -> Held? {
    // The last one first: tellings of one use mostly stand side by side.
    let id = XXH64.hash(Array(event.id.utf8))
    if let index = heldIds.lastIndex(of: id) {
      repeatCount += 1
      let time = [held[index].event.time, event.time].compactMap { $0 }.min()
      if Self.isNewer(event, held[index].event) { held[index] = Held(event: event, line: line) }
      held[index].event.time = time
      return nil
    }
    held.append(Held(event: event, line: line))
    heldIds.append(id)
    guard held.count > Self.heldMax else { return nil }
    heldIds.removeFirst()
    return held.removeFirst()
  }

  /// All that still wait, in order.
  mutating func drain() -> [Held] {
    defer {
      held.removeAll()
      heldIds.removeAll()
    }
    return held
  }

  /// The line of the use with the time of its first telling; nil when it went into the log just like this.
  mutating func settled(_ event: EventDraft) -> [UInt8]? {
    guard let time = event.time else { return event.line }
    var event = event
    let id = XXH64.hash(Array(event.id.utf8))
    if let before = known[id] { event.time = min(time, before.time) }
    let line = event.line
    let told = Told(id: id, time: event.time ?? time, hash: XXH64.hash(line))
    if known[id] == told {
      repeatCount += 1
      return nil
    }
    remember(told)
    return line
  }

  private mutating func remember(_ told: Told) {
    if known.updateValue(told, forKey: told.id) != nil, remembersAll { return }
    if !remembersAll { order.removeAll { $0 == told.id } }
    order.append(told.id)
    if !remembersAll, order.count > Self.toldMax { known[order.removeFirst()] = nil }
  }

  /// Of two tellings the one with the higher revision, then with more in it, then the later.
  private static func isNewer(_ event: EventDraft, _ other: EventDraft) -> Bool {
    let revisions = (event[.revision] ?? 0, other[.revision] ?? 0)
    if revisions.0 != revisions.1 { return revisions.0 > revisions.1 }
    return event.weight >= other.weight
  }
}
