import Bytes
import Compaction
import Files
import Foundation
import SegmentLog
import StoreFixtures
import Testing

/// The manifest as a value: what it takes in, what it vouches for, and what it makes of bytes.
@Suite struct ManifestTests {
  private let tick = DayMarks.clockTickNanoseconds

  private func mark(_ number: Int64, changed: Int64 = 100) -> FileMark {
    FileMark(inode: UInt64(number), sizeBytes: number * 10, changedNanoseconds: changed)
  }

  private func marks() -> DayMarks {
    DayMarks((1...6).map { mark($0) })
  }

  private func day(_ number: Int = someDay, _ marks: DayMarks? = nil) -> RollupManifest.Day {
    .init(
      day: number, events: 7,
      segments: [.init(name: "a.jsonl.zst", isSealed: true), .init(name: "b.jsonl.zst", isSealed: false)],
      marks: marks ?? self.marks())
  }

  private func manifest() -> RollupManifest {
    var manifest = RollupManifest(inputs: "x")
    manifest.add(day(), at: .max)
    manifest.add(day(someDay + 1), at: .max)
    return manifest
  }

  @Test func aDayThatLooksTheSameIsUnchanged() {
    #expect(manifest().unchanged(someDay) { _ in marks() } == day())
    #expect(manifest().unchanged(someDay) { _ in nil } == nil)
    #expect(manifest().unchanged(someDay + 2) { _ in marks() } == nil)
  }

  @Test(arguments: 0..<6, ["inode", "size", "time"])
  func anyOtherMarkIsAChange(place: Int, part: String) {
    var seen = marks()
    let old = seen.files[place]
    seen.files[place] = FileMark(
      inode: old.inode + (part == "inode" ? 1 : 0), sizeBytes: old.sizeBytes + (part == "size" ? 1 : 0),
      changedNanoseconds: old.changedNanoseconds + (part == "time" ? 1 : 0))
    #expect(manifest().unchanged(someDay) { _ in seen } == nil)
  }

  /// A second change within one tick of the clock would leave the same mark.
  @Test(arguments: 0..<6)
  func whatChangedWithinAClockTickIsNotTakenIn(place: Int) {
    let now: Int64 = 1_000_000_000_000
    var seen = marks()
    var manifest = RollupManifest(inputs: "x")
    for changed in [now - tick, now, now + 1] {
      seen.files[place] = mark(1, changed: changed)
      let isTaken = manifest.add(day(someDay, seen), at: now)
      #expect(!isTaken)
    }
    #expect(manifest.days.isEmpty)
    seen.files[place] = mark(1, changed: now - tick - 1)
    let isTaken = manifest.add(day(someDay, seen), at: now)
    #expect(isTaken && manifest.days.count == 1)
  }

  private func read(_ bytes: [UInt8], inputs: String = "x") throws -> RollupManifest {
    let store = try TemporaryStore()
    let path = store.folder.appending(path: "manifest")
    try Data(bytes).write(to: path)
    return RollupManifest.read(path.path, inputs: inputs)
  }

  @Test func whatIsWrittenIsRead() throws {
    #expect(try read(manifest().encoded()) == manifest())
    #expect(RollupManifest.read("/nowhere/at/all", inputs: "x").days.isEmpty)
  }

  @Test func otherInputsMakeItWorthless() throws {
    #expect(try read(manifest().encoded(), inputs: "y").days.isEmpty)
  }

  @Test func aBrokenFileIsAsGoodAsNone() throws {
    let bytes = manifest().encoded()
    for index in bytes.indices {
      var broken = bytes
      broken[index] ^= 0x01
      #expect(try read(broken).days.isEmpty, "byte \(index)")
      #expect(try read(Array(bytes[..<index])).days.isEmpty, "cut at \(index)")
    }
    #expect(try read(bytes + [0]).days.isEmpty)
    #expect(try read(Array("[rollup]\nnot = \"a manifest\"\n".utf8)).days.isEmpty)
  }

  /// Counts and lengths are checked too, not only the checksum.
  @Test func aChecksumMakesNoSenseOfNonsense() throws {
    let bytes = manifest().encoded().dropLast(8)
    for index in bytes.indices {
      for value: UInt8 in [0x00, 0x7F, 0xFF] {
        var broken = Array(bytes)
        broken[index] = value
        let checksum = XXH64.hash(broken)
        _ = try read(broken + withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
      }
    }
  }
}
