//! The checksums of a footer of ours, verified: after this a wrong bit anywhere cannot become a wrong sum.

import Bytes

extension Footer {
  /// Whether the chunks have checksums.
  var hasChecksums: Bool { createdBy.hasPrefix(Format.createdByPrefix) }

  /// Reads a footer and verifies its checksum, if it is one of ours.
  init(checking bytes: UnsafeRawBufferPointer) throws(Damage) {
    var checksums = Checksums()
    try self.init(bytes, checksums: &checksums)
    guard let digits = checksums.digits else {
      guard !hasChecksums else { throw Damage(offset: 0, what: "lacks its checksums") }
      return
    }
    let chunkCount = rowGroups.count * layouts.count
    guard digits.count == (1 + chunkCount) * Format.checksumDigits, hasChecksums else {
      throw Damage(offset: digits.lowerBound, what: "its checksums are not for these columns")
    }
    let end = digits.lowerBound + Format.checksumDigits
    var blanked = Array(bytes)
    for index in digits.lowerBound..<end { blanked[index] = UInt8(ascii: "0") }
    guard try Self.number(bytes, digits.lowerBound) == XXH64.hash(blanked) else {
      throw Damage(offset: 0, what: "does not match its checksum")
    }
    var at = end
    for group in rowGroups.indices {
      for column in layouts.indices {
        rowGroups[group].chunks[column].checksum = try Self.number(bytes, at)
        at += Format.checksumDigits
      }
    }
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    for digit in bytes[offset..<offset + Format.checksumDigits] {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: throw Damage(offset: offset, what: "its checksums are no hexadecimal numbers")
      }
    }
    return value
  }
}
