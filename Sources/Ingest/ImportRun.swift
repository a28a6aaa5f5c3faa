//! One run of import: the files given or found, what is new in each, into one session. A file that cannot be read
//! stops only itself. The cursor moves on only over what is durable.

package import Adapters
import Bytes
package import Files
package import SegmentLog

/// A file to import.
package struct ImportFile: Sendable {
  package let path: String
  package let format: LogFormat

  package init(path: String, format: LogFormat) {
    self.path = path
    self.format = format
  }
}

/// How a run of import behaves.
package struct ImportOptions: Sendable {
  /// Whether files are read whole, whatever the cursor says.
  package var isAgain = false
  /// Who bills, for records that do not say.
  package var provider: String?
  /// When it was, for records that do not say.
  package var time: Int64?

  package init() {}
}

/// What a run did with the files of one format.
package struct ImportCount: Equatable, Sendable {
  package var files: UInt64 = 0
  /// With something new in them.
  package var changedFiles: UInt64 = 0
  package var sizeBytes: Int = 0
  package var tally = ForeignTally()
  /// Files that end inside a record.
  package var unfinishedFiles: UInt64 = 0

  package init() {}
}

/// A database that sqlite3 could not read.
package struct UnansweredDatabase: Equatable, Sendable {
  package let path: String
  /// Whether another program held its lock all the time.
  package let isLocked: Bool
}

/// How a database looks from outside: what was written last is in a file beside it.
enum DatabaseMark {
  static func mark(_ mark: FileMark, _ path: String, _ format: LogFormat) throws(FileError) -> FileMark {
    guard format.query != nil else { return mark }
    let log: FileMark
    do throws(FileError) {
      log = try File("\(path)-wal", .read).mark()
    } catch {
      if error.isMissing { return mark }
      throw error
    }
    // An empty one says nothing: to read a database may make it.
    guard log.sizeBytes > 0 else { return mark }
    return FileMark(
      inode: mark.inode, sizeBytes: mark.sizeBytes + log.sizeBytes,
      changedNanoseconds: max(mark.changedNanoseconds, log.changedNanoseconds))
  }
}

/// Imports files.
package final class ImportRun {
  private static let chunkSizeBytes = 1 << 20
  /// After so many bytes what was read becomes durable, and the cursor with it.
  private static let saveSizeBytes = 256 << 20
  /// How long sqlite3 waits for a lock: an agent that writes holds it for a moment.
  private static let lockMilliseconds = 5000
  /// What sqlite3 ends with when it did not get it: SQLITE_BUSY, SQLITE_LOCKED.
  private static let lockedCodes: [Int32] = [5, 6]

  private let session: AppendSession
  private let options: ImportOptions
  private let cursorPath: String
  private let isDryRun: Bool
  private var cursor: ImportCursor
  /// What is read, but not yet durable.
  private var pending: [(path: String, entry: ImportCursor.Entry)] = []
  private var unsavedSize = 0
  private var chunk = ByteWriter(capacity: chunkSizeBytes)

  /// By format's name, in the order in which they came.
  package private(set) var counts: [(format: LogFormat, count: ImportCount)] = []
  /// Files that could not be read.
  package private(set) var failures: [FileError] = []
  /// Databases that could not be read; the next run reads them again.
  package private(set) var unanswered: [UnansweredDatabase] = []
  /// Why the cursor could not be kept.
  package private(set) var cursorFailure: FileError?
  /// Told what became of each record.
  package var explain: ((Explanation) -> Void)?
  /// Told of bytes that were read.
  package var progress: ((Int) -> Void)?

  package init(session: AppendSession, layout: StoreLayout, options: ImportOptions, isDryRun: Bool) {
    self.session = session
    self.options = options
    self.isDryRun = isDryRun
    cursorPath = ImportCursor.path(localFolder: layout.local)
    cursor = options.isAgain ? ImportCursor() : ImportCursor(reading: cursorPath)
  }

  /// Whether a file looks as it did when it was imported last.
  package func isUnchanged(_ path: String, _ format: LogFormat, _ mark: FileMark) -> Bool {
    guard let entry = cursor[path] else { return false }
    return entry.mark == mark && entry.format == format.name
  }

  /// Imports what is new in a file, or nothing when its mark is known.
  package func add(_ file: ImportFile, mark: FileMark? = nil) {
    let place = counts.firstIndex { $0.format.name == file.format.name } ?? counts.count
    if place == counts.count { counts.append((file.format, ImportCount())) }
    counts[place].count.files += 1
    let path = Folders.absolute(file.path)
    do throws(FileError) {
      if let mark, isUnchanged(path, file.format, try DatabaseMark.mark(mark, path, file.format)) { return }
      try read(file, path, &counts[place].count)
    } catch {
      failures.append(error)
    }
    if unsavedSize >= Self.saveSizeBytes { save() }
  }

  private func read(_ file: ImportFile, _ path: String, _ count: inout ImportCount) throws(FileError) {
    let source = try File(path, .read)
    let mark = try DatabaseMark.mark(source.mark(), path, file.format)
    if isUnchanged(path, file.format, mark) { return }
    let position = try start(source, path, file.format, mark)
    let context = LogContext(path: file.path, provider: options.provider, time: options.time)
    let input = ForeignInput(file.format, context, session: session, isStream: false, position: position)
    input.explain = explain
    var isWhole = true
    if let query = file.format.query {
      isWhole = try pass(answersTo: query, path, input, &count)
    } else {
      try pass(source, Int(mark.sizeBytes), input, &count)
    }
    if Signals.ending != nil { return }
    input.finish()
    count.changedFiles += 1
    count.tally += input.tally
    if input.isUnfinished { count.unfinishedFiles += 1 }
    // What was not read whole is not remembered: the next run reads it again.
    guard isWhole else { return }
    let end = input.position
    let digest = try Self.digest(source, end.offset)
    pending.append(
      (path, ImportCursor.Entry(format: file.format.name, mark: mark, position: end, digest: digest)))
  }

  /// Passes on the bytes of a file from where it is to be read; what is written meanwhile is for the next run.
  private func pass(
    _ source: borrowing File, _ size: Int, _ input: ForeignInput, _ count: inout ImportCount
  ) throws(FileError) {
    var offset = input.readOffset
    while Signals.ending == nil {
      chunk.removeAll()
      try source.read(min(Self.chunkSizeBytes, size - offset), at: offset, into: &chunk)
      if chunk.isEmpty { return }
      pass(chunk: input, &count)
      offset += chunk.count
    }
  }

  /// Passes on the rows with which an SQLite database answers; whether these are all.
  ///
  /// Its own command reads it: few have such a database, and a library for it would make the program much larger for all.
  private func pass(
    answersTo query: String, _ path: String, _ input: ForeignInput, _ count: inout ImportCount
  ) throws(FileError) -> Bool {
    let wait = ".timeout \(Self.lockMilliseconds)"
    let answer = try CommandOutput(
      ["sqlite3", "-readonly", "-batch", "-noheader", "-cmd", wait, path, query], path: "sqlite3")
    while Signals.ending == nil {
      chunk.removeAll()
      try answer.read(Self.chunkSizeBytes, into: &chunk)
      if chunk.isEmpty { break }
      pass(chunk: input, &count)
    }
    // Asked to end, we let go of it, and it is stopped.
    if Signals.ending != nil { return false }
    let code = answer.finish()
    if code != 0 {
      unanswered.append(UnansweredDatabase(path: path, isLocked: Self.lockedCodes.contains(code)))
    }
    return code == 0
  }

  private func pass(chunk input: ForeignInput, _ count: inout ImportCount) {
    chunk.withBytes { input.accept($0) }
    unsavedSize += chunk.count
    count.sizeBytes += chunk.count
    progress?(chunk.count)
  }

  /// Where to read on: behind what was read, if that still stands there.
  private func start(
    _ source: borrowing File, _ path: String, _ format: LogFormat, _ mark: FileMark
  ) throws(FileError) -> ForeignPosition {
    guard let known = cursor[path] ?? cursor.renamed(mark), known.format == format.name else {
      return ForeignPosition()
    }
    let offset = known.position.offset
    if Int(mark.sizeBytes) >= offset, try Self.digest(source, offset) == known.digest {
      return known.position
    }
    // Written anew: all of it is read, but what was told stays told.
    var position = ForeignPosition()
    position.toldText = known.position.toldText
    return position
  }

  /// Of the first and the last bytes before a place: a file that was written anew differs in one of them.
  private static func digest(_ source: borrowing File, _ offset: Int) throws(FileError) -> UInt64 {
    let size = min(1024, offset)
    var bytes = ByteWriter(capacity: 2048)
    try source.read(size, at: 0, into: &bytes)
    try source.read(size, at: offset - size, into: &bytes)
    return bytes.withBytes { XXH64.hash($0, seed: UInt64(offset)) }
  }

  /// Makes everything durable, and remembers how far files were read if all of it is.
  package func save() {
    session.flush()
    unsavedSize = 0
    let summary = session.summary
    guard !isDryRun, session.failure == nil, summary.lost == 0, summary.spooled == 0 else { return }
    if pending.isEmpty { return }
    for (path, entry) in pending { cursor[path] = entry }
    pending.removeAll()
    do throws(FileError) {
      try cursor.write(cursorPath)
    } catch {
      cursorFailure = error
    }
  }
}
