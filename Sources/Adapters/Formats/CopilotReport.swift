//! GitHub's report of AI usage: a row for each day, person, model and repository.

import Events

enum CopilotReport {
  static let format = LogFormat(
    name: "copilot-csv", title: "GitHub Copilot AI usage report (CSV)", shape: .rows, hasIds: false,
    recognises: { Set($0.header).isSuperset(of: ["date", "username", "sku", "quantity", "unit_type"]) },
    reader: { Reader(state: $0.state) })

  struct Reader: RowLogReader {
    var rows: RowTable

    init(state: String) { rows = RowTable(state: state) }

    func read(_ row: RowTable.Row, _ findings: inout Findings) throws(Misread) {
      guard let date = row["date"], let when = NumberText.time(date) else { throw Misread("date is no day") }
      var event = EventDraft()
      event.time = when.time
      event[text: .period] = "1d"
      event[text: .provider] = "github"
      event[text: .service] = "copilot"
      event[text: .account] = row["organization"]
      event[text: .model] = row["model"]
      event[text: .user] = row["username"]
      event[text: .project] = Project.name(ofPath: row["repository"])
      if let center = row["cost_center_name"] { event.tags.append(("cost_center", center)) }
      event[.inputTokens] = try row.count("input")
      event[.outputTokens] = try row.count("output")
      event[.cacheReadTokens] = try row.count("cache_read")
      event[.cacheWriteTokens] = try row.count("cache_write")
      let quantity = try row.amount("quantity")
      if row["unit_type"] == "credits" { event.credits = quantity }
      event[.requests] = row["unit_type"] == "requests" ? NumberText.count(row["quantity"] ?? "") ?? 0 : 0
      event.setCost(try row.amount("net_amount"))
      findings.add(event)
    }
  }
}
