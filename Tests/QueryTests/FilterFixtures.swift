import Query

enum Fields {
  static let all: [FilterField] = [
    FilterField("provider"), FilterField("model"), FilterField("user"), FilterField("tag.customer"),
    FilterField("tag of two"), FilterField("requests", .count), FilterField("cost", .amount),
  ]

  static func parse(_ text: String) throws -> Filter { try Filter.parse(text, fields: all) }
}

/// Short forms, so that tables of trees stay readable.
func model(_ text: String) -> Filter { .test(FilterTest("model", .equals(text))) }
let a = model("a")
let b = model("b")
let c = model("c")
