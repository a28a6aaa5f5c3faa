import Answers
import Configuration
import Query

/// What limits and budgets of the configuration are about.
enum ConfiguredScope {
  /// Reads what stands behind `match`; nothing means everything.
  ///
  /// - Parameter place: where it stands, such as `limit[1]`.
  static func scope(
    _ match: String?, _ place: String, _ settings: Configuration, _ options: StoreOptions
  ) throws -> Scope {
    guard let match else { return Scope(nil) }
    let fields = ReportField.all(tags: settings.rollupTags).map { FilterField($0) }
    do throws(FilterError) {
      return Scope(try Filter.parse(match, fields: fields))
    } catch {
      let message = error.message(from: "\(try options.configurationPath): \(place).match")
      throw Failure(message, details: error.excerpt, .configuration)
    }
  }
}
