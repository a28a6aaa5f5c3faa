//! One flush is under way while the next lines are parsed; an acknowledgement waits for it.

import Dispatch
import SegmentLog

/// Appends on a thread of its own, one flush at a time, so that compressing and syncing overlap with parsing.
///
/// Unchecked: `appender`, `frames` and `results` are touched only between `start` and the end of `wait`, on one side at a time,
/// with the group in between.
final class BackgroundAppender: @unchecked Sendable {
  private let batch: String
  private var appender: SegmentAppender
  private var results: [(day: DayLines, error: SegmentError?)] = []
  private let compressor = FrameCompressor()
  private let background = FrameCompressor()
  private let queue = DispatchQueue(label: "append")
  private let group = DispatchGroup()
  /// The frames under way, and who else is compressing them.
  private var frames: FrameBatch?
  private let helpers = DispatchGroup()

  init(_ appender: consuming SegmentAppender, batch: String) {
    self.appender = appender
    self.batch = batch
  }

  /// Starts to append `days`, which nobody may change until `wait` returns.
  ///
  /// What was started before must have been waited for.
  func start(_ days: [DayLines]) {
    start(FrameBatch(days))
  }

  private func start(_ frames: FrameBatch) {
    self.frames = frames
    queue.async(group: group) { [self] in
      frames.compress(background)
      helpers.wait()
      results = Array(zip(frames.days, appender.append(frames, batch: batch)))
    }
  }

  /// Appends `days` and waits for it: a single frame on this thread, more on two.
  func append(_ days: [DayLines]) -> [(day: DayLines, error: SegmentError?)] {
    let frames = FrameBatch(days)
    if frames.count > 1 {
      start(frames)
      return wait()
    }
    frames.compress(compressor)
    return Array(zip(days, appender.append(frames, batch: batch)))
  }

  /// Waits until what was started is done, and lends a hand; each day with why it failed, or nil when its lines are
  /// durable.
  func wait() -> [(day: DayLines, error: SegmentError?)] {
    if let frames {
      helpers.enter()
      frames.compress(compressor)
      helpers.leave()
    }
    group.wait()
    frames = nil
    defer { results = [] }
    return results
  }

  /// The torn ends that were cut since the last call; only after `wait`.
  func takeRecoveries() -> [SegmentAppender.Recovery] { appender.takeRecoveries() }

  /// The frames that were found rotten since the last call; only after `wait`.
  func takeDamages() -> [SegmentError] { appender.takeDamages() }
}
