//! Providers' buckets (`period`) say nothing about minutes, so reports that are made of minutes leave them out, and say
//! how many requests that were.

import Query

package enum Instants {
  /// The last dimension that such reports must read.
  package static let dimension = "period"

  /// Whether a group is of events that are instants.
  static func hold(_ group: MinuteUse.Group) -> Bool { group.texts.last == .some(nil) }

  static func note(leftOut requests: Int128) -> String? {
    if requests == 0 { return nil }
    let are = requests == 1 ? "1 request is" : "\(requests) requests are"
    return "\(are) left out: they come in providers' buckets, which say nothing about minutes."
  }
}
