//! The one JSON shape of every report (`Schemas/report.md`). Stable to the byte: keys in a fixed order, one
//! line for each row, so that two months can be compared with `diff` and a row found with `grep`.

import Bytes
import Query

extension Report {
  func renderedJSON() -> String {
    var members: [(String, String)] = [
      ("report", JSONText.string(name)), ("schema_version", "1"), ("from", JSONText.string(from)),
      ("to", JSONText.string(to)),
    ]
    if let asOf { members.append(("as_of", JSONText.string(asOf))) }
    members.append(("timezone", JSONText.string(timezone)))
    if showsCost { members += costMembers }
    members += known?.members ?? []
    members += [
      ("share_of", JSONText.string(shareOf)),
      ("rows", JSONText.lines(objects(rows, labels: .all))),
      ("total", objects([total], labels: .none)[0]),
    ]
    if !totals.isEmpty {
      members.append(("totals", JSONText.lines(objects(totals, labels: .present))))
    }
    members.append(("notes", JSONText.lines(notes.map(JSONText.string))))
    return "{\n" + members.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
  }

  /// What is said about money.
  private var costMembers: [(String, String)] {
    var members = [("currency", JSONText.string(currency))]
    if let ratesTo { members.append(("rates_to", JSONText.string(ratesTo))) }
    return members + [
      ("catalog", JSONText.string(catalog)), ("cost_mode", JSONText.string(costMode.rawValue)),
      ("cost_complete", isCostComplete ? "true" : "false"),
      ("unpriced_models", "[\(unpricedModels.map(JSONText.string).joined(separator: ", "))]"),
      (
        "unpriced",
        JSONText.lines(
          unpriced.map {
            "{\"provider\": \(JSONText.string($0.provider)), \"model\": \(JSONText.string($0.model)), "
              + "\"requests\": \($0.requests)}"
          })
      ),
    ]
  }

  /// Which bucket and dimension cells an object holds.
  private enum Labels {
    /// All; a missing one is null.
    case all
    /// Those with a value: a total of one currency names only the currency.
    case present
    case none
  }

  private func objects(_ rows: [ReportRow], labels: Labels) -> [String] {
    let names = columns.map { JSONText.string($0.name) }
    return rows.map { object($0, names, labels: labels) }
  }

  private func object(_ row: ReportRow, _ names: [String], labels: Labels) -> String {
    JSONText.text { output in
      var isFirst = true
      output.append("{")
      func begin(_ output: inout ByteWriter) {
        if !isFirst { output.append(", ") }
        isFirst = false
      }
      for (index, column) in columns.enumerated() {
        let cell = row.cell(index)
        if column.isLabel, labels == .none || (labels == .present && cell == .missing) { continue }
        begin(&output)
        output.append(names[index])
        output.append(": ")
        output.append(JSONText.value(cell, column.role))
      }
      for (name, isSo) in [("others", row.isOthers), ("approximate", row.isApproximate)] where isSo {
        begin(&output)
        output.append("\"\(name)\": true")
      }
      output.append("}")
    }
  }
}

enum JSONText {
  static func value(_ cell: ReportCell, _ role: ReportColumn.Role) -> String {
    switch cell {
    case .text(let text): string(text)
    case .integer(let number) where role == .percent: string(NumberText.exactPercent(number))
    case .integer(let number): String(number)
    case .amount(let pico): string(PicoText.exact(pico))
    case .missing: "null"
    }
  }

  static func string(_ text: String?) -> String {
    guard let text else { return "null" }
    return string(text)
  }

  /// Whether a text stands for itself.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  /// A JSON string.
  ///
  /// What would act on a terminal is escaped too; it stays the same text.
  static func string(_ text: String) -> String {
    if isPlain(text) { return "\"\(text)\"" }
    var result = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case _ where PlainText.acts(scalar):
        result.append(contentsOf: PlainText.escape(scalar).unicodeScalars)
      default: result.append(scalar)
      }
    }
    result.append("\"")
    return String(result)
  }

  /// Appends a JSON string, or null.
  static func append(_ text: String?, to output: inout ByteWriter) {
    guard let text, isPlain(text) else { return output.append(string(text)) }
    output.append("\"")
    output.append(text)
    output.append("\"")
  }

  /// The text of what `write` appends.
  static func text(_ write: (inout ByteWriter) -> Void) -> String {
    var output = ByteWriter()
    write(&output)
    return output.withBytes { bytes in bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
  }

  /// An array with a line for each element, which `write` appends.
  static func lines<Element>(
    _ elements: [Element], _ write: (Element, inout ByteWriter) -> Void
  ) -> String {
    if elements.isEmpty { return "[]" }
    return text { output in
      for (index, element) in elements.enumerated() {
        output.append(index == 0 ? "[\n    " : ",\n    ")
        write(element, &output)
      }
      output.append("\n  ]")
    }
  }

  /// An array with a line for each element.
  static func lines(_ elements: [String]) -> String {
    lines(elements) { $1.append($0) }
  }
}
