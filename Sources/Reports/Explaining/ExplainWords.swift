//! What the rows of an explanation are called, and what there is to say about each.

import Bytes
import Calendar
import Exchange
import Money
import Pricing
import Query

struct ExplainWords {
  private let request: ReportRequest
  private let fields: [String]

  init(_ request: ReportRequest, fields: [String]) {
    self.request = request
    self.fields = fields
  }

  /// The labels of a row, by column.
  func cells(_ row: Explanation.Row, _ explanation: Explanation) -> [String: ReportCell] {
    let texts = row.name.texts
    let requests = "\(row.sums.requests) request\(row.sums.requests == 1 ? "" : "s")"
    var cells = ["part": ReportCell.text(row.name.part.rawValue), "about": .text(requests)]
    switch row.name.part {
    case .price, .counter, .unpriced:
      let names = texts.prefix(2).compactMap(\.self)
      let model = names.isEmpty ? "(no model)" : names.map(\.text).joined(separator: "/")
      (cells["provider"], cells["model"]) = (.text(texts[0]), .text(texts[1]))
      cells["what"] = .text(model)
      if row.name.part == .unpriced {
        cells["about"] = .text(texts[2])
      } else {
        cells["what"] = .text("\(model) \(texts[2]?.text ?? "")")
        cells["counter"] = .text(texts[2])
      }
      if let charge = row.name.charge { addPrice(row, charge, to: &cells) }
    case .reported:
      cells["what"] = .text(texts[0]?.text ?? "(no source)")
      cells["source"] = .text(texts[0])
      cells["about"] = .text("as the events say, \(requests)")
    case .free:
      cells["what"] = .text("nothing that is charged")
      cells["about"] = .text("\(requests), such as failed ones that used nothing")
    case .by:
      let parts = zip(fields, texts).map { "\($0)=\($1?.text ?? "none")" }
      cells["what"] = .text(parts.joined(separator: ", "))
    case .source:
      cells["what"] = .text(texts[0]?.text ?? "(no source)")
      cells["source"] = .text(texts[0])
    case .writer: (cells["what"], cells["writer"]) = (.text(texts[0]), .text(texts[0]))
    case .day:
      (cells["what"], cells["day"]) = (.text(texts[0]), .text(texts[0]))
      let isRolledUp = explanation.days.first { "\($0.day)" == texts[0]?.text }?.isRolledUp == true
      cells["about"] = .text(
        isRolledUp ? "its rollups are current" : "reports fold it: its rollups are missing or old")
    case .rate: addRate(row, to: &cells)
    case .event: break
    }
    if row.name.currency != nil {
      (cells["amount"], cells["amount_currency"]) = (.amount(row.sums.original), .text(row.name.currency))
    }
    return cells
  }

  private func addPrice(
    _ row: Explanation.Row, _ charge: Explanation.Name.Charge, to cells: inout [String: ReportCell]
  ) {
    let (basis, origin) = (charge.basis, row.origin)
    cells[charge.isCredit ? "credits" : "count"] =
      charge.isCredit ? .amount(row.sums.count) : .integer(row.sums.count)
    cells["unit_price"] = .amount(charge.price)
    cells["list_price"] = row.listPrice.map { .amount($0) } ?? .missing
    cells["service_tier"] = .text(charge.serviceTier)
    let from = basis.from == .min ? nil : "\(CivilDate(utcDayOf: basis.from))"
    let until = basis.until == .max ? nil : "\(CivilDate(utcDayOf: basis.until))"
    (cells["valid_from"], cells["valid_until"]) = (.text(from), .text(until))
    (cells["price_source"], cells["price_date"]) = (.text(origin?.title), .text(origin?.date))
    var parts: [String] = []
    if charge.isCredit { parts.append("\(PicoText.exact(row.sums.count, digitsMin: 0)) credits") }
    if let title = origin?.title { parts.append(title + (origin?.date.map { " \($0)" } ?? "")) }
    switch origin?.negotiation {
    case .override:
      let list = row.listPrice.map { ", list price \(PicoText.exact($0))" } ?? ""
      parts.append("set by tally prices set\(list)")
    case .discount(let percent):
      let list = row.listPrice.map { PicoText.exact($0) } ?? "unknown"
      parts.append("list price \(list) less \(PicoText.exact(percent, digitsMin: 0)) percent")
    case nil: break
    }
    if let from { parts.append("since \(from)") }
    if let until { parts.append("until \(until)") }
    if let tier = charge.serviceTier { parts.append("service tier \(tier)") }
    if let threshold = basis.threshold { parts.append("prompts above \(threshold) tokens") }
    if let hours = basis.hours {
      let texts = hours.map { "\(Self.time($0.from)) to \(Self.time($0.to))" }
      parts.append("from \(texts.joined(separator: ", ")) UTC")
    }
    if let why = basis.approximation { parts.append("approximate: \(why)") }
    cells["about"] = .text(parts.joined(separator: "; "))
  }

  private static func time(_ minute: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(minute / 60)):\(two(minute % 60))"
  }

  private func addRate(_ row: Explanation.Row, to cells: inout [String: ReportCell]) {
    let currency = row.name.currency ?? "none"
    cells["what"] = .text("\(row.name.texts[0]?.text ?? "") \(currency)")
    cells["day"] = .text(row.name.texts[0])
    guard let conversion = request.conversion else { return }
    guard row.name.currency != nil, currency != "\(conversion.currency)" else {
      cells["about"] = .text("nothing to convert")
      return
    }
    guard let rate = conversion.rate(of: currency, on: row.name.texts[0]?.text ?? "") else { return }
    cells["unit_price"] = .amount(rate.pico)
    let day = rate.day.map { ", ECB rates of \($0)" } ?? ""
    cells["about"] = .text("1 \(currency) is \(PicoText.exact(rate.pico)) \(conversion.currency)\(day)")
  }

  /// The labels of an event.
  func cells(_ event: Explanation.Event) -> [String: ReportCell] {
    let record = event.record
    let time = request.zone.timeText(of: record.time)
    var cells: [String: ReportCell] = [
      "part": .text(Explanation.Part.event.rawValue), "what": .text("\(time) \(record.id)"),
      "time": .text(time), "id": .text(record.id), "writer": .text(record.writer),
      "day": .text("\(CivilDate(utcDayOf: record.time))"),
    ]
    for (name, text) in zip(["provider", "model", "service_tier"], record.texts) { cells[name] = .text(text) }
    cells["source"] = .text(record.texts[4])
    if let currency = record.currency {
      (cells["amount"], cells["amount_currency"]) = (.amount(record.sums.cost), .text(currency))
    }
    var parts = [record.texts[1]?.text, Badge.text(record.sums)].compactMap(\.self)
    if request.showsCost {
      if let reason = event.reason {
        parts.append(reason)
      } else if record.isReported {
        parts.append("reported")
      } else {
        let products = event.charges.map { charge in
          let count = charge.key == nil ? PicoText.exact(charge.count, digitsMin: 0) : "\(charge.count)"
          return "\(count) × \(PicoText.exact(charge.price))"
        }
        parts.append(products.isEmpty ? "nothing charged" : products.joined(separator: " + "))
      }
    }
    cells["about"] = .text(parts.joined(separator: "; "))
    return cells
  }
}
