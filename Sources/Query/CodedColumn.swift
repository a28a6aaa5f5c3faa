import Parquet

/// A text column as codes into its distinct texts, -1 for absent.
struct CodedColumn {
  private let dictionary: ParquetDictionary
  private let codes: [Int32]
  private let first: Int
  /// The code of all rows; nil when each has its own.
  let only: Int32?
  /// Codes are below this.
  let codeCount: Int

  /// Minutes of a UTC day instead of texts.
  init(minutes: ParquetValues?, _ rows: Range<Int>) {
    func minuteOfDay(_ ms: Int64) -> Int32 { Int32(truncatingIfNeeded: (ms / 60_000) % 1440) }
    dictionary = ParquetDictionary()
    first = 0
    codeCount = 1440
    switch minutes {
    case .integers(let times, _):
      codes = times[rows].map(minuteOfDay)
      only = nil
    case .constant(.integer(let time), _):
      codes = []
      only = minuteOfDay(time)
    default:
      codes = []
      only = -1
    }
  }

  init(_ values: ParquetValues?, _ rows: Range<Int>) {
    first = rows.lowerBound
    switch values {
    case .strings(let dictionary, let indices):
      self.dictionary = dictionary
      codes = indices
      only = nil
    case .constant(.string(let text), _):
      var dictionary = ParquetDictionary()
      dictionary.append(text.span.bytes)
      self.dictionary = dictionary
      codes = []
      only = 0
    default:
      dictionary = ParquetDictionary()
      codes = []
      only = -1
    }
    codeCount = self.dictionary.count
  }

  var textCount: Int { dictionary.count }
  var hasTexts: Bool { dictionary.count > 0 }

  /// The code of the row `index` places behind the first.
  @inline(__always)
  func code(_ index: Int) -> Int32 { only ?? codes[first &+ index] }

  /// The codes of the first `count` rows; only where each has its own.
  func codes(_ count: Int) -> ArraySlice<Int32> { codes[first..<first + count] }

  func text(_ code: Int32) -> [UInt8]? { code < 0 ? nil : Array(dictionary[Int(code)]) }

  /// The answer of a question for the absent text and then for each text: look up at code + 1.
  func answers(_ question: ([UInt8]?) -> Bool) -> [Bool] {
    [question(nil)] + (0..<dictionary.count).map { question(text(Int32($0))) }
  }
}
