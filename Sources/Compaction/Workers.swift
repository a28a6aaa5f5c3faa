import Dispatch
import Synchronization

/// Work on days side by side: whoever is free takes the next one, so that a large day holds up nobody.
package enum Workers {
  /// Calls `body` with each index below `count`, in order of taking, on up to `jobs` threads.
  ///
  /// - Parameter memory: called once a thread; what it returns is given to all calls of that thread.
  package static func forEach<Memory>(
    _ count: Int, jobs: Int, memory: @Sendable () -> Memory, _ body: @Sendable (Int, Memory) -> Void
  ) {
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, count))) { _ in
      let memory = memory()
      while let index = next.withLock({ next -> Int? in
        defer { next += 1 }
        return next < count ? next : nil
      }) {
        body(index, memory)
      }
    }
  }

  /// The same for work that needs no memory of its own.
  package static func forEach(_ count: Int, jobs: Int, _ body: @Sendable (Int) -> Void) {
    forEach(count, jobs: jobs, memory: {}) { index, _ in body(index) }
  }
}
