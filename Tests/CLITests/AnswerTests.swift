import Foundation
import Testing

/// Users, sessions, statistics and comparisons, against what SQLite makes of the same events.
@Suite struct AnswerTests {
  private func rows(_ box: Sandbox, _ arguments: String...) throws -> [[String: Any]] {
    let outcome = try box.start(["report"] + arguments + ["--format", "json"]).finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require(try object(outcome.output)["rows"] as? [[String: Any]])
  }

  private func sql(_ box: Sandbox, _ query: String) throws -> [String] {
    try box.shell("(cat e.sql; echo \"\(query);\") | sqlite3 -separator '|'").lines
  }

  /// Cells as SQLite prints them; money in millionths.
  private func text(_ row: [String: Any], _ names: [String]) -> String {
    names.map { name in
      if name.hasPrefix("cost"), name != "cost_centre", let cost = row[name] as? String {
        return cost.first == "-" ? "-" + QueryTests.micro(String(cost.dropFirst())) : QueryTests.micro(cost)
      }
      return row[name].map { "\($0)" } ?? "absent"
    }.joined(separator: "|")
  }

  private static let tokens = "sum(input_tokens+cache_read_tokens+output_tokens)"

  @Test(arguments: [UInt64(11), 12]) func usersAreWhatSQLSays(_ seed: UInt64) throws {
    let box = try QueryTests.filled(seed)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let ours = try rows(box, "users", "2026-11", "--order", "user").map {
        text(
          $0,
          ["user", "requests", "input_tokens", "output_tokens", "tokens", "cost", "sessions", "last_seen"])
      }
      let theirs = try sql(
        box,
        "select user, sum(requests), sum(input_tokens), sum(output_tokens), \(Self.tokens), sum(micro), "
          + "count(distinct session), max(day || 'T' || printf('%02d', hour) || ':15+00:00') from e group by 1 order by 1"
      )
      #expect(!theirs.isEmpty && ours == theirs)
    }
  }

  @Test(arguments: [UInt64(13), 14]) func sessionsAreWhatSQLSays(_ seed: UInt64) throws {
    let box = try QueryTests.filled(seed)
    try box.tally("rollup")
    let ours = try rows(box, "sessions", "2026-11", "--order", "session", "--where", "provider=openai").map {
      text($0, ["session", "start", "length_ms", "requests", "tokens", "cost"])
    }
    let theirs = try sql(
      box,
      "select session, min(day || 'T' || printf('%02d', hour) || ':15+00:00'), "
        + "(max(substr(day, 9) * 24 + hour) - min(substr(day, 9) * 24 + hour)) * 3600000, sum(requests), "
        + "\(Self.tokens), sum(micro) from e where provider = 'openai' group by 1 order by 1")
    #expect(!theirs.isEmpty && ours == theirs)
  }

  @Test func usesOfNoSessionAreSaid() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a", #","session":"s""#) + line("b") + line("c"))
    #expect(try box.report("sessions")["notes"] as? [String] == ["2 requests are of no session."])
    #expect(try rows(box, "sessions").count == 1)
  }

  /// Before a month is the month before, before other ranges as many days.
  @Test(arguments: [("2026-03", 28), ("2026-11-01", 1), ("7d", 7)])
  func thePeriodBeforeIsAsPeopleMeanIt(_ range: String, _ days: Int) throws {
    let box = try Sandbox()
    let lines = (0..<365).map { day in
      let date = Date(timeIntervalSince1970: 1_795_176_000 - Double(day) * 86_400)
      return line("e\(day)", time: date.formatted(.iso8601))
    }
    try box.tally("append", input: lines.joined())
    let found = try rows(box, "stats", range)
    #expect(found.map { $0["period"] as? String } == ["current", "previous", "difference"])
    #expect(found[1]["requests"] as? Int == days)
  }

  @Test(arguments: [UInt64(15), 16]) func comparisonsAreWhatSQLSays(_ seed: UInt64) throws {
    let box = try QueryTests.filled(seed)
    let ours = try rows(
      box, "compare", "2026-11-12", "--with", "2026-11-10", "--by", "model", "--order", "model"
    ).map {
      text(
        $0,
        [
          "model", "requests", "requests_before", "requests_difference", "cost", "cost_before",
          "cost_difference",
        ])
    }
    func sums(_ name: String) -> String {
      let days = [12, 10].map { "sum(iif(day = '2026-11-\($0)', \(name), 0))" }
      return "\(days[0]), \(days[1]), \(days[0]) - \(days[1])"
    }
    let theirs = try sql(
      box,
      "select model, \(sums("requests")), \(sums("micro")) from e where day in ('2026-11-10', '2026-11-12') group by 1 order by 1"
    )
    #expect(!theirs.isEmpty && ours == theirs)
  }

  @Test(arguments: [UInt64(19), 20]) func servicesAreComparedLikePeriods(_ seed: UInt64) throws {
    let box = try QueryTests.filled(seed)
    let report = try box.report(
      "compare", "2026-11", "--where", "provider=openai", "--with-where", "provider=anthropic",
      "--with-where",
      "not model=m0", "--order", "user")
    let names = ["user", "requests", "requests_before", "requests_difference", "cost", "cost_before"]
    let ours = try #require(report["rows"] as? [[String: Any]]).map { text($0, names) }
    func sums(_ name: String) -> [String] {
      ["provider = 'openai'", "provider = 'anthropic' and model <> 'm0'"].map {
        "sum(iif(\($0), \(name), 0))"
      }
    }
    let requests = sums("requests")
    let theirs = try sql(
      box,
      "select user, \(requests.joined(separator: ", ")), \(requests.joined(separator: " - ")), "
        + "\(sums("micro").joined(separator: ", ")) from e group by 1 order by 1")
    #expect(!theirs.isEmpty && ours == theirs)
    #expect(
      report["notes"] as? [String] == [
        "Before is 2026-11-01 to 2026-11-30, where provider = anthropic and model != m0."
      ])
    let wrong = try box.tally("report", "compare", "--with-where", "servce=x")
    #expect(wrong.status == 64)
    #expect(
      wrong.errors.hasPrefix("tally: --with-where: unknown field \"servce\" at 1: did you mean \"service\"?"))
  }

  @Test(arguments: [UInt64(17), 18]) func statisticsAreWhatSQLSays(_ seed: UInt64) throws {
    let box = try QueryTests.filled(seed)
    let names = ["requests", "errors", "tokens", "cost", "users", "sessions", "models"]
    let ours = try rows(box, "stats", "--since", "2026-11-12", "--until", "2026-11-13").prefix(2).map {
      text($0, names)
    }
    let theirs = try sql(
      box,
      "select sum(requests), sum(errors), \(Self.tokens), sum(micro), count(distinct user), count(distinct session), "
        + "count(distinct model) from e group by day >= '2026-11-12' order by day desc")
    #expect(theirs.count == 2 && ours == theirs)
    let top = try sql(
      box, "select model from e where day >= '2026-11-12' group by 1 order by \(Self.tokens) desc limit 3")
    let row = try rows(box, "stats", "--since", "2026-11-12", "--until", "2026-11-13")[0]
    #expect(row["top_models"] as? String == top.joined(separator: ", "))
  }

  /// Days since the last use, in the report's zone.
  @Test func activityIsByDaysSinceTheLastUse() throws {
    let box = try Sandbox()
    let last = [("a", "2026-11-13"), ("b", "2026-11-12"), ("c", "2026-10-21"), ("d", "2026-10-20")]
    let lines = last.map { line($0, time: "\($1)T23:59:00Z", #","user":"\#($0)""#) }
    try box.tally("append", input: lines.joined())
    func activity(_ arguments: String...) throws -> [String] {
      let outcome = try box.start(["report", "users", "--order", "user", "-f", "json"] + arguments).finish()
      let rows = try #require(try object(outcome.output)["rows"] as? [[String: Any]])
      return rows.map { $0["activity"] as? String ?? "" }
    }
    #expect(try activity() == ["active", "idle", "idle", "inactive"])
    #expect(try activity("-z", "Asia/Tokyo") == ["active", "active", "idle", "idle"])
    #expect(try activity("--as-of", "2026-11-12") == ["active", "idle", "idle"])
    // Of a range that is over, as it was then: what happened since is not read.
    #expect(try activity("2026-10") == ["idle", "idle"])
    #expect(try activity("--since", "2026-10-01", "--until", "2026-10-27") == ["active", "active"])
    #expect(try activity("--since", "2026-10-01", "--until", "2026-10-28") == ["active", "idle"])
    #expect(
      try activity("--until", "2026-10-28", "--since", "2026-10-01", "--as-of", "2026-10-21") == [
        "active", "active",
      ])
    #expect(try activity("--since", "2026-11-01", "--until", "2026-12-31") == ["active", "idle"])
    try box.write("config/tally/config.toml", "[users]\nactive_days = 8\nidle_days = 8")
    #expect(try activity() == ["active", "active", "inactive", "inactive"])
    try box.write("config/tally/config.toml", "[users]\nactive_days = \"8\"")
    let wrong = try box.tally("report", "users")
    #expect(wrong.status == 78)
    #expect(
      wrong.errors
        == "tally: \(box.path("config"))/tally/config.toml: line 2: users.active_days is no whole number from 0 to 10000\n"
    )
  }

  @Test func usersAreSearchedAndPaged() throws {
    let box = try Sandbox()
    let names = ["Ann@x", "bob@x", "joann@y", "carl@y"]
    try box.tally(
      "append",
      input: names.enumerated().map { line($1, tokens: 100 - $0, #","user":"\#($1)""#) }.joined())
    func users(_ arguments: String...) throws -> [String] {
      let outcome = try box.start(["report", "users", "-f", "csv"] + arguments).finish()
      return outcome.lines.dropFirst().map { String($0.prefix { $0 != "," }) }
    }
    #expect(try users("--search", "ANN") == ["Ann@x", "joann@y"])
    #expect(try users("--limit", "3") == ["Ann@x", "bob@x", "joann@y"])
    #expect(try users("--limit", "3", "--page", "2") == ["carl@y"])
    #expect(try users("--order", "-user", "--limit", "1") == ["joann@y"])
    let notes = try object(
      box.tally("report", "users", "-f", "json", "--limit", "3", "--page", "2").output)["notes"]
    #expect(notes as? [String] == ["Rows 4 to 4 of 4 are shown."])
    let most = "\(Int.max)"
    for (limit, page) in [("3", "9"), ("2", most), (most, "2"), (most, most)] {
      let beyond = try object(
        box.tally("report", "users", "-f", "json", "--limit", limit, "--page", page).output)["notes"]
      #expect(beyond as? [String] == ["No rows of 4 are shown."])
    }
    #expect(try users("--limit", most, "--page", "1").count == 4)
    #expect(try box.tally("report", "sessions", "--limit", "2", "--page", most).status == 0)
  }

  /// A total over currencies is no amount, and each currency has its own.
  @Test func currenciesStayApart() throws {
    let box = try Sandbox()
    let lines = ["USD", "EUR"].map { (code: String) in
      line(code, #","user":"u","session":"s","cost":"2","currency":"\#(code)""#)
    }
    try box.tally(
      "append",
      input: lines.joined()
        + line("x", time: "2026-10-20T10:00:00Z", #","user":"u","cost":"1","currency":"USD""#))
    for command in ["users", "sessions", "stats", "compare"] {
      let report = try box.report(command, "2026-11")
      #expect(report["currency"] is NSNull)
      #expect((report["total"] as? [String: Any])?["cost"] is NSNull)
      let totals = try #require(report["totals"] as? [[String: Any]])
      #expect(totals.map { $0["currency"] as? String } == ["EUR", "USD"], "\(command)")
      #expect(totals.map { $0["cost"] as? String } == ["2.00", "2.00"])
    }
    let rows = try #require(try box.report("compare", "2026-11", "--by", "user")["rows"] as? [[String: Any]])
    #expect(
      rows.map { text($0, ["currency", "cost", "cost_before"]) } == ["EUR|2000000|0", "USD|2000000|1000000"])
  }

  /// Working days and weekends have patterns of their own, and so has each account.
  @Test func spikesAreFoundAndExplained() throws {
    let box = try Sandbox()
    var lines = ""
    func add(_ day: Int, _ account: String, _ model: String, _ requests: Int, _ cents: Int) {
      let time =
        "2026-\(day > 31 ? 11 : 10)-\(String(100 + (day > 31 ? day - 31 : day)).dropFirst())T10:00:00Z"
      lines += line(
        "\(day)-\(account)-\(model)", time: time,
        #","service":"s","account":"\#(account)","requests":\#(requests),"cost":"\#(cents / 100).\#(String(100 + cents % 100).dropFirst())","currency":"USD""#
      ).replacing("gpt-5", with: model)
    }
    // 2026-10-05 is a Monday. Weekends are a tenth; b began three days ago.
    for day in 5...50 {
      let isWeekend = (day - 5) % 7 > 4
      let isSpike = day == 44
      add(day, "a", "m1", isSpike ? 50 : 10, day == 45 ? 60 : isWeekend ? 20 : isSpike ? 1000 : 200)
      if day == 47 { add(day, "a", "m2", 1, 250) }
      if day >= 48 { add(day, "b", "m1", 1, day == 50 ? 900 : 10) }
    }
    try box.tally("append", input: lines)
    let found = try rows(box, "anomalies", "2026-11").map {
      text($0, ["day", "account", "cost", "cost_usual", "ratio", "reason"])
    }
    #expect(
      found == [
        "2026-11-13|a|10000000|2000000|5.00|more requests, most of it m1",
        "2026-11-14|a|600000|200000|3.00|larger requests, most of it m1",
        "2026-11-16|a|4500000|2000000|2.25|larger requests, most of it the new m2",
      ])
    #expect(try rows(box, "anomalies", "2026-11", "--factor", "5").count == 1)
    #expect(try rows(box, "anomalies", "2026-11", "--factor", "5.01").isEmpty)
    // Weekends against working days would all be quiet; a working day against weekends would always spike.
    #expect(try rows(box, "anomalies", "2026-10").isEmpty)
    #expect(try rows(box, "anomalies", "2026-11", "--as-of", "2026-11-13").count == 1)
    // Thousands of years of nothing take no time; the limit is in seconds of the processor.
    let whole = try box.shell(
      "ulimit -t 10; $TALLY report anomalies --since 2026-11-01 --until 9999-12-31 -f json")
    #expect(whole.status == 0)
    #expect((try object(whole.output)["rows"] as? [Any])?.count == 3)
    #expect(try object(whole.output)["to"] as? String == "9999-12-31")
    let hidden = try rows(box, "anomalies", "2026-11", "--no-cost")
    #expect(hidden.map { text($0, ["day", "tokens", "tokens_usual"]) } == ["2026-11-16|20|10"])
  }

  /// Somebody who moves takes the days after it along, not the ones before.
  @Test func teamsAreThoseOfTheDay() throws {
    let box = try QueryTests.filled(22)
    try box.tally(
      "append", input: line("x", time: "2026-11-10T23:30:00Z", tokens: 5, #","cost":"0.5","currency":"USD""#))
    try box.write(
      "config/tally/directory.csv",
      """
      user,aliases,team,cost_centre,from,until
      Ann,"U0; ann@x",search,4711,,2026-11-11
      Ann,u0;ann@x,"platform, new",4712,2026-11-12,\r
      u1,,search,4711,2026-11-11,2026-11-11

      """)
    let names = ["team", "cost_centre", "users", "requests", "tokens", "cost"]
    let report = try box.report("teams", "2026-11", "--order", "team")
    let ours = try #require(report["rows"] as? [[String: Any]]).map { text($0, names) }
    let theirs = try sql(
      box,
      "insert into e (day, hour, input_tokens, cache_read_tokens, output_tokens, requests, micro) values ('2026-11-10', 23, 5, 0, 0, 1, 500000); "
        + "select case when user = 'u0' and day >= '2026-11-12' then 'platform, new' when user = 'u0' or (user = 'u1' and day = '2026-11-11') "
        + "then 'search' else '(unallocated)' end t, case when user = 'u0' and day >= '2026-11-12' then '4712' when user = 'u0' or "
        + "(user = 'u1' and day = '2026-11-11') then '4711' else '<null>' end, count(distinct user), sum(requests), "
        + "\(Self.tokens), sum(micro) from e group by 1, 2 order by 1")
    #expect(theirs.count == 3 && ours == theirs)
    #expect(
      report["notes"] as? [String] == [
        "The directory has no team for \(try sql(box, "select user from e where user <> 'u0' and not (user = 'u1' and day = '2026-11-11') group by 1 order by \(Self.tokens) desc").joined(separator: ", ")) on some of these days."
      ])
    // What moves with the zone: the day of a use.
    let tokyo = try rows(box, "teams", "2026-11", "-z", "Asia/Tokyo", "--where", "user=u0", "--order", "team")
    let moved = try sql(
      box,
      "select sum(requests) from e where user = 'u0' group by day > '2026-11-11' or (day = '2026-11-11' and hour + 0 >= 15) order by day desc"
    )
    #expect(tokyo.map { text($0, ["requests"]) } == moved)
  }

  @Test(arguments: [
    ("", "line 1: the file is empty: begin with user,team"),
    ("user,taem\n", "line 1: unknown column \"taem\": did you mean team?"),
    ("user,cost_centre\n", "line 1: there is no column team: add it"),
    ("user,team\n\n,a\n", "line 3: there is no user"), ("user,team\nu,\n", "line 2: u has no team"),
    ("user,team,from\nu,a,last-month\n", "line 2: \"last-month\" is no day: write it as 2026-10-01"),
    (
      "user,team,from,until\nu,a,2026-10-02,2026-10-01\n", "line 2: from 2026-10-02 is after until 2026-10-01"
    ),
    ("user,team\nu,a\nU,b\n", "line 3: u is in line 2 too: give both from and until"),
    (
      "user,team,from\nu,a,2026-10-01\nv,b,\nu,b,2026-11-01\n",
      "line 4: u is in line 2 too on 2026-11-01: give both from and until"
    ),
    ("user,team\nu,a,b\n", "line 2: more fields than columns: quote those with commas"),
    ("user,team\nu,\"a\n", "line 2: a quoted field has no end"),
  ]) func aDirectoryThatIsWrongIsSaidWhere(_ table: String, _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let path = try box.write("d.csv", table)
    let outcome = try box.tally("report", "teams", "--directory", path)
    #expect(outcome.status == 78 && outcome.errors == "tally: \(path): \(message)\n")
  }

  @Test func aMissingDirectoryIsSaid() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e") + line("f", #","user":"Ann@X""#))
    let outcome = try box.tally("report", "teams")
    #expect(outcome.status == 66)
    #expect(
      outcome.errors
        == "tally: \(box.path("config"))/tally/directory.csv: there is no directory: write one that begins with user,aliases,team,cost_centre,from,until\n"
    )
    let path = try box.write("teams.csv", "team;user\nt;aNN@x\n")
    try box.write("config/tally/config.toml", "directory = \"\(path)\"")
    #expect(try rows(box, "teams").map { text($0, ["team", "requests"]) } == ["t|1", "(unallocated)|1"])
  }

  /// Beside the configuration, wherever that is.
  @Test(arguments: [
    ("mine.toml", "directory.csv"), ("./mine.toml", "./directory.csv"),
    ("sub/mine.toml", "sub/directory.csv"),
  ])
  func theDirectoryLiesBesideTheConfiguration(_ configuration: String, _ directory: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e", #","user":"ann""#))
    try box.write(configuration, "")
    let missing = try box.tally("report", "teams", "--config", configuration)
    #expect(missing.status == 66)
    #expect(missing.errors.hasPrefix("tally: \(directory): there is no directory: "))
    try box.write(directory, "user,team\nann,a\n")
    let outcome = try box.tally("report", "teams", "--config", configuration, "--format", "csv")
    #expect(
      outcome.status == 0 && outcome.lines.last?.hasPrefix("a,") == true, "\(outcome.errors)\(outcome.output)"
    )
  }

  /// A row for each stretch of time too, with shares of the whole.
  @Test func everyMakesATimeSeries() throws {
    let box = try QueryTests.filled(21)
    let ours = try rows(box, "services", "2026-11", "--every", "day", "--where", "provider=openai").map {
      text($0, ["day", "requests", "cost"])
    }
    let theirs = try sql(
      box, "select day, sum(requests), sum(micro) from e where provider = 'openai' group by 1 order by 1")
    #expect(!theirs.isEmpty && ours == theirs)
  }

  @Test(arguments: [
    (["daily", "--every", "week"], "--every week: daily has its own: use report models or the like"),
    (["models", "--every", "year"], "--every year: use minute, hour, day, week or month"),
    (["anomalies", "--factor", "1"], "--factor 1: use a number above 1, such as 2.5"),
    (["users", "--page", "2"], "--page 2: say with --limit how many rows a page has"),
    (["users", "--limit", "0"], "--limit 0: use 1 or more"),
    (["sessions", "--limit", "3", "--page", "0"], "--page 0: use 1 or more"),
    (["stats", "--list-price"], "Unknown option '--list-price'"),
    (["users", "--order", "name"], "--order: unknown column \"name\" at 1: use one of user, requests"),
    (["compare", "--with", "then"], "--with: cannot read the date \"then\"; use 2026-10-01"),
    (["compare", "--by", "modle"], "--by modle: no such field: did you mean model?"),
  ]) func optionsAreChecked(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.start(["report"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.errors.contains(": \(message)"), "\(outcome.errors)")
  }
}
