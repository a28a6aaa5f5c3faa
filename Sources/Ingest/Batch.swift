import Events

/// The name of what one run wrote: when, by whom, and a random part.
package enum Batch {
  /// `20261120T101112Z-laptop-7f3a-9c0e12`.
  package static func name(now: Int64, writer: String) -> String {
    let compact = Timestamp.text(now).prefix(19).filter { $0 != "-" && $0 != ":" }
    let random = String(UInt32.random(in: 0x100000...0xFFFFFF), radix: 16)
    return "\(compact)Z-\(writer)-\(random)"
  }
}
