import Files
import Synchronization

/// A bar on stderr for work of more than half a second, when stderr is a terminal.
final class ProgressBar: Sendable {
  private static let showAfterMilliseconds: Int64 = 500
  private static let width = 30

  private let isVisible: Bool
  private let start = System.monotonicMilliseconds()
  private let state = Mutex((done: 0, isDrawn: false))

  init(isQuiet: Bool) {
    isVisible = !isQuiet && System.isTerminal(Stream.standardError)
  }

  /// Shows that `done` of `total` steps are done; may be called from any thread.
  func update(_ done: Int, of total: Int) {
    guard isVisible, total > 0, System.monotonicMilliseconds() - start > Self.showAfterMilliseconds else {
      return
    }
    state.withLock { state in
      guard done > state.done else { return }
      state = (done, true)
      let filled = done * Self.width / total
      let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: Self.width - filled)
      try? Stream.write("\r[\(bar)] \(done)/\(total)", to: Stream.standardError)
    }
  }

  /// Clears the line.
  func end() {
    state.withLock { state in
      if state.isDrawn { try? Stream.write("\r\u{1B}[K", to: Stream.standardError) }
    }
  }
}
