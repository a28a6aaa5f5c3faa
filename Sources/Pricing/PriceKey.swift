//! What can have a price: the keys of `per_million_tokens` and `per_unit` in a catalog, in their order there.

import Money

/// A key of a price table.
package enum PriceKey: UInt8, CaseIterable, Sendable, Comparable {
  case input, cacheRead, cacheWrite, cacheWrite1h, cacheWrite12h
  case output, reasoning
  case inputAudio, outputAudio, inputImage, outputImage
  case unsplit
  case request, search, image, audioSecond, audioMinute, audioHour, character

  private static let names = [
    "input", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "output", "reasoning",
    "input_audio", "output_audio", "input_image", "output_image", "unsplit", "request", "search", "image",
    "audio_second", "audio_minute", "audio_hour", "character",
  ]

  /// How many keys are priced per million tokens; they come first.
  package static let tokenCount = 12
  /// The keys of `per_million_tokens`.
  package static let tokens = allCases.filter(\.isToken)
  /// The keys of `per_unit`.
  package static let units = allCases.filter { !$0.isToken }

  /// The key in a catalog.
  package var name: String { Self.names[Int(rawValue)] }

  /// Whether its price is written per million tokens.
  package var isToken: Bool { Int(rawValue) < Self.tokenCount }

  /// The key with this name.
  package init?(name: String) {
    guard let index = Self.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: UInt8(index))
  }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// The tokens that are charged instead where what it prices is counted in tokens as well.
  package var tokensInstead: [PriceKey] {
    switch self {
    case .image: [.outputImage]
    case .audioSecond: [.inputAudio, .outputAudio]
    default: []
    }
  }

  /// The price as a catalog writes it: of a million tokens, or of one unit.
  package func publishedText(_ pico: Int128) -> String {
    Decimal.text(isToken ? pico * 1_000_000 : pico)
  }
}

/// Prices by key: pico-units for one token or one unit.
package struct PriceTable: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package let key: PriceKey
    package var pico: Int128
  }

  /// In the order of keys.
  package private(set) var entries: [Entry] = []

  package init() {}

  /// Whether nothing has a price.
  package var isEmpty: Bool { entries.isEmpty }

  /// The price of one.
  package subscript(key: PriceKey) -> Int128? {
    entries.first { $0.key == key }?.pico
  }

  /// Sets the price of one.
  package mutating func set(_ key: PriceKey, _ pico: Int128) {
    let entry = Entry(key: key, pico: pico)
    let place = entries.firstIndex { $0.key >= key } ?? entries.endIndex
    if place < entries.endIndex, entries[place].key == key {
      entries[place] = entry
    } else {
      entries.insert(entry, at: place)
    }
  }

  /// The prices without one.
  func without(_ key: PriceKey) -> PriceTable {
    var table = self
    table.entries.removeAll { $0.key == key }
    return table
  }

  /// The prices after `percent` pico-percents are taken off, each rounded half to even once.
  func discounted(byPicoPercent percent: Int128) -> PriceTable {
    var table = self
    for index in table.entries.indices {
      table.entries[index].pico = Discount.net(table.entries[index].pico, picoPercent: percent)
    }
    return table
  }
}
