import Bytes
import Calendar
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Exchange

/// What the store keeps of rates is what it gave, or an error.
@Suite final class RateStoreTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "tally-fx-\(UUID().uuidString)")
    .path
  private var path: String { "\(folder)/catalog/fx.csv" }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func store(_ name: String = "") -> RateStore {
    RateStore(path: "\(folder)\(name)/catalog/fx.csv", lock: "\(folder)\(name)/local/fx.lock")
  }

  private func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func noSingleBitCanChangeARate() throws {
    _ = try store().merge(
      try rates("Date,USD,JPY", "2026-11-20,1.25,160", "2026-11-19,1.1,"), isReplacing: false)
    let known = try store().read()
    let bytes = Array(try contents(path).utf8)
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        try Data(changed).write(to: URL(filePath: path))
        let error = #expect(throws: RateStoreError.self) { try self.store().read() }
        #expect("\(try #require(error))".contains(": it does not match its checksum in fx.csv.xxh64: "))
      }
    }
    try Data(bytes).write(to: URL(filePath: path))
    #expect(try store().read() == known)
  }

  @Test func aFileWithoutChecksumIsTakenAndGetsOne() throws {
    try Folders.create(Folders.parent(of: path))
    try Data("Date,USD\n2026-11-20,1.25\n".utf8).write(to: URL(filePath: path))
    let old = try store().read()
    #expect(old.currencies == [try currency("USD")])
    #expect(try store().merge(try rates("Date,USD", "2026-11-19,1.1"), isReplacing: false).added == 1)
    let digest = Hexadecimal.text(XXH64.hash(Array(try contents(path).utf8)))
    #expect(try contents(path + ".xxh64") == "\(digest)  fx.csv\n")
  }

  @Test func mergedStoresHaveChecksumsOfTheirOwn() throws {
    let ours = try rates("Date,USD", "2026-11-20,1.25")
    let theirs = try rates("Date,JPY", "2026-11-19,160")
    _ = try store().merge(ours, isReplacing: false)
    _ = try store("-other").merge(theirs, isReplacing: false)
    defer { try? FileManager.default.removeItem(atPath: "\(folder)-other") }
    _ = try store().merge(try store("-other").read(), isReplacing: false)
    var both = ours
    _ = both.merge(theirs, isReplacing: false)
    #expect(try store().read() == both)
    #expect(try store("-other").read() == theirs)
    #expect(try contents(path + ".xxh64") != contents("\(folder)-other/catalog/fx.csv.xxh64"))
  }

  /// Both files are replaced, one after the other, while they are read.
  @Test func readersSeeTheOldRatesOrTheNew() throws {
    let states = try ["1.1", "1.2"].map { try rates("Date,USD", "2026-11-20,\($0)") }
    _ = try store().merge(states[0], isReplacing: true)
    let isDone = Atomic<Bool>(false)
    let writer = Thread { [store = store()] in
      for round in 0..<300 { _ = try? store.merge(states[round % 2], isReplacing: true) }
      isDone.store(true, ordering: .releasing)
    }
    writer.start()
    while !isDone.load(ordering: .acquiring) { #expect(states.contains(try store().read())) }
  }

  @Test(arguments: [
    "write:1:killhalf", "rename:1:kill", "rename:2:kill", "rename:3:kill", "syncFolder:2:kill",
  ])
  func whoeverIsCutOffLeavesBothFilesRight(_ fault: String) async throws {
    let states = try ["1.1", "1.2"].map { try rates("Date,USD", "2026-11-20,\($0)") }
    _ = try store().merge(states[0], isReplacing: true)
    await #expect(processExitsWith: .exitCode(137)) { [folder = folder as String, fault = fault as String] in
      let store = RateStore(path: "\(folder)/catalog/fx.csv", lock: "\(folder)/local/fx.lock")
      Faults.arm([try #require(Fault(parsing: fault))])
      _ = try store.merge(try rates("Date,USD", "2026-11-20,1.2"), isReplacing: true)
    }
    #expect(states.contains(try store().read()))
    #expect(try store().merge(states[1], isReplacing: true).added == 0)
    #expect(try store().read() == states[1])
  }
}
