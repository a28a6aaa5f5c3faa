import Compaction
import Foundation
import Parquet
import Rollup
import SegmentLog
import StoreFixtures
import Testing

/// The stamp in the footer alone decides whether a rollup is current.
@Suite struct StalenessTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  private func store() throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(generated(seed, days: 1))
    try store.rollUp()
    return store
  }

  private func path(_ store: TemporaryStore, _ kind: RollupKind) -> String {
    store.layout.rollup(kind.rawValue, day: someDay)
  }

  @Test(arguments: RollupKind.allCases)
  func aMissingRollupIsMadeAgain(kind: RollupKind) throws {
    let store = try store()
    let files = try store.rollups
    try FileManager.default.removeItem(atPath: path(store, kind))
    #expect(try store.rollUp().daysRolled == 1)
    #expect(try store.rollups == files)
  }

  @Test(arguments: ["tally.format_version", "tally.segments_digest", "tally.prices_digest", "tally.rollup"])
  func anotherStampMeansStale(key: String) throws {
    let store = try store()
    let files = try store.rollups
    // The same rows under another stamp.
    let file = try ParquetFile(bytes: Array(Data(contentsOf: URL(filePath: path(store, .day)))))
    let rollups = try DaySnapshot(store.layout, day: someDay).fold(tags: [])
    let metadata = try [
      "tally.rollup", "tally.format_version", "tally.segments_digest", "tally.prices_digest",
      "tally.rollup_tags",
    ].map { ($0, $0 == key ? "0" : try #require(file.metadata($0))) }
    let writer = ParquetWriter(columns: rollups.day.columns, metadata: metadata)
    try Data(writer.bytes(rollups.day.values)).write(to: URL(filePath: path(store, .day)))
    #expect(try store.rollUp().daysRolled == 1, "seed \(seed)")
    #expect(try store.rollups == files, "seed \(seed)")
  }

  @Test func otherTagsMeanStale() throws {
    let store = try store()
    let files = try store.rollups
    #expect(try store.rollUp(tags: ["team"]).daysRolled == 1)
    #expect(try store.rollups != files)
    #expect(try store.rollUp(tags: ["team"]).daysRolled == 0)
    #expect(try store.rollUp(tags: ["customer"]).daysRolled == 1)
    #expect(try store.rollUp(tags: ["customer", "team"]).daysRolled == 1)
    #expect(try store.rollUp(tags: ["team", "customer"]).daysRolled == 1)
    #expect(try store.rollUp().daysRolled == 1)
    #expect(try store.rollups == files, "seed \(seed)")
  }

  /// A comma in a tag's name is no separator.
  @Test func tagsWithCommasAreTellable() throws {
    let store = try store()
    try store.rollUp(tags: ["a,b"])
    #expect(try store.rollUp(tags: ["a", "b"]).daysRolled == 1)
    #expect(try store.rollUp(tags: ["a\\", "b"]).daysRolled == 1)
    #expect(try store.rollUp(tags: ["a\\,b"]).daysRolled == 1)
  }

  @Test func anotherWritersLinesMeanStale() throws {
    let store = try store()
    var generator = EventGenerator(seed: seed &+ 1, day: someDay)
    try store.append(generator.lines(1), writer: "two")
    #expect(try store.rollUp().daysRolled == 1)
  }

  @Test(arguments: ["cut", "empty", "text", "footer"])
  func aBrokenFileIsMadeAgain(how: String) throws {
    let store = try store()
    let files = try store.rollups
    try store.damage(path(store, .minute)) { data in
      switch how {
      case "cut": data.removeLast(10)
      case "empty": data = Data()
      case "text": data = Data("not parquet".utf8)
      default: data[data.count - 100] ^= 0x40
      }
    }
    #expect(try store.rollUp().daysRolled == 1)
    #expect(try store.rollups == files, "seed \(seed)")
  }

  /// Another program's file that an engine or a person put in the place.
  @Test func aFileOfSomethingElseIsStale() throws {
    let store = try store()
    let files = try store.rollups
    let writer = ParquetWriter(columns: [ParquetColumn("x", .int64)], metadata: [])
    try Data(writer.bytes([.integers([1])])).write(to: URL(filePath: path(store, .session)))
    #expect(try store.rollUp().daysRolled == 1)
    #expect(try store.rollups == files)
  }

  @Test func theStampIsInTheFooter() throws {
    let store = try store()
    let digest = try DaySnapshot(store.layout, day: someDay).digest
    for kind in RollupKind.allCases {
      let file = try ParquetFile(bytes: Array(Data(contentsOf: URL(filePath: path(store, kind)))))
      #expect(file.metadata("tally.rollup") == kind.rawValue)
      #expect(file.metadata("tally.format_version") == RollupSchema.version)
      #expect(file.metadata("tally.segments_digest") == digest)
      #expect(file.metadata("tally.prices_digest") == "none")
      #expect(file.metadata("tally.rollup_tags") == "")
      #expect(file.columns == RollupSchema.columns(kind, tags: []))
    }
  }
}
