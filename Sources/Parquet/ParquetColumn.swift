//! The table as callers see it: named columns, and their values in memory. The same type goes into the writer
//! and comes out of the reader. Strings are numbers into a dictionary, so a group-by never touches text; a
//! column that holds one value throughout says so, so a sum over it is one multiplication.

import Bytes

/// What the values of a column are.
package enum ParquetColumnType: Equatable, Sendable {
  /// A whole number; in the file INT64 (read: any integer of up to 64 bits).
  case int64
  /// Milliseconds since 1970 in UTC; in the file INT64.
  case timestampMillisecondsUTC
  /// Days since 1970; in the file INT32.
  case date
  /// Text in UTF-8; in the file BYTE_ARRAY.
  case string
  /// Pico-units in an Int128; in the file DECIMAL(38,12) (read: any decimal of scale ≤ 12).
  case decimal38Scale12
  case boolean
  /// A column of another engine's file that we do not read; the rest of that file can be read.
  case unsupported(String)
}

/// A column's name and type.
package struct ParquetColumn: Equatable, Sendable {
  package let name: String
  package let type: ParquetColumnType
  /// Whether values may be absent.
  package let isOptional: Bool

  package init(_ name: String, _ type: ParquetColumnType, isOptional: Bool = false) {
    self.name = name
    self.type = type
    self.isOptional = isOptional
  }
}

/// Distinct strings, in one piece of memory.
package struct ParquetDictionary: Equatable, Sendable {
  /// The bytes of all strings, one after the other.
  package private(set) var bytes: [UInt8]
  /// Where each string begins, and the end of the last.
  package private(set) var offsets: [Int32]

  /// A dictionary without strings.
  package init() {
    bytes = []
    offsets = [0]
  }

  /// A dictionary of `strings`, in that order.
  package init(_ strings: [String]) {
    self.init()
    for string in strings { append(Array(string.utf8).span.bytes) }
  }

  /// How many strings there are.
  package var count: Int { offsets.count - 1 }

  /// Makes room for `count` strings of `byteCount` bytes together.
  package mutating func reserve(count: Int, byteCount: Int) {
    bytes.reserveCapacity(byteCount)
    offsets.reserveCapacity(count + 1)
  }

  /// Appends one string; all strings together may hold 2 GiB.
  package mutating func append(_ string: RawSpan) {
    string.withUnsafeBytes { append($0) }
  }

  /// Appends one string; all strings together may hold 2 GiB.
  package mutating func append(_ string: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: string)
    offsets.append(Int32(bytes.count))
  }

  /// Where string `index` lies in `bytes`.
  package func range(_ index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  /// The bytes of string `index`.
  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

  /// String `index` as a String.
  package func string(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }

  /// Whether the strings are distinct and in ascending order of their bytes.
  package var isSorted: Bool {
    guard count > 1 else { return true }
    let bytes = bytes.span.bytes
    var previous = bytes.extracting(range(0))
    for index in 1..<count {
      let string = bytes.extracting(range(index))
      guard ByteOrder.precedes(previous, string) else { return false }
      previous = string
    }
    return true
  }
}

/// One value.
package enum ParquetScalar: Equatable, Sendable {
  case null
  /// Of an integer, timestamp or date column.
  case integer(Int64)
  /// Pico-units.
  case decimal(Int128)
  case string([UInt8])
  case boolean(Bool)
}

/// The values of one column.
package enum ParquetValues: Equatable, Sendable {
  /// Integers, timestamps or dates.
  ///
  /// `nulls` is empty when no value is absent, else it marks the absent ones, whose number is 0.
  case integers([Int64], nulls: [Bool] = [])
  /// Pico-units; `nulls` as for integers.
  case decimals([Int128], nulls: [Bool] = [])
  /// Truth values; `nulls` as for integers.
  case booleans([Bool], nulls: [Bool] = [])
  /// Numbers of strings in a dictionary, -1 where absent.
  ///
  /// The writer wants a sorted dictionary. The reader gives it as the file has it: other engines sort nothing.
  case strings(ParquetDictionary, indices: [Int32])
  /// `count` times the same value.
  case constant(ParquetScalar, count: Int)

  /// How many rows there are.
  package var count: Int {
    switch self {
    case .integers(let values, _): values.count
    case .decimals(let values, _): values.count
    case .booleans(let values, _): values.count
    case .strings(_, let indices): indices.count
    case .constant(_, let count): count
    }
  }

  /// The value of one row; for looking at single rows, not for loops.
  package subscript(row: Int) -> ParquetScalar {
    switch self {
    case .integers(let values, let nulls): !nulls.isEmpty && nulls[row] ? .null : .integer(values[row])
    case .decimals(let values, let nulls): !nulls.isEmpty && nulls[row] ? .null : .decimal(values[row])
    case .booleans(let values, let nulls): !nulls.isEmpty && nulls[row] ? .null : .boolean(values[row])
    case .strings(let dictionary, let indices):
      indices[row] < 0 ? .null : .string(Array(dictionary[Int(indices[row])]))
    case .constant(let value, _): value
    }
  }
}
