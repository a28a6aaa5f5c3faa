import Bytes
import Events
import Files
import Foundation
import Testing

@testable import SegmentLog

@Suite struct NameTests {
  @Test(
    arguments: [
      ("laptop-7f3a", true), ("A.b_c-9", true), ("", false), (".hidden", false), ("a b", false),
      ("a/b", false),
      ("é", false), (String(repeating: "w", count: 64), true), (String(repeating: "w", count: 65), false),
      ("a\n", false), ("-rf", false), ("x\u{1B}[31m", false),
    ])
  func writerNames(name: String, isValid: Bool) {
    #expect(WriterName.isValid(name) == isValid)
  }

  @Test func aWriterIsNamedOnceAndKept() throws {
    let store = Store()
    let state = "\(store.layout.root)/state"
    let name = try WriterName.resolve(nil, stateFolder: state)
    #expect(WriterName.isValid(name))
    #expect(try WriterName.resolve(nil, stateFolder: state) == name)
    #expect(try WriterName.resolve("other", stateFolder: state) == "other")
    #expect(try Store.bytes("\(state)/writer") == Array("\(name)\n".utf8))
    #expect(try WriterName.resolve(nil, stateFolder: "\(state)2") != name)
    let error = #expect(throws: WriterName.Fault.self) { try WriterName.resolve("a b", stateFolder: state) }
    #expect(
      error?.description
        == "writer \"a b\": use 1 to 64 letters, digits, \"-\", \"_\" or \".\", not starting with a dot or \"-\""
    )
  }

  @Test func placesOfAStore() {
    let layout = StoreLayout(root: "/s/")
    #expect(layout == StoreLayout(root: "/s"))
    #expect(StoreLayout(root: "/").root == "/")
    #expect(layout.segment(day: Store.day, writer: "w") == "/s/segments/date=2026-11-20/w.jsonl.zst")
    #expect(layout.rollup("minute", day: 0) == "/s/rollups/minute/date=1970-01-01/rollup.parquet")
    #expect(layout.lock(writer: "w") == "/s/local/locks/w")
    #expect(layout.rejected == "/s/rejected")
    #expect(StoreLayout.day(ofFolder: "date=2026-11-20") == Store.day)
    for name in ["date=2026-11-31", "date=2026-1-1", "2026-11-20", "date="] {
      #expect(StoreLayout.day(ofFolder: name) == nil)
    }
    #expect(StoreLayout.writer(ofFile: "w.1.jsonl.zst") == "w.1")
    for name in [".jsonl.zst", ".w.jsonl.zst", "w.jsonl.zst.seal.tmp", "w.jsonl.zst.merge.tmp", "w.jsonl"] {
      #expect(StoreLayout.writer(ofFile: name) == nil)
    }
  }

  /// One folder of a day that cannot be listed costs no other day.
  @Test func aDayThatCannotBeListedIsNamed() throws {
    let store = Store()
    try store.append([1])
    let folder = store.layout.segments(day: Store.day + 1)
    try Data("no folder".utf8).write(to: URL(filePath: folder))
    let listing = try StoreListing.read(store.layout)
    #expect(listing.days.map(\.day) == [Store.day])
    #expect(listing.failures.map(\.description) == ["\(folder): cannot list: Not a directory"])
  }

  @Test func aSegmentOfNoWriterIsNamed() throws {
    let store = Store()
    try store.append([1])
    let path = "\(store.layout.segments(day: Store.day))/x\u{1B}[31m.jsonl.zst"
    try Data(store.bytes()).write(to: URL(filePath: path))
    let faults = try StoreListing.segments(store.layout, day: Store.day).map(\.fault?.description)
    let expected =
      "\(store.layout.segments(day: Store.day))/x\u{FFFD}[31m.jsonl.zst: no writer is called so (use 1 to 64 letters, "
      + "digits, \"-\", \"_\" or \".\", not starting with a dot or \"-\"): give the file its writer's name, or remove it"
    #expect(faults == [nil, expected])
  }

  @Test func aListingHasOnlySegments() throws {
    let store = Store()
    #expect(try StoreListing.read(store.layout).days.isEmpty)
    for writer in ["b", "a"] { try store.append([1], writer: writer) }
    try store.append([1], day: Store.day - 400)
    try Data().write(to: URL(filePath: "\(store.path).seal.tmp"))
    try Folders.create("\(store.layout.segments)/date=none")
    let days = try StoreListing.read(store.layout).days
    #expect(days.map(\.day) == [Store.day - 400, Store.day])
    #expect(days[1].segments.map(\.writer) == ["a", "b"])
    #expect(days[1].segments[0].path == store.layout.segment(day: Store.day, writer: "a"))
  }
}
