import Bytes
import Parquet
import TestSupport
import Testing

@Suite struct RoundTripTests {
  private func check(_ table: Table, rowGroupRowsMax: Int = 1 << 17, _ comment: Comment) throws {
    let writer = ParquetWriter(
      columns: table.columns, metadata: [("b", "2"), ("a", "é\n"), ("b", "")], formatVersion: "7",
      rowGroupRowsMax: rowGroupRowsMax)
    let bytes = try writer.bytes(table.values)
    #expect(try writer.bytes(table.values) == bytes, comment)
    let file = try ParquetFile(bytes: bytes)
    #expect(file.columns == table.columns, comment)
    #expect(file.rowCount == table.rowCount, comment)
    #expect(file.metadata.map { "\($0.0)=\($0.1)" } == ["b=2", "a=é\n", "b="], comment)
    #expect(file.createdBy == "tally version 7")
    #expect(file.rowGroups.count == (table.rowCount + rowGroupRowsMax - 1) / rowGroupRowsMax, comment)
    var scratch = ParquetScratch()
    for column in table.columns.indices {
      var cells: [ParquetScalar] = []
      for group in file.rowGroups.indices {
        let values = try file.read(column: column, rowGroup: group, with: &scratch)
        cells += Table.cells(values)
        if case .integers(let numbers, let nulls) = values {
          // Sums rely on it, also where memory of another column is used again.
          #expect(zip(numbers, nulls).allSatisfy { !$1 || $0 == 0 }, comment)
        }
        checkStatistics(Table.cells(values), file.rowGroups[group].statistics(column: column), comment)
        scratch.reuse(values)
      }
      #expect(cells == Table.cells(table.values[column]), "\(comment) \(table.columns[column])")
    }
  }

  private func checkStatistics(
    _ cells: [ParquetScalar], _ statistics: ParquetStatistics, _ comment: Comment
  ) {
    #expect(statistics.nullCount == cells.count { $0 == .null }, comment)
    let texts = cells.compactMap { if case .string(let text) = $0 { text } else { nil } }
    if let least = texts.min(by: { $0.lexicographicallyPrecedes($1) }),
      let greatest = texts.max(by: { $0.lexicographicallyPrecedes($1) }),
      max(least.count, greatest.count) <= 64
    {
      #expect(statistics.minimum == .string(least), comment)
      #expect(statistics.maximum == .string(greatest), comment)
    }
    let numbers = cells.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    guard let least = numbers.min(), let greatest = numbers.max() else { return }
    #expect(statistics.minimum == .integer(least), comment)
    #expect(statistics.maximum == .integer(greatest), comment)
  }

  @Test(arguments: 0..<60)
  func everyTableComesBack(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = TableGenerator(seed: seed)
    let sizes = [0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 130, 1000, 5000]
    let table = generator.table(rowCount: sizes[round % sizes.count], columnCount: 12)
    try check(table, "seed \(seed), round \(round)")
    try check(table, rowGroupRowsMax: 100, "seed \(seed), round \(round), groups of 100")
  }

  @Test func zerosCostSomeTensOfBytesAndAreReadAsARun() throws {
    let columns = (0..<50).map { ParquetColumn("c\($0)", .int64) }
    let zeros = ParquetValues.integers([Int64](repeating: 0, count: 100_000))
    let writer = ParquetWriter(columns: columns)
    let bytes = try writer.bytes([ParquetValues](repeating: zeros, count: 50))
    #expect(bytes.count < 50 * 300)
    let constants = try writer.bytes(
      [ParquetValues](repeating: .constant(.integer(0), count: 100_000), count: 50))
    #expect(constants == bytes, "a column said to be constant is written as one found to be")
    let file = try ParquetFile(bytes: bytes)
    #expect(try file.read(column: 49, rowGroup: 0) == .constant(.integer(0), count: 100_000))
  }

  /// Every width of bits, with the counts around a group of eight and around a block of differences.
  @Test(arguments: 0..<64)
  func everyWidthOfNumbersComesBack(width: Int) throws {
    var random = SeededGenerator(UInt64(width))
    for count in [1, 7, 8, 9, 15, 16, 17, 31, 33, 127, 129, 257, 1000] {
      let mask = UInt64.max >> UInt64(63 - width)
      let numbers = (0..<count).map { _ in Int64(bitPattern: UInt64.random(in: 0...mask, using: &random)) }
      let bytes = try ParquetWriter(columns: [ParquetColumn("a", .int64)]).bytes([.integers(numbers)])
      let cells = Table.cells(try ParquetFile(bytes: bytes).read(column: 0, rowGroup: 0))
      #expect(cells == numbers.map { .integer($0) }, "\(width + 1) bits, \(count) values")
    }
  }

  /// Runs of every length begin at every place within a group of eight.
  @Test(arguments: [2, 200, 300, 3000])
  func runsOfEveryLengthComeBack(distinct: Int) throws {
    let texts = (0..<distinct).map { String($0 + 100_000) }
    var indices: [Int32] = []
    var random = SeededGenerator(UInt64(distinct))
    for length in 8..<34 {
      for offset in 0..<9 {
        indices += (0..<offset).map { _ in Int32.random(in: 0..<Int32(distinct), using: &random) }
        indices += [Int32](repeating: Int32.random(in: 0..<Int32(distinct), using: &random), count: length)
      }
    }
    let values = ParquetValues.strings(ParquetDictionary(texts), indices: indices)
    let bytes = try ParquetWriter(columns: [ParquetColumn("a", .string)]).bytes([values])
    #expect(Table.cells(try ParquetFile(bytes: bytes).read(column: 0, rowGroup: 0)) == Table.cells(values))
  }

  /// However a column begins, its values come back, in what is small for the whole of it.
  @Test(
    arguments: [
      // Few values far apart: numbers of a dictionary.
      (0, 1000, 140_000), (1, 1000, 150_000),
      // All different, or nearly so at first: no dictionary.
      (0, 100_000, 900_000), (1, 100_000, 1_000_000),
    ])
  func numbersAreSmall(type: Int, distinct: Int, sizeMax: Int) throws {
    var random = SeededGenerator(UInt64(distinct))
    let values = (0..<distinct).map { _ in Int64.random(in: 0..<1 << 40, using: &random) }
    let rows = (0..<100_000).map {
      $0 < distinct ? values[$0] : values[Int(random.next() % UInt64(distinct))]
    }
    let column = ParquetColumn("c", type == 0 ? .int64 : .decimal38Scale12)
    let table = Table(
      columns: [column], values: [type == 0 ? .integers(rows) : .decimals(rows.map { Int128($0) })])
    #expect(try ParquetWriter(columns: table.columns).bytes(table.values).count < sizeMax)
    try check(table, "\(distinct) values")
    let most = (0..<100_000).map { $0 < 4096 ? values[$0 % distinct] : 7 }
    let beginning = Table(
      columns: [column], values: [type == 0 ? .integers(most) : .decimals(most.map { Int128($0) })])
    try check(beginning, "\(distinct) values, and then one")
  }

  @Test func noiseIsNotCompressed() throws {
    var random = SeededGenerator(7)
    let noise = (0..<50_000).map { _ in Int64.random(in: 0..<1 << 40, using: &random) }
    let columns = [ParquetColumn("a", .int64)]
    let bytes = try ParquetWriter(columns: columns).bytes([.integers(noise)])
    #expect(bytes.lastRange(of: Self.zstdMagic) == nil)
    #expect(bytes.count < 50_000 * 41 / 8 + 8192)
    let rounded = try ParquetWriter(columns: columns).bytes([.integers(noise.map { ($0 >> 30) << 30 })])
    #expect(rounded.lastRange(of: Self.zstdMagic) != nil)
    #expect(rounded.count < bytes.count / 2)
  }

  @Test func aFewBytesAreNotCompressed() throws {
    let columns = [ParquetColumn("a", .string)]
    let values = ParquetValues.constant(.string(Array("the same".utf8)), count: 100_000)
    #expect(try ParquetWriter(columns: columns).bytes([values]).lastRange(of: Self.zstdMagic) == nil)
  }

  private static let zstdMagic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  @Test func nothingIsWrittenOfATableThatIsRefused() throws {
    var output = ByteWriter()
    output.append("before")
    let columns = [ParquetColumn("a", .int64), ParquetColumn("b", .date)]
    let values = [ParquetValues.integers([1, 2]), .integers([1, 1 << 40])]
    #expect(throws: ParquetError.self) { try ParquetWriter(columns: columns).write(values, into: &output) }
    #expect(output.array == Array("before".utf8))
  }

  @Test func onlyFooterAndWantedChunksAreRead() throws {
    var generator = TableGenerator(seed: 5)
    let numbers = (0..<100_000).map { _ in Int64.random(in: 0...Int64.max, using: &generator.random) }
    let columns = (0..<3).map { ParquetColumn("c\($0)", .int64) }
    let bytes = try ParquetWriter(columns: columns).bytes(
      [ParquetValues](repeating: .integers(numbers), count: 3))
    let log = ReadLog()
    let file = try ParquetFile(size: bytes.count) { offset, length in
      log.lengths.append(length)
      return Array(bytes[offset..<offset + length])
    }
    #expect(log.lengths == [64 << 10])
    #expect(try file.read(column: 1, rowGroup: 0) == .integers(numbers))
    #expect(log.lengths.count == 2)
    #expect(log.lengths[1] < 810_000)
  }

  @Test func rowGroupsCutTheirDictionaries() throws {
    let texts = (10..<99).map { "session-\($0)" }
    let table = Table(
      columns: [ParquetColumn("session", .string)],
      values: [.strings(ParquetDictionary(texts), indices: (0..<89).map { $0 })])
    let file = try ParquetFile(
      bytes: ParquetWriter(columns: table.columns, rowGroupRowsMax: 30).bytes(table.values))
    guard case .strings(let dictionary, _) = try file.read(column: 0, rowGroup: 2) else {
      Issue.record("not strings")
      return
    }
    #expect(dictionary == ParquetDictionary(Array(texts[60...])))
    #expect(file.rowGroups[2].statistics(column: 0).minimum == .string(Array("session-70".utf8)))
  }

  @Test(
    arguments: [
      (ParquetColumn("a", .int64), .integers([1], nulls: [true]), "an absent value in a required column"),
      (ParquetColumn("a", .int64), .constant(.null, count: 1), "an absent value in a required column"),
      (
        ParquetColumn("a", .string), .strings(ParquetDictionary(["x"]), indices: [1]),
        "a number that is not in the dictionary"
      ),
      (
        ParquetColumn("a", .string), .strings(ParquetDictionary(["x"]), indices: [-1]),
        "a number that is not in the dictionary"
      ),
      (
        ParquetColumn("a", .string, isOptional: true), .strings(ParquetDictionary(["x"]), indices: [0, -2]),
        "a number that is not in the dictionary"
      ),
      (
        ParquetColumn("a", .string), .strings(ParquetDictionary(["y", "x"]), indices: [0]),
        "a dictionary that is not sorted or not unique"
      ),
      (ParquetColumn("a", .date), .integers([1 << 40]), "a day beyond 32 bits"),
      (ParquetColumn("a", .date), .constant(.integer(-1 << 40), count: 1), "a day beyond 32 bits"),
      (ParquetColumn("a", .decimal38Scale12), .decimals([0, Int128.min]), "more than 38 digits"),
      (ParquetColumn("a", .decimal38Scale12), .decimals([Int128.max]), "more than 38 digits"),
      (ParquetColumn("a", .int64), .decimals([1]), "values of another type"),
      (
        ParquetColumn("a", .int64, isOptional: true), .integers([1], nulls: [true, false]),
        "2 null marks for 1 values"
      ),
    ] as [(ParquetColumn, ParquetValues, String)])
  func contradictoryTablesAreRefused(column: ParquetColumn, values: ParquetValues, complaint: String) {
    let error = #expect(throws: ParquetError.self) { try ParquetWriter(columns: [column]).bytes([values]) }
    #expect(error?.kind == .invalidTable)
    #expect(error?.place == "column \"a\"")
    #expect(error?.what == complaint)
  }
}

/// What was read of a file; used by one thread.
private final class ReadLog: @unchecked Sendable {
  var lengths: [Int] = []
}
