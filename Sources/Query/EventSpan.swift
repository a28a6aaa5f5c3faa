import Events

enum EventSpan {
  /// The length of a provider's bucket, by the word of its period.
  static func milliseconds(_ word: String?) -> Int64 {
    EventPeriod.allCases.first { word == $0.name }?.milliseconds ?? 0
  }
}
