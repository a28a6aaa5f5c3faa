//! The columns of a rollup file, in order. `Schemas/rollup.md` is the contract; a test holds the two together.
//! Minute and day rollups have one schema; the session rollup has the session and its first and last time more.
//!
//! Three columns count requests without a cost: neither reported nor computed, not reported, not computed. Each cost
//! mode needs its own to say whether its sum is complete. Such an event counts at least 1, even when it carries
//! `requests: 0`; a failed request that used nothing is free. Events without a session are rows of the session rollup
//! too (session is null), so its sums equal those of the day.

import Bytes
package import Events
package import Parquet

/// What a rollup sums as whole numbers.
package enum RollupCount: Int, CaseIterable, Sendable {
  case requests, errors, conflicts
  case inputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens, cacheWrite12hTokens
  case outputTokens, reasoningTokens
  case inputAudioTokens, outputAudioTokens, inputImageTokens, outputImageTokens
  case unsplitTokens
  case images, audioSeconds, searches, characters
  case durationMs
  /// Requests whose cost is not known: neither reported nor computed.
  case unpricedRequests
  /// Requests without a reported cost.
  case unreportedRequests
  /// Requests that the catalog has no price for.
  case uncomputedRequests
  /// Requests whose price is known only approximately.
  case approximateRequests

  /// The column's name.
  package var name: String {
    switch self {
    case .errors: "errors"
    case .conflicts: "conflicts"
    case .unpricedRequests: "unpriced_requests"
    case .unreportedRequests: "unreported_requests"
    case .uncomputedRequests: "uncomputed_requests"
    case .approximateRequests: "approximate_requests"
    default: field?.name ?? ""
    }
  }

  /// The event's counter that is summed; nil for what is derived.
  package var field: EventField? {
    switch self {
    case .requests: .requests
    case .errors, .conflicts, .unpricedRequests, .unreportedRequests, .uncomputedRequests,
      .approximateRequests:
      nil
    case .durationMs: .durationMs
    default:
      // The counters stand in the same order in both tables.
      EventField(
        rawValue: EventField.inputTokens.rawValue + UInt8(rawValue - RollupCount.inputTokens.rawValue))
    }
  }
}

extension RollupCount {
  /// The number of the measure that sums the counter at that place in `EventField`.
  @inline(__always)
  static func measure(ofField field: Int) -> Int {
    field == EventField.durationMs.index
      ? durationMs.rawValue : inputTokens.rawValue &+ field &- EventField.inputTokens.index
  }

  /// The token counters that add up to all tokens: disjoint, so without `reasoning_tokens`.
  package static let allTokens: [RollupCount] = allCases.filter { count in
    count.field.map { EventField.tokens.contains($0) } ?? false
  }
}

/// What a rollup sums as exact decimals, in pico-units.
package enum RollupAmount: Int, CaseIterable, Sendable {
  case credits, costReported, costComputed, costComputedUnreported

  /// The column's name.
  package var name: String {
    ["credits", "cost_reported", "cost_computed", "cost_computed_unreported"][rawValue]
  }
}

/// Which of the three rollups.
package enum RollupKind: String, CaseIterable, Sendable {
  case minute, day, session
}

/// The schema of rollup files.
package enum RollupSchema {
  /// Raised when the meaning of any column or row changes; older files are then stale and made again.
  package static let version = "3"

  /// The dimensions that key a row: all but the session.
  package static let dimensions: [EventField] = EventField.dimensions.filter { $0 != .session }

  /// Last values of `quota` events.
  package static let quotas: [EventField] = EventField.quotas

  /// The column of a tag.
  package static func tagColumn(_ tag: String) -> String { "tag_\(tag)" }

  /// The columns of a rollup file.
  package static func columns(_ kind: RollupKind, tags: [String]) -> [ParquetColumn] {
    var columns: [ParquetColumn] = []
    switch kind {
    case .minute: columns.append(ParquetColumn("minute", .timestampMillisecondsUTC))
    case .day: columns.append(ParquetColumn("day", .date))
    case .session:
      columns.append(ParquetColumn("session", .string, isOptional: true))
      columns.append(ParquetColumn("first_time", .timestampMillisecondsUTC))
      columns.append(ParquetColumn("last_time", .timestampMillisecondsUTC))
    }
    columns.append(ParquetColumn("kind", .string))
    columns.append(ParquetColumn("period", .string, isOptional: true))
    columns += dimensions.map { ParquetColumn($0.name, .string, isOptional: true) }
    columns += tags.map { ParquetColumn(tagColumn($0), .string, isOptional: true) }
    columns.append(ParquetColumn("currency_reported", .string, isOptional: true))
    columns.append(ParquetColumn("currency_computed", .string, isOptional: true))
    columns += RollupCount.allCases.map { ParquetColumn($0.name, .int64) }
    columns += RollupAmount.allCases.map { ParquetColumn($0.name, .decimal38Scale12) }
    if kind != .session {
      columns += quotas.map {
        ParquetColumn($0.name, $0 == .resetsAt ? .timestampMillisecondsUTC : .int64, isOptional: true)
      }
    }
    return columns
  }
}

/// A finished rollup: its columns and their values, as they go into the file or come out of it.
package struct RollupTable: Equatable, Sendable {
  package let columns: [ParquetColumn]
  package let values: [ParquetValues]

  package init(columns: [ParquetColumn], values: [ParquetValues]) {
    self.columns = columns
    self.values = values
  }

  package var rowCount: Int { values.first?.count ?? 0 }

  /// The values of the column of that name; nil when there is none.
  package func values(_ name: String) -> ParquetValues? {
    columns.firstIndex { $0.name.hasBytes(of: name) }.map { values[$0] }
  }
}
