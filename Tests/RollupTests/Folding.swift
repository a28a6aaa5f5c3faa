import Bytes
import Events
import Parquet
import Pricing
import Rollup

/// Whether the blocks of a day are scanned one after the other, or each apart and then joined.
enum ScanParts {
  case together, apart
}

/// Folds lines that come in blocks, as frames of segments would bring them.
func fold(
  _ blocks: [[String]], day: Int, tags: [String] = [], prices: Pricer? = nil, window: Range<Int64>? = nil,
  parts: ScanParts = .together, roomBytes: Int = 1 << 20, contestBytes: Int = 1 << 20
) throws(FoldError) -> DayRollups {
  try settle(
    blocks, day: day, tags: tags, prices: prices, window: window, parts: parts, roomBytes: roomBytes,
    contestBytes: contestBytes
  ).rollups()
}

/// The same, before rollups are made of it.
func settle(
  _ blocks: [[String]], day: Int, tags: [String] = [], prices: Pricer? = nil, window: Range<Int64>? = nil,
  parts: ScanParts = .together, roomBytes: Int = 1 << 20, contestBytes: Int = 1 << 20
) throws(FoldError) -> SettledDay {
  let texts = blocks.map { Array($0.map { $0 + "\n" }.joined().utf8) }
  var scan = DayScan(day: day, tags: tags, expected: 16, roomBytes: roomBytes)
  for (index, text) in texts.enumerated() {
    guard parts == .apart, index > 0 else {
      try scan.add(text.span.bytes)
      continue
    }
    var part = DayScan(day: day, tags: tags, expected: 1, roomBytes: roomBytes)
    try part.add(text.span.bytes)
    scan.absorb(part)
  }
  var fold = DayFold(scan, window: window, contestBytes: contestBytes)
  while fold.hasContest {
    var seen = 0
    for (lines, text) in zip(blocks, texts) {
      let numbers = seen..<(seen + lines.count)
      if fold.needsLines(numbers) { fold.addAgain(text.span.bytes, numbers) }
      seen += lines.count
    }
    try fold.endContest()
  }
  return fold.finish(prices: prices)
}

/// The rows of a rollup as texts by column, absent values left out.
func rows(_ table: RollupTable) -> [[String: String]] {
  (0..<table.rowCount).map { row in
    var cells: [String: String] = [:]
    for (column, values) in zip(table.columns, table.values) {
      switch values[row] {
      case .null: break
      case .integer(let number): cells[column.name] = String(number)
      case .decimal(let number): cells[column.name] = String(number)
      case .string(let bytes): cells[column.name] = String(decoding: bytes, as: UTF8.self)
      case .boolean(let flag): cells[column.name] = String(flag)
      }
    }
    return cells
  }
}

/// Whether a line is what the writer of canonical lines would write.
func isCanonical(_ line: String) throws -> Bool {
  var parser = EventParser(.input)
  let bytes = Array(line.utf8)
  try parser.parse(bytes.span.bytes)
  let event = parser.event
  var output = ByteWriter()
  parser.scratch.withBytes { scratch in
    func text(_ field: EventField) -> [UInt8] {
      let slice = event.text(field)
      return slice.isScratch ? scratch.array(slice.range) : Array(bytes[slice.range])
    }
    let (id, source) = (text(.id), text(.source))
    CanonicalLine().append(
      parser, line: bytes.span.bytes, id: id.span.bytes, source: source.span.bytes, time: event.time,
      to: &output)
  }
  return output.array == bytes
}

let someDay = 20_000
