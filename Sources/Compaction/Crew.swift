//! Threads that take one day after the other, and help each other when there are no more to take: who does a large piece
//! of work offers it in parts and does one after the other, and those that somebody idle takes meanwhile he need not do.
//! So the last day keeps all cores busy, and nobody waits for help that does not come. The days are an offer too, the
//! first of all.

import Dispatch
import Synchronization

/// Threads that work together.
package final class Crew: Sendable {
  private struct Board {
    var offers: [Offer] = []
    /// Threads that do a part; they may offer more.
    var busyCount = 0
    /// Threads that wait for news.
    var idleCount = 0
  }

  /// What a thread without work does next.
  private enum Step {
    case part(Offer, Int)
    case wait, leave
  }

  /// How many threads there are at most.
  package let size: Int
  private let board = Mutex(Board())
  private let news = DispatchSemaphore(value: 0)

  package init(size: Int) { self.size = max(1, size) }

  /// Calls `body` with each index below `count`, in order of taking.
  package func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    offering(count, body) { _ in
      // Nobody promises that all of them run at once: who comes late finds nothing to do and leaves.
      DispatchQueue.concurrentPerform(iterations: size) { _ in work() }
    }
  }

  /// Calls `body` with each index below `count`, here and on threads that have nothing to do; returns when all is done.
  package func split(_ count: Int, _ body: @Sendable (Int) -> Void) {
    offering(count, body) { offer in
      while let part = offer.take() { offer.perform(part) }
    }
  }

  /// Has an offer on the board while `perform` does of it what it can; returns when all is done.
  private func offering(
    _ count: Int, _ body: @Sendable (Int) -> Void, while perform: (Offer) -> Void
  ) {
    withoutActuallyEscaping(body) { body in
      let offer = Offer(count, body)
      tellIdle { $0.offers.append(offer) }
      perform(offer)
      board.withLock { $0.offers.removeAll { $0 === offer } }
      offer.wait()
    }
  }

  private func tellIdle(_ change: (inout Board) -> Void) {
    let idleCount = board.withLock { board in
      change(&board)
      return board.idleCount
    }
    for _ in 0..<idleCount { news.signal() }
  }

  /// Does parts of what is offered until there is nothing left and nobody who could offer more.
  private func work() {
    while true {
      switch nextStep() {
      case .part(let offer, let part):
        offer.perform(part)
        tellIdle { $0.busyCount -= 1 }
      case .leave: return
      case .wait:
        news.wait()
        board.withLock { $0.idleCount -= 1 }
      }
    }
  }

  private func nextStep() -> Step {
    board.withLock { board in
      for offer in board.offers {
        guard let part = offer.take() else { continue }
        board.busyCount += 1
        return .part(offer, part)
      }
      if board.busyCount == 0 { return .leave }
      board.idleCount += 1
      return .wait
    }
  }
}

/// Work that is offered in parts.
private final class Offer: Sendable {
  private struct State {
    var left: Range<Int>
    var doneCount = 0
    /// Until all is done: who has helped may hold the offer for a moment longer, and the work must not outlive the call
    /// that offers it.
    var body: (@Sendable (Int) -> Void)?
  }

  private let count: Int
  private let state: Mutex<State>
  private let isDone = DispatchSemaphore(value: 0)

  init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    state = Mutex(State(left: 0..<count, body: count == 0 ? nil : body))
  }

  /// A part that nobody has taken.
  func take() -> Int? { state.withLock { $0.left.popFirst() } }

  func perform(_ part: Int) {
    call(part)
    let isLast = state.withLock { state in
      state.doneCount += 1
      if state.doneCount == count { state.body = nil }
      return state.doneCount == count
    }
    if isLast { isDone.signal() }
  }

  /// Apart, so that nothing of the work is held when it is counted as done.
  @inline(never)
  private func call(_ part: Int) {
    let body = state.withLock { $0.body }
    body?(part)
  }

  /// Waits until all parts are done.
  func wait() { if count > 0 { isDone.wait() } }
}
