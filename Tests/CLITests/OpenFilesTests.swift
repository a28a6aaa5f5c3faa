import Foundation
import Testing

/// Few files may be open at once: what can be done is done, and what cannot is said.
@Suite struct OpenFilesTests {
  /// Days of more writers than files may be open.
  private func store(days: ClosedRange<Int>, writers: Int) throws -> Sandbox {
    let box = try Sandbox()
    for day in days {
      let script =
        "for i in $(seq \(writers)); do echo "
        + "\"{\\\"id\\\":\\\"$i\\\",\\\"time\\\":\\\"2026-11-\(day)T10:00:00Z\\\",\\\"model\\\":\\\"gpt-5\\\","
        + "\\\"session\\\":\\\"s$i\\\",\\\"input_tokens\\\":10}\" "
        + "| TALLY_WRITER=w$i $TALLY append --quiet || exit 1; done"
      #expect(try box.shell(script).status == 0)
    }
    return box
  }

  @Test func aDayHasMoreWritersThanOpenFiles() throws {
    let box = try store(days: 10...12, writers: 70)
    let commands = [
      "query 2026-11 --measure requests,tokens --by day", "report sessions 2026-11 --limit 5",
      "report daily 2026-11 -z Asia/Tokyo",
      "explain tokens 2026-11 --events 3",
    ]
    for isRolledUp in [false, true] {
      if isRolledUp {
        let rolled = try box.shell("ulimit -n 40; $TALLY rollup --jobs 3")
        #expect(
          rolled.status == 0 && rolled.last.hasPrefix("rolled up 3 of 3 days: 210 events"), "\(rolled.errors)"
        )
        let again = try box.shell("ulimit -n 40; $TALLY rollup")
        #expect(again.last == "3 days, nothing changed", "\(again.errors)")
      }
      for command in commands {
        let few = try box.shell("ulimit -n 40; $TALLY \(command) -f json")
        let many = try box.shell("$TALLY \(command) -f json")
        #expect(few.status == 0 && few.output == many.output, "\(command)\n\(few.errors)")
      }
    }
    let rows = try #require(
      try object(box.shell("$TALLY \(commands[0]) -f json").output)["rows"] as? [[String: Any]])
    #expect(rows.map { $0["requests"] as? Int } == [70, 70, 70])
  }

  /// The system's library ends a process in which it cannot open what it needs, so it is not asked.
  @Test(arguments: [
    "rollup", "query 2026-11", "report month 2026-11 --output months", "overview", "explain cost",
  ])
  func tooFewAreSaid(_ command: String) throws {
    let box = try store(days: 10...10, writers: 1)
    for count in [8, 9, 10, 11, 12] {
      let outcome = try box.shell("ulimit -n \(count); $TALLY \(command)")
      #expect(
        outcome.status == 74
          && outcome.errors
            == "tally: \(box.store): cannot open files for several days at once: at most \(count) may be open, "
            + "raise the limit with ulimit -n 256\n",
        "\(count): \(outcome.errors)")
    }
    for count in [13, 14, 16, 20, 32] {
      // Some days may fail for want of files, and then it is said.
      let outcome = try box.shell("ulimit -n \(count); $TALLY \(command)")
      #expect([0, 65, 74].contains(outcome.status), "\(count): \(outcome.status) \(outcome.errors)")
    }
    #expect(try box.shell("ulimit -n 32; $TALLY \(command)").status == 0)
    #expect(
      try box.shell(
        "ulimit -n 8; echo '{\"id\":\"9\",\"time\":\"2026-11-10T10:00:00Z\",\"input_tokens\":1}' | $TALLY append"
      ).status == 0)
  }
}
