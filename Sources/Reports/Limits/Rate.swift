/// How fast something is used: what is counted, and in which stretch of time.
package enum Rate: String, CaseIterable, Sendable {
  case rpm, rpd, tpm, tpd, ipm

  var isPerDay: Bool { self == .rpd || self == .tpd }

  func value(_ counts: RateCounts) -> Int128 {
    switch self {
    case .rpm, .rpd: counts.requests
    case .tpm, .tpd: counts.tokens
    case .ipm: counts.images
    }
  }
}

/// What rates count.
struct RateCounts: Equatable, Sendable {
  var requests: Int128 = 0
  var tokens: Int128 = 0
  var images: Int128 = 0

  static func += (counts: inout RateCounts, more: RateCounts) {
    counts.requests += more.requests
    counts.tokens += more.tokens
    counts.images += more.images
  }
}

/// How much a group may use in a stretch of time.
package struct RateLimit: Sendable {
  package let scope: Scope
  package let maxima: [Rate: Int128]

  package init(scope: Scope, maxima: [Rate: Int128]) {
    self.scope = scope
    self.maxima = maxima
  }
}
