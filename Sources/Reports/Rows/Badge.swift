//! An event in a few words, `1.2K in / 850 out`: everything that went in, cached or not, and everything that came out.

import Query

enum Badge {
  private static let input = [
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens", "input_audio_tokens", "input_image_tokens",
  ]
  private static let output = ["output_tokens", "output_audio_tokens", "output_image_tokens"]
  /// What is counted otherwise: its name when it is one, and when it is more.
  private static let units = [
    ("unsplit_tokens", "token", "tokens"), ("images", "image", "images"),
    ("audio_seconds", "second of audio", "seconds of audio"), ("searches", "search", "searches"),
    ("characters", "character", "characters"),
  ]

  private static let measures = UsageMeasure.named(
    input + output + units.map(\.0) + ["requests", "errors"], showsCost: false)

  /// - Parameter sums: of the event.
  static func text(_ sums: UsageSums) -> String {
    var counts: [String: Int128] = [:]
    for measure in measures {
      if case .integer(let count) = sums.cell(measure) { counts[measure.column.name] = count }
    }
    return text { counts[$0] ?? 0 }
  }

  private static func text(_ count: (String) -> Int128) -> String {
    func sum(_ names: [String]) -> Int128 { names.reduce(0) { $0 + count($1) } }
    var parts: [String] = []
    if count("errors") > 0 { parts.append("error") }
    let (inside, outside) = (sum(input), sum(output))
    if inside > 0 || outside > 0 { parts.append("\(short(inside)) in / \(short(outside)) out") }
    for (name, one, many) in units {
      let number = count(name)
      if number > 0 { parts.append("\(short(number)) \(number == 1 ? one : many)") }
    }
    if parts.isEmpty {
      parts.append("\(short(count("requests"))) request\(count("requests") == 1 ? "" : "s")")
    }
    return parts.joined(separator: ", ")
  }

  /// `850`, `1.2K`, `3M`: one decimal, none when it is 0.
  private static func short(_ value: Int128) -> String {
    let units: [(Int128, String)] = [
      (1000, "K"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T"),
    ]
    if value < 1000 { return "\(value)" }
    for (unit, letter) in units {
      let tenths = halfEven(value, times: 10, unit) ?? 0
      guard tenths < 10_000 || letter == "T" else { continue }
      return tenths % 10 == 0 ? "\(tenths / 10)\(letter)" : "\(tenths / 10).\(tenths % 10)\(letter)"
    }
    return "\(value)"
  }
}
