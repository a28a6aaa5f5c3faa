import Bytes
import Foundation
import Testing

@testable import Files

/// Serialized, because faults are armed for the whole process.
@Suite(.serialized) final class FilesTests {
  let folder = "\(fastFolder)/tally-files-\(UUID().uuidString)"

  init() throws { try Folders.create(folder) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func withFaults<R>(_ faults: [Fault], _ body: () throws -> R) throws -> R {
    // Other test targets arm faults too.
    let lock = try File("\(fastFolder)/tally-faults-\(getuid()).lock", .update)
    try lock.lock()
    Faults.arm(faults)
    let result = Result { try body() }
    Faults.arm([])
    // Only now, or who waits for it would be disarmed.
    _ = consume lock
    return try result.get()
  }

  private func replace(_ path: String, _ text: String) throws(FileError) {
    try Publish.replace(path, with: Array(text.utf8).span.bytes)
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try Publish.contents(path), as: UTF8.self)
  }

  @Test func replacingMakesAPrivateFile() throws {
    let path = "\(folder)/a"
    try replace(path, "one")
    try replace(path, "twoo")
    #expect(try text(path) == "twoo")
    #expect(try Folders.list(folder) == ["a"])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  /// Files that belong together are all of before or all of after, but for a rename that fails between two others.
  @Test(arguments: FileOperation.allCases)
  func replacingTogetherLeavesAllOrNone(operation: FileOperation) throws {
    let names = ["a", "b", "c", "d"]
    for call in 0..<8 {
      for effect: Fault.Effect in [.fail(EIO), .half(ENOSPC)] {
        for name in names { try replace("\(folder)/\(name)", "old") }
        var hasFailed = false
        try withFaults([Fault(operation, after: call, effect, pathPart: folder)]) {
          do throws(FileError) {
            try Publish.replace(names.map { ("\(folder)/\($0)", Array("new content".utf8)) })
          } catch {
            hasFailed = true
            #expect(!error.path.contains(".tmp"))
          }
        }
        let texts = try names.map { try text("\(folder)/\($0)") }
        let newCount = texts.prefix { $0 == "new content" }.count
        #expect(texts.dropFirst(newCount).allSatisfy { $0 == "old" })
        switch operation {
        case .rename: #expect(newCount == min(call, 4))
        // A folder that was not synced has its names.
        case .syncFolder: #expect(newCount == 4)
        default: #expect(newCount == (hasFailed ? 0 : 4))
        }
        let others = try Folders.list(folder).filter { !names.contains($0) }
        #expect(others.isEmpty || operation == .remove)
      }
    }
  }

  @Test(arguments: FileOperation.allCases)
  func replacingLeavesTheOldContentOrTheNew(operation: FileOperation) throws {
    for call in 0..<6 {
      for effect: Fault.Effect in [.fail(EIO), .half(ENOSPC)] {
        let path = "\(folder)/a"
        try replace(path, "old")
        try withFaults([Fault(operation, after: call, effect, pathPart: folder)]) {
          // A call that failed may still have published: only its folder was not synced.
          try? replace(path, "new content")
        }
        let now = try text(path)
        #expect(now == "old" || now == "new content")
        let others = try Folders.list(folder).filter { $0 != "a" }
        #expect(others.allSatisfy { $0.hasSuffix(".tmp") })
        #expect(others.isEmpty || operation == .remove)
      }
    }
  }

  @Test(arguments: ["write:1:killhalf", "sync:1:kill", "rename:1:kill", "syncFolder:1:kill", "open:1:kill"])
  func aKilledReplacementLeavesTheOldContentOrTheNew(fault: String) async throws {
    let path = "\(folder)/a"
    try replace(path, "old")
    await #expect(processExitsWith: .exitCode(137)) { [path = path as String, fault = fault as String] in
      Faults.arm([try #require(Fault(parsing: fault))])
      try Publish.replace(path, with: Array("new".utf8).span.bytes)
    }
    #expect(try text(path) == (fault.hasPrefix("syncFolder") ? "new" : "old"))
    #expect(try Folders.list(folder).allSatisfy { $0 == "a" || $0.hasSuffix(".tmp") })
  }

  @Test func filesAreReadWrittenAndCut() throws {
    let file = try File("\(folder)/f", .create)
    try file.write(Array("0123456789".utf8).span.bytes, at: 0)
    try file.write(Array("ab".utf8).span.bytes, at: 12)
    #expect(try file.size() == 14)
    try file.truncate(to: 11)
    var buffer = ByteWriter()
    try file.read(100, at: 8, into: &buffer)
    #expect(buffer.array == [0x38, 0x39, 0])
    #expect(throws: FileError(.open, "\(folder)/f", code: EEXIST)) {
      _ = try File("\(self.folder)/f", .create)
    }
    #expect(throws: FileError(.open, "\(folder)/g", code: ENOENT)) { _ = try File("\(self.folder)/g", .read) }
  }

  @Test func aLockIsHeldOnce() throws {
    let path = "\(folder)/lock"
    do {
      let first = try File(path, .update)
      try first.lock()
      let second = try File(path, .update)
      let error = #expect(throws: FileError.self) { try second.lock(wait: false) }
      #expect(error?.isLocked == true)
      _ = consume first
    }
    try File(path, .update).lock(wait: false)
  }

  @Test func errorsSayWhereAndWhat() throws {
    let texts = FileOperation.allCases.map { FileError($0, "/p", code: EIO).description }
    #expect(
      texts == [
        "/p: cannot open: Input/output error", "/p: cannot read: Input/output error",
        "/p: cannot write: Input/output error", "/p: cannot truncate: Input/output error",
        "/p: cannot sync: Input/output error", "/p: cannot sync the folder of: Input/output error",
        "/p: cannot rename: Input/output error", "/p: cannot remove: Input/output error",
        "/p: cannot lock: Input/output error", "/p: cannot list: Input/output error",
        "/p: cannot create the folder: Input/output error", "/p: cannot inspect: Input/output error",
      ])
    #expect(FileError(.open, "", code: ENOENT).isMissing)
    #expect(FileError(.open, "", code: EROFS).isPermission)
    #expect(FileError(.write, "", code: EPIPE).isBrokenPipe)
    #expect(!FileError(.open, "", code: EIO).isMissing)
  }

  @Test func foldersAreMadeListedAndCompared() throws {
    try Folders.create("\(folder)/x/y/z")
    try Folders.create("\(folder)/x/y/z")
    for name in ["b", "a", ".c", "é"] { try replace("\(folder)/x/\(name)", "") }
    #expect(try Folders.list("\(folder)/x") == [".c", "a", "b", "y", "é"])
    #expect(try Folders.list("\(folder)/none") == [])
    #expect(try Folders.status("\(folder)/x")?.isFolder == true)
    #expect(try Folders.status("\(folder)/x/a")?.isFolder == false)
    #expect(try Folders.status("\(folder)/none") == nil)
    #expect(Folders.isSame(folder, "\(folder)/x/.."))
    #expect(!Folders.isSame(folder, "\(folder)/x"))
    #expect(!Folders.isSame("\(folder)/none", "\(folder)/none"))
    #expect(throws: FileError(.createFolder, "\(folder)/x/a", code: ENOTDIR)) {
      try Folders.create("\(self.folder)/x/a/b")
    }
    try Folders.remove("\(folder)/x/a")
    try Folders.remove("\(folder)/x/a")
    #expect(["/a/b", "/a", "a", "a/b", "/"].map(Folders.parent) == ["/a", "/", "", "a", "/"])
    #expect(["/a/b", "/a", "a"].map(Folders.name) == ["b", "a", "a"])
  }

  @Test func aListThatBreaksOffIsAnErrorAndNoShorterList() throws {
    for name in ["a", "b", "c"] { try replace("\(folder)/\(name)", "") }
    // The folder is opened, and read once for each name, "." and "..", and the end.
    for call in 0..<7 {
      try withFaults([Fault(.list, after: call, .fail(EIO), pathPart: folder)]) {
        _ = #expect(throws: FileError(.list, folder, code: EIO), "call \(call)") {
          try Folders.list(self.folder)
        }
      }
    }
    let whole = try withFaults([Fault(.list, after: 7, .fail(EIO), pathPart: folder)]) {
      try Folders.list(folder)
    }
    #expect(whole == ["a", "b", "c"])
  }

  @Test func whatCannotBeLookedAtIsAnErrorAndNotMissing() throws {
    try replace("\(folder)/a", "")
    try withFaults([
      Fault(.inspect, after: 0, .fail(EIO), pathPart: folder),
      Fault(.inspect, after: 0, .fail(EACCES), pathPart: folder),
    ]) {
      #expect(throws: FileError(.inspect, "\(folder)/a", code: EIO)) {
        try Folders.status("\(self.folder)/a")
      }
      #expect(throws: FileError(.inspect, "\(folder)/a", code: EACCES)) {
        try Folder(self.folder).entry("a")
      }
    }
    // A link in a circle leads nowhere; to ask what a path through it holds is an error.
    symlink("\(folder)/loop", "\(folder)/loop")
    #expect(try Folder(folder).entry("loop") == nil)
    #expect(throws: FileError(.inspect, "\(folder)/loop/x", code: ELOOP)) {
      try Folders.status("\(self.folder)/loop/x")
    }
  }

  @Test(arguments: [File.Mode.read, .update, .create, .existing, .append])
  func whatIsNoFileIsRefusedByNameAtOnce(_ mode: File.Mode) throws {
    mkfifo("\(folder)/pipe", 0o600)
    try Folders.create("\(folder)/folder")
    let socket = try Self.socket("\(folder)/socket")
    defer { close(socket) }
    let obstacles: [(path: String, what: String)] = [
      ("\(folder)/pipe", "a pipe"), ("\(folder)/folder", "a folder"), ("\(folder)/socket", "a socket"),
      ("/dev/null", "a device"),
    ]
    for (path, what) in obstacles {
      let error = #expect(throws: FileError.self, "\(path)") { _ = try File(path, mode) }
      let reason =
        mode == .create
        ? "cannot open: File exists" : "this is \(what), not a file: move it away or name a file"
      #expect(error?.description == "\(path): \(reason)")
    }
    // Where links count they do not help.
    symlink("\(folder)/pipe", "\(folder)/link")
    let error = #expect(throws: FileError.self) { _ = try File("\(self.folder)/link", mode) }
    #expect((error?.obstacle == .pipe) == (mode == .read || mode == .update || mode == .append))
  }

  @Test func aFreshFileTakesThePlaceOfWhateverHadItsName() throws {
    try replace("\(folder)/target", "theirs")
    let path = "\(folder)/fresh"
    symlink("\(folder)/target", path)
    for text in ["first", "second"] {
      try File(path, .fresh).write(Array(text.utf8).span.bytes, at: 0)
      #expect(try self.text(path) == text)
      try File(path, .update).write(Array("longer than before".utf8).span.bytes, at: 0)
    }
    #expect(try text("\(folder)/target") == "theirs")
  }

  /// A bound socket, relative because its name must be short.
  private static func socket(_ path: String) throws -> Int32 {
    #if canImport(Darwin)
      let socket = Darwin.socket(AF_UNIX, SOCK_STREAM, 0)
    #else
      let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    try #require(bytes.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
    }
    try #require(code == 0)
    return socket
  }

  /// Another machine that does not see our lock may take it for a leftover.
  @Test func aTemporaryFileThatIsTakenAwayIsWrittenAgain() throws {
    let path = "\(folder)/a"
    try replace(path, "old")
    let missing = Fault(.rename, after: 0, .fail(ENOENT), pathPart: path)
    try withFaults([missing, missing, missing]) {
      #expect(throws: FileError(.rename, path, code: ENOENT)) { try self.replace(path, "new") }
      #expect(Faults.remainingCount == 0)
    }
    #expect(try text(path) == "old")
    try withFaults([missing, missing]) { try replace(path, "new") }
    #expect(try text(path) == "new")
    #expect(try Folders.list(folder) == ["a"])
  }

  @Test func inputsMayBePipesAndDevices() throws {
    let pipe = "\(folder)/pipe"
    mkfifo(pipe, 0o600)
    // Waits until somebody reads.
    Thread {
      let descriptor = open(pipe, O_WRONLY)
      try? Stream.write("through a pipe", to: descriptor)
      close(descriptor)
    }.start()
    #expect(try Stream.contents(pipe, sizeBytesMax: 14) == Array("through a pipe".utf8))
    #expect(try Stream.contents("/dev/null", sizeBytesMax: 10) == [])
    #expect(throws: FileError(.read, "/dev/zero", code: EFBIG)) {
      try Stream.contents("/dev/zero", sizeBytesMax: 1 << 20)
    }
  }

  @Test func aFileThatIsTooLargeIsNotRead() throws {
    let path = "\(folder)/large"
    try File(path, .create).truncate(to: 1 << 40)
    // Reading so much would take the memory of the machine.
    try withFaults([Fault(.read, after: 0, .fail(EIO), pathPart: path)]) {
      #expect(throws: FileError(.read, path, code: EFBIG)) {
        try Publish.contents(path, sizeBytesMax: 1 << 30)
      }
      #expect(throws: FileError(.read, path, code: EFBIG)) {
        try Stream.contents(path, sizeBytesMax: 1 << 30)
      }
      #expect(Faults.remainingCount == 1)
    }
    #expect(FileError(.read, path, code: EFBIG).description == "\(path): cannot read: File too large")
  }

  @Test(
    arguments: [
      ("write:3:ENOSPC", Fault(.write, after: 2, .fail(ENOSPC))),
      ("sync:1:kill", Fault(.sync, after: 0, .kill)),
      ("write:2:half:a:b", Fault(.write, after: 1, .half(ENOSPC), pathPart: "a:b")), ("write:0:EIO", nil),
      ("write:x:EIO", nil), ("write:1:no", nil), ("no:1:EIO", nil), ("write:1", nil),
      ("createFolder:1:EACCES", Fault(.createFolder, after: 0, .fail(EACCES))),
    ] as [(String, Fault?)])
  func faultsAreReadFromText(text: String, expected: Fault?) {
    #expect(Fault(parsing: text) == expected)
  }
}

/// Where a sync costs nothing, if there is such a place: these tests sync thousands of times.
let fastFolder = (try? Folders.status("/dev/shm"))?.isFolder == true ? "/dev/shm" : NSTemporaryDirectory()
