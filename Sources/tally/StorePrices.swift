import Files
import Pricing
import SegmentLog

/// What prices a store's events.
enum StorePrices {
  /// The store's prices.
  ///
  /// - Parameter isPinning: whether the program's own prices are kept in the store from now on, as the first rollup does.
  static func pricer(_ layout: StoreLayout, isPinning: Bool = false) throws -> Pricer {
    let catalog = StoreCatalog(folder: layout.catalog)
    do throws(PricingError) {
      if isPinning { try catalog.adoptBuiltIn(now: System.now()) }
      return try catalog.pricer()
    } catch {
      throw Failure(error)
    }
  }
}
