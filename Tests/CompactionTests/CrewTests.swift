import Compaction
import Synchronization
import Testing

/// Threads that help each other do everything once, and nobody waits for nothing.
@Suite struct CrewTests {
  @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 5, 40])
  func everyPartOfEverythingIsDoneOnce(size: Int, count: Int) {
    let crew = Crew(size: size)
    for _ in 0..<50 {
      let done = Mutex<[[Int]]>([])
      crew.forEach(count) { item in
        crew.split(item % 4) { part in done.withLock { $0.append([item, part]) } }
      }
      let expected = (0..<count).flatMap { item in (0..<(item % 4)).map { [item, $0] } }
      #expect(done.withLock { $0.sorted { $0.lexicographicallyPrecedes($1) } } == expected)
    }
  }

  @Test func partsMayHaveParts() {
    let crew = Crew(size: 3)
    let sum = Mutex(0)
    crew.forEach(2) { _ in
      crew.split(3) { _ in crew.split(4) { part in sum.withLock { $0 += part } } }
    }
    #expect(sum.withLock { $0 } == 2 * 3 * 6)
  }

  /// Only somebody else can do the second part while the first waits for it.
  @Test(.timeLimit(.minutes(1)))
  func whoIsIdleHelps() {
    let crew = Crew(size: 2)
    let helped = Mutex(false)
    crew.forEach(1) { _ in
      crew.split(2) { part in
        if part == 1 { helped.withLock { $0 = true } }
        while !helped.withLock({ $0 }) {}
      }
    }
    #expect(helped.withLock { $0 })
  }

  @Test func splitAloneIsALoop() {
    let order = Mutex<[Int]>([])
    Crew(size: 4).split(5) { part in order.withLock { $0.append(part) } }
    #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
  }
}
