import Parquet
import Testing
import TestSupport

/// Reads every cell of a file.
func allCells(_ bytes: [UInt8]) throws -> [[ParquetScalar]] {
  let file = try ParquetFile(bytes: bytes)
  var scratch = ParquetScratch()
  return try file.columns.indices.map { column in
    try file.rowGroups.indices.flatMap { group in
      Table.cells(try file.read(column: column, rowGroup: group, with: &scratch))
    }
  }
}

@Suite struct DamageTests {
  private func file(seed: UInt64) throws -> [UInt8] {
    var generator = TableGenerator(seed: seed)
    let table = generator.table(rowCount: 200, columnCount: 12)
    return try ParquetWriter(columns: table.columns, metadata: [("k", "v")], rowGroupRowsMax: 128).bytes(
      table.values)
  }

  /// A wrong byte is noticed wherever it is (a third of all places are tried), except in the opening magic.
  @Test func everyWrongByteIsAnErrorOrHarmless() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let bytes = try file(seed: seed)
    let expected = try allCells(bytes)
    for offset in stride(from: 4, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[offset] ^= UInt8.random(in: 1...255, using: &random)
      do {
        let cells = try allCells(damaged)
        // A column that one value fills is taken from the footer; its pages are not even looked at.
        #expect(cells == expected, "seed \(seed), byte \(offset)")
      } catch let error as ParquetError {
        #expect(error.kind != .invalidTable, "seed \(seed), byte \(offset)")
      }
    }
  }

  /// The header of the row count moved to a field number that nobody knows takes all later fields with it.
  @Test func aFooterWithoutItsFieldsIsNoEmptyTable() throws {
    let bytes = try file(seed: 1)
    let expected = try allCells(bytes)
    let length = Int(bytes[bytes.count - 8]) | Int(bytes[bytes.count - 7]) << 8
    for offset in (bytes.count - 8 - length)..<(bytes.count - 8) {
      var damaged = bytes
      damaged[offset] ^= 0xE0
      if let cells = try? allCells(damaged) { #expect(cells == expected, "byte \(offset)") }
    }
  }

  /// The decoders survive what checksums would have stopped: any number of wrong bytes in files without them.
  @Test(arguments: 0..<40)
  func damagedForeignFilesNeverCrash(round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var bytes = try file(seed: seed)
    // Neither key nor author are ours any more, so nothing is verified.
    bytes.replace(Array("tally.checksums".utf8), with: Array("tally.checksumz".utf8))
    bytes.replace(Array("tally version".utf8), with: Array("other version".utf8))
    let expected = try allCells(bytes)
    #expect(expected.count == 12)
    for _ in 0..<100 { Mutation.read(bytes, &random) }
  }

  /// What we did not check zstd does: the last bytes of a chunk are a page's content.
  @Test func aWrongByteOfAForeignPageIsNoticed() throws {
    let table = (0..<2000).map { Int64($0 * $0 % 977) }
    let writer = ParquetWriter(columns: [ParquetColumn("n", .int64)])
    var bytes = try writer.bytes([.integers(table)])
    bytes.replace(Array("tally.checksums".utf8), with: Array("tally.checksumz".utf8))
    bytes.replace(Array("tally version".utf8), with: Array("other version".utf8))
    let expected = try allCells(bytes)
    #expect(expected == [table.map { .integer($0) }])
    let length = Int(bytes[bytes.count - 8]) | Int(bytes[bytes.count - 7]) << 8
    let end = bytes.count - 8 - length
    for offset in (end - 600)..<end {
      var damaged = bytes
      damaged[offset] ^= 1
      // Some bits mean nothing.
      let isNoticed = (try? allCells(damaged)).map { $0 == expected } ?? true
      #expect(isNoticed, "byte \(offset)")
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = try file(seed: 3)
    for count in 0..<bytes.count where count % 7 == 0 || count > bytes.count - 20 {
      #expect(throws: ParquetError.self) { try ParquetFile(bytes: Array(bytes[..<count])) }
    }
  }

  @Test(
    arguments: [
      ([], "file: 0 bytes are too few\nname a Parquet file"),
      (Array("hello, this is text".utf8), "file, byte 15: does not end in PAR1\nname a Parquet file"),
      (
        Array("PAR1\u{0}\u{0}\u{0}\u{1}PAR1".utf8),
        "footer, byte 4: an impossible length of 16777216\n"
          + "write the file again from its source, or restore a copy"
      ),
    ] as [([UInt8], String)])
  func whatIsNoParquetFileSaysSo(bytes: [UInt8], message: String) {
    let error = #expect(throws: ParquetError.self) { try ParquetFile(bytes: bytes) }
    #expect(error?.description == message)
  }
}

/// Random damage.
enum Mutation {
  /// Reads what it can of `bytes` with a few of them changed or cut out.
  static func read(_ bytes: [UInt8], _ random: inout SeededGenerator) {
    var damaged = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let offset = Int.random(in: 0..<damaged.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: damaged[offset] = UInt8.random(in: 0...255, using: &random)
      case 1: damaged[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: damaged[offset] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      default:
        let end = min(damaged.count, offset + Int.random(in: 0...8, using: &random))
        damaged.removeSubrange(offset..<end)
      }
      if damaged.isEmpty { return }
    }
    // Each column by itself, so that an error in one does not hide the others.
    guard let file = try? ParquetFile(bytes: damaged) else { return }
    for group in file.rowGroups.indices where file.rowGroups[group].rowCount < 1 << 20 {
      for column in file.columns.indices {
        guard let values = try? file.read(column: column, rowGroup: group) else { continue }
        #expect(values.count == file.rowGroups[group].rowCount)
        touch(values)
      }
    }
  }

  /// Looks at everything that a caller may index with.
  private static func touch(_ values: ParquetValues) {
    if case .strings(let dictionary, let indices) = values {
      #expect(indices.allSatisfy { $0 >= -1 && $0 < dictionary.count })
      for index in 0..<dictionary.count { _ = dictionary[index].count }
    }
  }
}
