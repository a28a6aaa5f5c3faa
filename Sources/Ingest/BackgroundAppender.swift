import Dispatch
import SegmentLog

/// Appends on a thread of its own, one flush at a time, so that compressing and syncing overlap with parsing.
///
/// Unchecked: `appender` and `results` are touched only between `start` and the end of `wait`, on one side at a time,
/// with the group in between.
final class BackgroundAppender: @unchecked Sendable {
  private let batch: String
  private var appender: SegmentAppender
  private var results: [(day: DayLines, error: SegmentError?)] = []
  private let queue = DispatchQueue(label: "append")
  private let group = DispatchGroup()

  init(_ appender: consuming SegmentAppender, batch: String) {
    self.appender = appender
    self.batch = batch
  }

  /// Starts to append `days`, which nobody may change until `wait` returns.
  ///
  /// What was started before must have been waited for.
  func start(_ days: [DayLines]) {
    let work = DayList(days)
    queue.async(group: group) { [self] in
      results = Array(zip(work.days, appender.append(work.days, batch: batch)))
    }
  }

  /// Waits until what was started is done; each day with why it failed, or nil when its lines are durable.
  func wait() -> [(day: DayLines, error: SegmentError?)] {
    group.wait()
    defer { results = [] }
    return results
  }

  /// The torn ends that were cut since the last call; only after `wait`.
  func takeRecoveries() -> [SegmentAppender.Recovery] { appender.takeRecoveries() }
}

/// Days on their way to the other thread; see `BackgroundAppender.start`.
private struct DayList: @unchecked Sendable {
  let days: [DayLines]

  init(_ days: [DayLines]) { self.days = days }
}
