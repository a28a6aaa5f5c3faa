//! Fields that are not ours cost little: a sender writes the same in every line.

import Bytes
import Events
import Foundation
import SegmentLog
import TestSupport
import Testing

@testable import Ingest

@Suite struct ForeignFieldTests {
  private static let count = 2000

  /// Lines with so many fields that are not ours.
  private func lines(foreign: Int) -> [UInt8] {
    let values = [
      #""trace_id":"731d8a3c2ce6f447ed4d57b1e2feb89""#, #""span_name":"chat.completion""#,
      #""host":"node-1""#,
      #""region":"eu-west-1""#, #""build":"1.2.0""#, #""retries":0"#, #""temperature":0.5"#,
      #""endpoint":"/v1/x""#,
    ]
    let more = values.prefix(foreign).map { ",\($0)" }.joined()
    return Array(
      (0..<Self.count).map {
        #"{"id":"r\#($0)","time":"2026-11-20T10:00:00.000Z","model":"gpt-5","user":"u\#($0 % 9)","input_tokens":\#($0)"#
          + "\(more)}\n"
      }.joined().utf8)
  }

  /// Time of this thread alone: other tests run at the same time.
  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Seconds of a dry run, which is the work of one thread, and what it says.
  private func run(_ input: [UInt8]) -> (seconds: Double, summary: AppendSummary) {
    var options = AppendOptions()
    options.isDryRun = true
    let layout = StoreLayout(root: "/nowhere")
    let session = AppendSession(
      layout: layout, writer: "w", batch: "b", options: options, clock: { 1_795_219_200_000 })
    let start = threadSeconds()
    session.begin(input: "x", isStream: true)
    session.accept(input.span.bytes)
    session.endInput()
    let summary = session.finish()
    return (threadSeconds() - start, summary)
  }

  /// It was 57 times the time when each name was judged in each line; what is left is reading more bytes.
  @Test func eightFieldsThatAreNotOursCostLittle() {
    let (none, eight) = (lines(foreign: 0), lines(foreign: 8))
    var best = (none: Double.infinity, eight: Double.infinity)
    for _ in 0..<5 {
      best.none = min(best.none, run(none).seconds)
      best.eight = min(best.eight, run(eight).seconds)
    }
    #expect(best.eight < 6 * best.none, "\(best)")
    let summary = run(eight).summary
    #expect(summary.accepted == UInt64(Self.count) && summary.rejected == 0)
    #expect(summary.droppedFields.count == 8)
    #expect(summary.droppedFields.values.allSatisfy { $0 == UInt64(Self.count) })
  }
}
