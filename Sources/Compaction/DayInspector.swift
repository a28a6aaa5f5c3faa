//! Finds out how each day of the store is: from outside when the manifest vouches for it, else by opening its
//! segments and the footers of its rollups. What is found whole and current goes into the next manifest.

import Dispatch
import Files
import Pricing
import Rollup
import SegmentLog
import Synchronization

/// Looks at the days of a store.
struct DayInspector: ~Copyable {
  /// Fewer are not worth a thread.
  private static let daysPerPart = 128

  private let layout: StoreLayout
  private let options: RollupOptions
  private let places: StorePlaces?
  /// What this machine's segments are called, when they may be sealed.
  private let ownName: String?
  private var manifest: RollupManifest
  private var isManifestChanged = false
  /// What the file system's clock said before the first file was looked at that the manifest does not vouch for.
  private var startNanoseconds: Int64?
  private let evidence: DayEvidence
  /// What is wrong with days, one message each.
  private(set) var problems: [String] = []
  private(set) var daysSeen = 0
  /// Days whose loss was accepted.
  private(set) var acceptedDays: [Int] = []

  init(_ layout: StoreLayout, _ options: RollupOptions, _ evidence: DayEvidence) {
    self.layout = layout
    self.options = options
    self.evidence = evidence
    places = StorePlaces(layout)
    ownName = options.writer.map(StoreLayout.segmentName)
    let inputs = RollupStamp.inputs(tags: options.tags, prices: options.prices)
    manifest =
      options.isForced ? RollupManifest(inputs: inputs) : .read(layout.rollupManifest, inputs: inputs)
  }

  /// The status of every day that can be read.
  ///
  /// - Parameter clock: a file of the store's file system, to ask what time it is there.
  mutating func statuses(clock: borrowing File) throws(RollupRunError) -> [DayStatus] {
    let days = try RollupRunError.wrap { [layout] () throws(FileError) in try StoreDays.list(layout) }
    let wanted = options.days
    let folders = days.filter { wanted?.contains($0) ?? true }.map { DayFolder(day: $0) }
    var statuses: [DayStatus] = []
    for (folder, known) in zip(folders, unchanged(folders)) {
      if let known {
        daysSeen += 1
        statuses.append(status(known.day, known.events, known.segments, isCurrent: true))
      } else if let status = try inspect(folder, clock) {
        statuses.append(status)
      }
    }
    for day in evidence.lostDays(besides: days) where wanted?.contains(day) ?? true { try noteGone(day) }
    return statuses
  }

  /// A day of which nothing is left but the manifest's word.
  private mutating func noteGone(_ day: Int) throws(RollupRunError) {
    let snapshot: DaySnapshot
    do throws(SegmentError) {
      snapshot = try DaySnapshot(layout, day: day)
    } catch {
      return problems.append(error.description)
    }
    if let loss = evidence.loss(of: snapshot) { _ = try isAccepted(loss, day) }
  }

  /// Whether the run may go on without what a day lost; if not, it is a problem.
  private mutating func isAccepted(_ loss: DayLoss, _ day: Int) throws(RollupRunError) -> Bool {
    guard options.acceptedDays.contains(day) else {
      problems += loss.errors.map(\.description)
      return false
    }
    try RollupRunError.wrap { [layout] () throws(FileError) in try DurableNotes.forget(layout, day: day) }
    manifest.remove(day)
    isManifestChanged = true
    acceptedDays.append(day)
    return true
  }

  /// What the manifest vouches for, in the order of `folders`: to ask for thousands of marks is worth all cores.
  private func unchanged(_ folders: [DayFolder]) -> [RollupManifest.Day?] {
    guard let places else { return folders.map { _ in nil } }
    let parts = Mutex<[Int: [RollupManifest.Day?]]>([:])
    let count = max(1, min(options.jobs, folders.count / Self.daysPerPart))
    DispatchQueue.concurrentPerform(iterations: count) { [manifest] part in
      let range = (folders.count * part / count)..<(folders.count * (part + 1) / count)
      let found = folders[range].map { folder in
        manifest.unchanged(folder.day) { places.marks(folder.name, $0) }
      }
      parts.withLock { $0[part] = found }
    }
    return parts.withLock { parts in (0..<count).flatMap { parts[$0] ?? [] } }
  }

  /// Keeps what was found for the next run, which is right without it too.
  func save() {
    if isManifestChanged { try? manifest.write(layout.rollupManifest) }
  }

  private mutating func inspect(
    _ folder: DayFolder, _ clock: borrowing File
  ) throws(RollupRunError) -> DayStatus? {
    let day = folder.day
    if startNanoseconds == nil { startNanoseconds = try? clock.touch() }
    let snapshot: DaySnapshot
    do throws(SegmentError) {
      snapshot = try DaySnapshot(layout, day: day)
    } catch {
      daysSeen += 1
      problems.append(error.description)
      return nil
    }
    let loss = evidence.loss(of: snapshot, asksNotes: true)
    if snapshot.isEmpty, loss == nil { return nil }
    daysSeen += 1
    // Said even when the rollup matches what stands before the damage: the day is not whole.
    if !snapshot.damages.isEmpty {
      problems += snapshot.damages.map(\.description)
      return nil
    }
    if let loss, try !isAccepted(loss, day) { return nil }
    return try status(snapshot, folder)
  }

  private mutating func status(_ snapshot: DaySnapshot, _ folder: DayFolder) throws(RollupRunError)
    -> DayStatus
  {
    let isCurrent: Bool
    do throws(PricingError) {
      isCurrent = try RollupRun.isCurrent(layout, snapshot, tags: options.tags, prices: options.prices)
    } catch {
      throw .prices(error)
    }
    let segments = snapshot.manifestSegments
    if isCurrent, let now = startNanoseconds, let marks = places?.marks(folder.name, segments) {
      let found = RollupManifest.Day(
        day: snapshot.day, events: snapshot.events, segments: segments, marks: marks)
      if manifest.add(found, at: now) { isManifestChanged = true }
    }
    return status(snapshot.day, snapshot.events, segments, isCurrent: isCurrent)
  }

  private func status(
    _ day: Int, _ events: UInt64, _ segments: [RollupManifest.Segment], isCurrent: Bool
  ) -> DayStatus {
    DayStatus(
      day: day, events: events, isCurrent: isCurrent,
      canBeSealed: segments.contains { $0.name == ownName && !$0.isSealed })
  }
}

/// A day's folder among the segments.
private struct DayFolder: Sendable {
  let day: Int
  let name: String

  init(day: Int) {
    self.day = day
    name = StoreLayout.folder(ofDay: day)
  }
}

/// The folders that hold the days' folders, kept open.
private struct StorePlaces: Sendable {
  private let segments: Folder
  /// By `RollupKind`.
  private let rollups: [Folder]

  /// Nil when one is missing: then no day can be current.
  init?(_ layout: StoreLayout) {
    do throws(FileError) {
      segments = try Folder(layout.segments)
      rollups = try RollupKind.allCases.map { (kind) throws(FileError) in
        try Folder(layout.rollups(kind.rawValue))
      }
    } catch {
      return nil
    }
  }

  /// The marks of a day's files; nil when one is missing.
  func marks(_ folder: String, _ names: [RollupManifest.Segment]) -> DayMarks? {
    var files: [FileMark] = []
    files.reserveCapacity(1 + rollups.count + names.count)
    guard let mark = segments.mark(folder) else { return nil }
    files.append(mark)
    let rollup = "\(folder)/\(StoreLayout.rollupName)"
    for kind in rollups {
      guard let mark = kind.mark(rollup) else { return nil }
      files.append(mark)
    }
    for segment in names {
      guard let mark = segments.mark("\(folder)/\(segment.name)") else { return nil }
      files.append(mark)
    }
    return DayMarks(files)
  }
}
