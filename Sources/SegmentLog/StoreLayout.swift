//! Every name inside a store. Nothing else in the project spells one out.

import Events

/// The places of a store.
package struct StoreLayout: Equatable, Sendable {
  /// The store's folder.
  package let root: String

  package init(root: String) {
    self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  package static let segmentSuffix = ".jsonl.zst"
  package static let dayPrefix = "date="
  package static let rollupName = "rollup.parquet"

  package var segments: String { "\(root)/segments" }
  package var rollups: String { "\(root)/rollups" }
  package var catalog: String { "\(root)/catalog" }
  package var rejected: String { "\(root)/rejected" }
  package var exchangeRates: String { "\(catalog)/fx.csv" }
  package var local: String { "\(root)/local" }
  package var locks: String { "\(local)/locks" }
  package var exchangeLock: String { "\(local)/fx.lock" }
  package var statusline: String { "\(local)/statusline" }
  package var rollupManifest: String { "\(local)/rollup.manifest" }

  /// The folder of a UTC day's segments.
  package func segments(day: Int) -> String { "\(segments)/\(Self.folder(ofDay: day))" }

  /// One writer's segment of a UTC day.
  package func segment(day: Int, writer: String) -> String {
    "\(segments(day: day))/\(Self.segmentName(writer: writer))"
  }

  /// The file name of a writer's segments.
  package static func segmentName(writer: String) -> String { writer + segmentSuffix }

  /// The folder of the days of a rollup; `kind` is `minute`, `day` or `session`.
  package func rollups(_ kind: String) -> String { "\(rollups)/\(kind)" }

  /// A rollup of a UTC day.
  package func rollup(_ kind: String, day: Int) -> String {
    "\(rollups(kind))/\(Self.folder(ofDay: day))/\(Self.rollupName)"
  }

  /// The lock that whoever changes this writer's segments holds.
  package func lock(writer: String) -> String { "\(locks)/\(writer)" }

  /// The name of a UTC day's folders.
  package static func folder(ofDay day: Int) -> String { dayPrefix + Timestamp.dayText(day) }

  /// The UTC day a folder name such as `date=2026-11-20` stands for.
  package static func day(ofFolder name: String) -> Int? {
    guard name.hasPrefix(dayPrefix) else { return nil }
    return Timestamp.day(named: name.dropFirst(dayPrefix.count))
  }

  /// The writer of a segment's file name.
  package static func writer(ofFile name: String) -> String? {
    guard name.hasSuffix(segmentSuffix), name.count > segmentSuffix.count, !name.hasPrefix(".") else {
      return nil
    }
    return String(name.dropLast(segmentSuffix.count))
  }
}
