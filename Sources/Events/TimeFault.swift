import Bytes

/// The sentences about times that cannot be read.
enum TimeFault {
  static func text(_ fault: Timestamp.Fault, _ field: EventField, _ shown: String) -> EventFault {
    switch fault {
    case .malformed:
      EventFault(
        "\(field.name) is \(shown): write RFC 3339 such as 2026-11-20T10:11:12Z, or epoch seconds or milliseconds"
      )
    case .noOffset:
      EventFault("\(field.name) is \(shown): no UTC offset; end it with Z or an offset such as +02:00")
    case .noSuchDate:
      EventFault("\(field.name) is \(shown): no such date or time of day")
    }
  }
}

/// Times written as numbers.
enum EpochNumber {
  /// From here on a number is milliseconds: 10^11 s is the year 5138, 10^11 ms is 1973.
  static let millisecondsFrom: Int64 = 100_000_000_000
  /// From here on it would be microseconds, which we do not guess at: 10^14 ms is the year 5138.
  static let tooLargeFrom: Int64 = 100_000_000_000_000

  /// UTC milliseconds of `1763633472`, `1763633472.345` (seconds) or `1763633472345` (milliseconds), without
  /// floating point; nil for anything else.
  static func milliseconds(_ line: RawSpan, _ range: Range<Int>) -> Int64? {
    var whole: Int64 = 0
    var at = range.lowerBound
    while at < range.upperBound, JSONScanner.byte(line, at) &- 48 < 10 {
      whole = whole * 10 + Int64(JSONScanner.byte(line, at) - 48)
      if whole >= tooLargeFrom { return nil }
      at += 1
    }
    if at == range.lowerBound { return nil }
    var milliseconds: Int64 = 0
    if at < range.upperBound {
      guard JSONScanner.byte(line, at) == UInt8(ascii: ".") else { return nil }
      var place: Int64 = 100
      for index in (at + 1)..<range.upperBound {
        let digit = JSONScanner.byte(line, index) &- 48
        guard digit < 10 else { return nil }
        milliseconds += Int64(digit) * place
        place /= 10
      }
    }
    return whole >= millisecondsFrom ? whole : whole * 1000 + milliseconds
  }
}
