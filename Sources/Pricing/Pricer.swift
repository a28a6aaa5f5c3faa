//! The prices of one store, for one run of a command and all its threads. Reading the catalogs takes as long as a report
//! does otherwise, so it is put off until a price is needed: what is read at once is only their bytes, whose hash tells
//! whether anything has changed since a rollup was made.

import Bytes
import Dispatch
import Synchronization

/// Prices events, remembering what it has looked up.
package final class Pricer: PriceSource {
  private struct State {
    var book: Result<PriceBook, PricingError>?
    var models: [PriceQuery: PricedModel?] = [:]
    var version: String?
    /// Whether anybody asked, rather than that somebody might.
    var isNeeded = false
    var isPreparing = false
  }

  /// A hash of all catalogs: the same fingerprint, the same prices.
  package let fingerprint: String
  private let load: @Sendable () throws(PricingError) -> PriceBook
  private let state = Mutex(State())
  private let reading = Mutex(())

  /// Prices by a book that is ready.
  package convenience init(_ book: PriceBook, fingerprint: String) {
    self.init(fingerprint: fingerprint) { () throws(PricingError) in book }
  }

  /// Prices by a book that is made when it is needed.
  package init(fingerprint: String, load: @escaping @Sendable () throws(PricingError) -> PriceBook) {
    self.fingerprint = fingerprint
    self.load = load
  }

  /// The merged catalogs.
  package func book() throws(PricingError) -> PriceBook {
    state.withLock { $0.isNeeded = true }
    return try read().get()
  }

  private func read() -> Result<PriceBook, PricingError> {
    // A lock of its own: who asks for something else need not wait until all is read.
    reading.withLock { _ in
      if let book = state.withLock({ $0.book }) { return book }
      let book = Result { () throws(PricingError) in try load() }
      state.withLock { $0.book = book }
      return book
    }
  }

  /// Begins to read the catalogs beside other work, for somebody who will ask for them.
  ///
  /// Nothing else changes: what cannot be read is no failure until it is needed.
  package func prepare() {
    let isFirst = state.withLock { state in
      defer { state.isPreparing = true }
      return state.book == nil && !state.isPreparing
    }
    if isFirst { DispatchQueue.global().async { _ = self.read() } }
  }

  /// The version of the catalogs, for people.
  package func version() throws(PricingError) -> String {
    if let known = state.withLock({ $0.version }) { return known }
    return try book().version
  }

  /// The version, when something was priced so far or found to be; nil otherwise.
  package var knownVersion: String? {
    state.withLock { state in
      if let version = state.version { return version }
      guard state.isNeeded, case .success(let book)? = state.book else { return nil }
      return book.version
    }
  }

  /// Why the catalogs could not be read, if they were needed.
  package var failure: PricingError? {
    state.withLock { state in
      guard state.isNeeded, case .failure(let error)? = state.book else { return nil }
      return error
    }
  }

  /// Learns the version from a rollup that was made with the same catalogs, which spares reading them.
  package func learn(version: String) { state.withLock { $0.version = version } }

  /// The model that a query means; nil when nothing prices it, or when the catalogs cannot be read, which `book` says.
  package func model(for query: PriceQuery) -> PricedModel? {
    if let known = state.withLock({ $0.models[query] }) { return known }
    let model = try? book().price(query)
    state.withLock { $0.models[query] = .some(model) }
    return model
  }

  /// A digest of the prices that apply to `queries` on a UTC day: the same digest, the same costs.
  package func digest(of queries: [PriceQuery], day: Int) throws(PricingError) -> String {
    _ = try book()
    var text = ByteWriter(capacity: 64 * queries.count)
    for query in queries {
      text.append(query.line)
      text.append(UInt8(ascii: "\n"))
      // Nothing prices it: whatever the reason, it costs the same.
      text.append(littleEndian: model(for: query)?.digest(day: day) ?? 0)
    }
    return text.withBytes { Hexadecimal.text(XXH64.hash($0)) + Hexadecimal.text(XXH64.hash($0, seed: 1)) }
  }
}

extension PriceBook {
  /// The model that a query means, ready to price events; see `price(provider:model:serviceTier:requestType:isList:)`.
  package func price(_ query: PriceQuery, isList: Bool = false) -> PricedModel? {
    price(
      provider: query.provider, model: query.model ?? "", serviceTier: query.serviceTier,
      requestType: query.requestType, isList: isList)
  }
}
