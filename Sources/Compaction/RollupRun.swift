//! Carries out a plan: days in parallel, each published by renames. A day that fails is reported and the others go
//! on. Two runs at once take turns, and the second finds nothing to do.

package import Files
package import Pricing
import Rollup
package import SegmentLog
import Synchronization

/// What a run did.
package struct RollupOutcome: Equatable, Sendable {
  package var daysSeen = 0
  package var daysRolled = 0
  package var events: UInt64 = 0
  package var statistics = DayTotals()
  package var daysSealed = 0
  package var sealedSizeBytesBefore = 0
  package var sealedSizeBytesAfter = 0
  /// Days that lost stored events, which was accepted.
  package var acceptedDays: [Int] = []
  /// What went wrong, one message each.
  package var problems: [String] = []

  package init() {}

  /// Sums of what folding found.
  package struct DayTotals: Equatable, Sendable {
    package var repeats: UInt64 = 0
    package var voids: UInt64 = 0
    package var conflicts: UInt64 = 0
  }
}

/// What a run did so far, told by several threads.
private final class Outcome: Sendable {
  private let outcome = Mutex(RollupOutcome())

  func change(_ body: (inout RollupOutcome) -> Void) { outcome.withLock { body(&$0) } }

  func note(_ problem: String) {
    // Rolling up and sealing a damaged segment fail alike.
    change { if !$0.problems.contains(problem) { $0.problems.append(problem) } }
  }

  var value: RollupOutcome {
    outcome.withLock { outcome in
      outcome.problems.sort()
      return outcome
    }
  }
}

/// How a run behaves.
package struct RollupOptions: Sendable {
  package var tags: [String] = []
  /// What prices events; nil: nothing does.
  package var prices: Pricer?
  /// Seal closed days at this zstd level; nil not to.
  package var sealLevel: Int32?
  package var writer: String?
  package var isForced = false
  package var jobs = System.coreCount
  /// Only these days; nil for all.
  package var days: ClosedRange<Int>?
  /// Days that may have lost stored events: what is left of them counts from now on.
  package var acceptedDays: Set<Int> = []

  package init() {}
}

/// Why a run could not begin.
package enum RollupRunError: Error, Equatable {
  case file(FileError)
  /// The catalogs cannot be read: what they price would look unpriced.
  case prices(PricingError)

  static func wrap<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(RollupRunError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}

/// Rolls up what changed.
package struct RollupRun: Sendable {
  private let layout: StoreLayout
  private let options: RollupOptions
  private let now: Int64

  package init(_ layout: StoreLayout, options: RollupOptions, now: Int64) {
    self.layout = layout
    self.options = options
    self.now = now
  }

  /// Brings the rollups up to date.
  ///
  /// - Parameter progress: called with how many of how many actions are done, from any thread.
  package func run(progress: @Sendable (Int, Int) -> Void) throws(RollupRunError) -> RollupOutcome {
    let lock = try RollupRunError.wrap(lock)
    let evidence = DayEvidence(layout)
    var inspector = DayInspector(layout, options, evidence)
    let statuses = try inspector.statuses(clock: lock)
    inspector.save()
    let outcome = Outcome()
    let publisher = BackgroundPublisher()
    outcome.change {
      $0.daysSeen = inspector.daysSeen
      $0.problems = inspector.problems
      $0.acceptedDays = inspector.acceptedDays
    }
    let today = Int(now / 86_400_000)
    let actions = RollupPlan.actions(
      statuses, today: today, seals: options.sealLevel != nil, isForced: options.isForced, jobs: options.jobs)
    // Catalogs are read beside the first lines; no day gets as far as being published without them.
    let needsPrices = actions.contains { $0.isRollUp }
    if needsPrices { options.prices?.prepare() }
    let done = Mutex(0)
    let crew = Crew(size: options.jobs)
    @Sendable func carryOut(_ action: RollupAction) {
      perform(action, crew, publisher, evidence, outcome)
      progress(
        done.withLock {
          $0 += 1
          return $0
        }, actions.count)
    }
    for action in actions where action.isAlone { crew.forEach(1) { _ in carryOut(action) } }
    let others = actions.filter { !$0.isAlone }
    crew.forEach(others.count) { carryOut(others[$0]) }
    publisher.wait()
    if needsPrices { try checkPrices() }
    _ = consume lock
    return outcome.value
  }

  /// Two runs at once take turns.
  private func lock() throws(FileError) -> File {
    try Folders.create(layout.local)
    let lock = try File("\(layout.local)/rollup.lock", .update)
    try lock.lock()
    return lock
  }

  private func checkPrices() throws(RollupRunError) {
    do throws(PricingError) {
      _ = try options.prices?.book()
    } catch {
      throw .prices(error)
    }
  }

  /// Whether all rollups of the day are what would be made of its segments now.
  package static func isCurrent(
    _ layout: StoreLayout, _ snapshot: DaySnapshot, tags: [String], prices: Pricer? = nil
  ) throws(PricingError) -> Bool {
    let stamp = RollupStamp(segments: snapshot.digest, tags: tags)
    for kind in RollupKind.allCases {
      let file = try RollupFile.open(layout, kind, day: snapshot.day, stamp: stamp, prices: prices)
      // One that does not list its lines is right, but could not tell that they are gone.
      guard let file, kind != .day || file.lines != nil else { return false }
    }
    return true
  }

  private func perform(
    _ action: RollupAction, _ crew: Crew, _ publisher: BackgroundPublisher, _ evidence: DayEvidence,
    _ outcome: Outcome
  ) {
    do {
      switch action {
      case .rollUp(let day, let sharing):
        try rollUp(day, sharing, crew, publisher, evidence, outcome)
      case .seal(let day): try seal(day, outcome)
      }
    } catch {
      outcome.note("\(error)")
    }
  }

  private func rollUp(
    _ day: Int, _ sharing: Sharing, _ crew: Crew, _ publisher: BackgroundPublisher, _ evidence: DayEvidence,
    _ outcome: Outcome
  ) throws {
    let snapshot = try DaySnapshot(layout, day: day)
    if !options.acceptedDays.contains(day), let loss = evidence.loss(of: snapshot) { snapshot.note(loss) }
    // A rollup of a damaged day would look complete; the old one, if any, stays.
    if let damage = snapshot.damages.first { throw damage }
    // There is a rollup of nothing left, and that was accepted.
    if snapshot.isEmpty { return try DayEvidence.forget(layout, day: day) }
    let crew = sharing == .none ? nil : crew
    let settled = try snapshot.settled(
      tags: options.tags, prices: options.prices, crew: crew, partCount: sharing.partCount(options.jobs))
    var stamp = RollupStamp(segments: snapshot.digest, tags: options.tags)
    stamp.prices = try options.prices.map { try .init($0, settled.priceQueries, day: day) }
    let files = try encode(settled, snapshot.lines, stamp, crew)
    let (events, statistics) = (snapshot.events, settled.statistics)
    publisher.publish(files) { error in
      if let error { return outcome.note("\(error)") }
      outcome.change {
        $0.daysRolled += 1
        $0.events += events
        $0.statistics.repeats += statistics.repeats
        $0.statistics.voids += statistics.voids
        $0.statistics.conflicts += statistics.conflicts
      }
    }
  }

  /// The three rollups of a day; alone one after the other, so that one at a time is in memory as a table.
  private func encode(
    _ settled: borrowing SettledDay, _ lines: StoredLines, _ stamp: RollupStamp, _ crew: Crew?
  ) throws -> [FinishedFile] {
    let accounts = settled.accounts()
    @Sendable func encode(_ kind: RollupKind) throws -> FinishedFile {
      try RollupFile.encode(
        try settled.table(kind), layout, kind, day: settled.day, stamp: stamp, accounts: accounts,
        lines: lines)
    }
    guard let crew else { return try RollupKind.allCases.map(encode) }
    let results = Mutex<[Int: Result<FinishedFile, any Error>]>([:])
    crew.split(RollupKind.allCases.count) { index in
      let result = Result { try encode(RollupKind.allCases[index]) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { results in
      try RollupKind.allCases.indices.compactMap { try results[$0]?.get() }
    }
  }

  private func seal(_ day: Int, _ outcome: Outcome) throws {
    guard let level = options.sealLevel, let writer = options.writer else { return }
    let sealer = SegmentSealer(layout: layout, writer: writer, level: level)
    guard let sealed = try sealer.seal(day: day) else { return }
    outcome.change {
      $0.daysSealed += 1
      $0.sealedSizeBytesBefore += sealed.sizeBytesBefore
      $0.sealedSizeBytesAfter += sealed.sizeBytesAfter
    }
  }
}
