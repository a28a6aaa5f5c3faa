import Dispatch
import Pricing
import Synchronization
import Testing

/// The catalogs of a store are read once, and only for somebody who needs them.
@Suite struct PricerTests {
  private final class Reading: Sendable {
    let count = Mutex(0)
    let done = DispatchSemaphore(value: 0)
  }

  private func pricer(_ reading: Reading) -> Pricer {
    Pricer(fingerprint: "f") { () throws(PricingError) in
      reading.count.withLock { $0 += 1 }
      reading.done.signal()
      throw .request("it is broken")
    }
  }

  @Test func whatIsReadAheadIsNoFailureUntilItIsNeeded() {
    let reading = Reading()
    let pricer = pricer(reading)
    for _ in 0..<3 { pricer.prepare() }
    reading.done.wait()
    #expect(pricer.failure == nil && pricer.knownVersion == nil)
    #expect(throws: PricingError.self) { try pricer.book() }
    #expect(pricer.failure != nil)
    #expect(reading.count.withLock { $0 } == 1)
  }

  @Test func withoutThatItIsReadWhenItIsNeeded() {
    let reading = Reading()
    let pricer = pricer(reading)
    #expect(pricer.failure == nil && reading.count.withLock { $0 } == 0)
    for _ in 0..<3 { #expect(throws: PricingError.self) { try pricer.book() } }
    #expect(reading.count.withLock { $0 } == 1)
  }
}
