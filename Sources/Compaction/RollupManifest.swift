//! What the store looked like from outside when its rollups were last found current, so that a run with nothing to
//! do need not open thousands of files. `Schemas/manifest.md` is the contract of the file.
//!
//! It is only a shortcut: a day it does not vouch for is decided by digests, as if there were no manifest. It vouches
//! for a day when the day's folder, its segments and its rollups all bear the marks they had when digests found
//! them whole and current, and when rollups would be made in the same way as then.
//!
//! A mark says nothing about a file that changes twice within one tick of the file system's clock. So a day is taken
//! in only when all its marks were old by the time they were looked at: any later change gets a later time.

import Bytes
package import Files

/// Marks of everything that decides whether a day is current: the folder of its segments, which changes when a name
/// comes or goes, its rollups by `RollupKind`, and its segments by name.
package struct DayMarks: Equatable, Sendable {
  package var files: [FileMark]

  package init(_ files: [FileMark]) { self.files = files }

  /// No file system in use counts time more coarsely.
  package static let clockTickNanoseconds: Int64 = 2_000_000_000

  /// Whether any change after `now`, the time at which looking began, would show.
  package func isSettled(at now: Int64) -> Bool {
    files.allSatisfy { $0.changedNanoseconds < now - Self.clockTickNanoseconds }
  }
}

/// The days that were whole and current, and how they looked.
package struct RollupManifest: Equatable, Sendable {
  /// A segment's name in its folder.
  package struct Segment: Equatable, Sendable {
    package var name: String
    /// Whether sealing it would change nothing.
    package var isSealed: Bool

    package init(name: String, isSealed: Bool) {
      self.name = name
      self.isSealed = isSealed
    }
  }

  /// A day that was whole and current.
  package struct Day: Equatable, Sendable {
    package var day: Int
    package var events: UInt64
    /// By name.
    package var segments: [Segment]
    package var marks: DayMarks

    package init(day: Int, events: UInt64, segments: [Segment], marks: DayMarks) {
      self.day = day
      self.events = events
      self.segments = segments
      self.marks = marks
    }
  }

  /// What went into the rollups besides lines: `RollupStamp.inputs`.
  package let inputs: String
  package private(set) var days: [Int: Day] = [:]

  package init(inputs: String) { self.inputs = inputs }

  /// Takes in a day, if a change after `now`, when looking at its files began, would show.
  ///
  /// - Returns: whether it was taken in.
  @discardableResult
  package mutating func add(_ day: Day, at now: Int64) -> Bool {
    guard day.marks.isSettled(at: now) else { return false }
    days[day.day] = day
    return true
  }

  /// Forgets a day.
  package mutating func remove(_ day: Int) { days[day] = nil }

  /// The day as it was found, when it still looks the same.
  ///
  /// - Parameter look: looks at the segments of these names, and the rest; nil when one is missing.
  package func unchanged(_ day: Int, _ look: ([Segment]) -> DayMarks?) -> Day? {
    guard let known = days[day], look(known.segments) == known.marks else { return nil }
    return known
  }
}
