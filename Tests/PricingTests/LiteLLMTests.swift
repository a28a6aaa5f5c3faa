//! Random usage of every model in LiteLLM's own price map beside LiteLLM's own arithmetic. Both have the same facts, the
//! map that the Python package brings, so what differs is a rule.

import Foundation
import Money
import TestSupport
import Testing

@testable import Pricing

/// The Python package.
private enum LiteLLM {
  /// Where it has its price map; nil when it is not installed.
  static let map: String? = try? lines("map").first

  /// What the helper script prints.
  static func lines(_ argument: String) throws -> [String] {
    let python = try #require(Tools.python, "no Python with LiteLLM: make setup, or set TALLY_PYTHON")
    let script = Tools.root.appending(path: "Tests/Interop/litellm_costs.py").path
    return String(decoding: try Tools.run(python, [script, argument]), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }
}

/// A line of `Tests/Interop/litellm_costs.py`.
private struct LiteLLMCase {
  let key: String
  let provider: String
  let tier: String?
  let time: Int64
  /// Dollars; nil where LiteLLM raised.
  let cost: Double?
  private(set) var usage = UsageCounters()
  let line: String

  init(_ line: String) throws {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    try #require(fields.count == 6, "\(line)")
    self.line = line
    key = fields[0]
    provider = fields[1]
    tier = fields[2].isEmpty ? nil : fields[2]
    time = try #require(Int64(fields[3]))
    cost = Double(fields[4])
    for word in fields[5].split(separator: " ") {
      let parts = word.split(separator: "=")
      try usage.set(String(parts[0]), try #require(Int64(parts[1])))
    }
  }

  var hasCaches: Bool { usage.cacheReadTokens + allCacheWrites > 0 }
  private var allCacheWrites: Int64 {
    usage.cacheWriteTokens + usage.cacheWrite1hTokens + usage.cacheWrite12hTokens
  }
}

/// A reason for which LiteLLM says something else.
private struct KnownDifference: Sendable {
  let reason: String
  /// Whether it explains that a case of a model with these prices differs.
  let explains: @Sendable (LiteLLMCase, PriceList) -> Bool

  /// The first that explains a case counts.
  static let all: [KnownDifference] = [
    .init(
      reason: """
        Names: the key perplexity/perplexity/sonar is the Agent API's model perplexity/sonar, and has an entry here; \
        LiteLLM takes a doubled provider off and charges what the Sonar API's sonar costs.
        """
    ) { one, _ in one.key == "perplexity/sonar" || one.key == "perplexity/perplexity/sonar" },
    .init(
      reason: """
        LiteLLM's error: its calculator for Perplexity knows input, output, reasoning, citations and searches only: caches \
        cost what input costs and there are no context tiers, whatever the map says.
        """
    ) { one, list in
      one.provider == "perplexity"
        && (one.hasCaches || list.tiers.contains { one.usage.promptTokens > $0.aboveInputTokens })
    },
    .init(
      reason: """
        LiteLLM's error: its calculator for Fireworks is not told the service tier, so priority costs what standard \
        costs, though the map has prices for it.
        """
    ) { one, _ in one.provider == "fireworks_ai" && one.tier == "priority" },
    .init(
      reason: """
        LiteLLM's error: nothing reads input_cost_per_request of chat and embedding models.
        """
    ) { one, list in
      list.prices[.request] != nil && !list.serviceTiers.contains { $0.name.hasPrefix("search_context_") }
    },
    .init(
      reason: """
        LiteLLM's error: it finds no price under its own names for Stability's models on Bedrock, because it puts size \
        and steps in front once more, and raises.
        """
    ) { one, _ in one.cost == nil && one.provider == "bedrock" && one.key.contains("stability.") },
    .init(
      reason: """
        Convention: LiteLLM charges the images of models named gpt-image by tokens only; the map's prices per image are \
        for people who have no tokens.
        """
    ) { one, _ in one.usage.images > 0 && one.key.contains("gpt-image") && one.cost == 0 },
    .init(
      reason: """
        Convention: several searches in one request cost one search at LiteLLM, except at Anthropic's. Providers count \
        each (Google's older models do not: there the adapter counts one a request).
        """
    ) { one, _ in one.usage.searches > 1 && one.usage.inputTokens == 0 },
    .init(
      reason: """
        Convention: where the map has a context tier but none for batches, LiteLLM leaves the context out of a batch; \
        here, as LiteLLM does for every other service tier, the standard context tier comes first.
        """
    ) { one, list in
      one.tier == "batch" && list.serviceTiers.contains { $0.name == "batch" && $0.tiers.isEmpty }
        && list.tiers.contains { one.usage.promptTokens > $0.aboveInputTokens }
    },
    .init(
      reason: """
        Convention: where the map has no batch price of a cache, LiteLLM charges the batch price of input (or, for an \
        hour's cache, of a short one); here the standard price of that cache holds.
        """
    ) { one, list in
      list.lacksBatch([
        (one.usage.cacheReadTokens, .cacheRead), (one.usage.cacheWriteTokens, .cacheWrite),
        (one.usage.cacheWrite1hTokens, .cacheWrite1h), (one.usage.cacheWrite12hTokens, .cacheWrite12h),
      ]) && one.tier == "batch"
    },
    .init(
      reason: """
        Convention: where the map has no batch price of output or of image tokens, LiteLLM charges half of the standard \
        price for what was made and the batch price of input for given images; here the standard price holds.
        """
    ) { one, list in
      list.lacksBatch([
        (one.usage.outputTokens, .output), (one.usage.outputImageTokens, .outputImage),
        (one.usage.inputImageTokens, .inputImage),
      ]) && one.tier == "batch"
    },
  ]
}

extension PriceList {
  /// Whether something that was used has a standard price and none for batches.
  fileprivate func lacksBatch(_ used: [(count: Int64, key: PriceKey)]) -> Bool {
    guard let batch = serviceTiers.first(where: { $0.name == "batch" }) else { return false }
    func isPriced(_ key: PriceKey, _ tables: [PriceTable]) -> Bool { tables.contains { $0[key] != nil } }
    return used.contains { count, key in
      count > 0 && isPriced(key, [prices] + tiers.map(\.prices))
        && !isPriced(key, [batch.prices] + batch.tiers.map(\.prices))
    }
  }
}

@Suite(
  .enabled("needs Python with LiteLLM: make setup, or set TALLY_PYTHON") { Tools.isCI || LiteLLM.map != nil })
struct LiteLLMTests {
  /// What a double and its sums may be off by, in parts of the cost.
  private static let floatError = 1e-12

  private struct Imported {
    let book: PriceBook
    /// Price fields without a place in the catalog.
    let unsupported: [String]
    /// Entries that could not be taken, and entries with prices finer than a pico-unit, by key.
    let refused: Set<String>
    let rounded: Set<String>

    init(_ path: String) throws {
      let bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let found = try PriceImport.read(bytes, file: path, name: "map", retrieved: "2026-11-20")
      func keys(_ texts: [String]) -> Set<String> {
        Set(texts.compactMap { text in text.firstRange(of: ": ").map { String(text[..<$0.lowerBound]) } })
      }
      book = PriceBook([found.catalog])
      unsupported = found.unsupported.keys.sorted()
      refused = keys(found.refused)
      rounded = keys(found.rounded)
    }
  }

  /// Whether our cost, in dollars, is LiteLLM's; nil where neither has a price.
  private static func agrees(_ one: LiteLLMCase, _ imported: Imported) -> (agrees: Bool, ours: String)? {
    let model = imported.book.price(
      provider: one.provider, model: one.key, serviceTier: one.tier, requestType: nil)
    guard let model else { return one.cost == 0 ? nil : (false, "no price") }
    let ours = model.cost(of: one.usage, at: one.time)
    guard case .exact(let pico, _) = ours, let cost = one.cost else { return (false, "\(ours)") }
    let dollars = Double(pico) / 1e12
    // A price that was rounded is off by up to half a pico-unit a token.
    let rounding = imported.rounded.contains(one.key) ? Double(one.usage.total) * 0.5e-12 : 0
    return (abs(dollars - cost) <= cost * floatError + rounding, "\(dollars)")
  }

  @Test func everyModelCostsWhatLiteLLMSays() throws {
    let imported = try Imported(try #require(LiteLLM.lines("map").first))
    let seed = UInt64.random(in: 0...UInt64(Int64.max))
    let lines = try LiteLLM.lines("\(seed)")
    var agreeing: Set<String> = []
    var found = Array(repeating: 0, count: KnownDifference.all.count)
    for line in lines {
      let one = try LiteLLMCase(line)
      guard !imported.refused.contains(one.key), let answer = Self.agrees(one, imported) else { continue }
      if answer.agrees {
        agreeing.insert(one.key)
        continue
      }
      guard
        case .model(_, let prices) = imported.book.match(provider: one.provider, model: one.key),
        let known = KnownDifference.all.firstIndex(where: { $0.explains(one, prices.periods[0]) })
      else {
        Issue.record("seed \(seed): \(answer.ours) here, but \(line)")
        continue
      }
      found[known] += 1
    }
    // The list says what is, not what was.
    for (difference, count) in zip(KnownDifference.all, found) {
      #expect(count > 0, "seed \(seed): no difference any more: \(difference.reason)")
    }
    #expect(agreeing.count > 3500, "seed \(seed)")
    #expect(lines.count > 7000, "seed \(seed)")
  }

  /// The README's paragraph names every field that is left out, `*` standing for anything, and no other.
  @Test func theReadmeListsWhatIsNotSupported() throws {
    let imported = try Imported(try #require(LiteLLM.lines("map").first))
    let readme = try String(contentsOf: Tools.root.appending(path: "README.md"), encoding: .utf8)
    let start = try #require(readme.firstRange(of: "(`--verbose` names them): "))
    let paragraph = try #require(readme[start.upperBound...].split(separator: "\n\n").first)
    let words = paragraph.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    var unlisted = Set(imported.unsupported)
    for word in words {
      let pattern = try Regex(word.replacing(".", with: "\\.").replacing("*", with: ".*"))
      let covered = imported.unsupported.filter { $0.wholeMatch(of: pattern) != nil }
      #expect(!covered.isEmpty, "\(word) is no field of the map that is left out")
      unlisted.subtract(covered)
    }
    #expect(unlisted.isEmpty)
  }
}

extension UsageCounters {
  /// Everything that was counted.
  fileprivate var total: Int64 {
    Int64(promptTokens) + outputTokens + outputAudioTokens + outputImageTokens + images + searches
  }
}
