//! What can go wrong, said in a way that a person can act on: where, what, how to mend it.

/// Why a table could not be written or read.
package struct ParquetError: Error, Equatable, CustomStringConvertible {
  /// What sort of trouble it is, for code that must tell them apart.
  package enum Kind: Equatable, Sendable {
    /// The bytes are no Parquet file.
    case notParquet
    /// The bytes contradict themselves or their checksums.
    case damaged
    /// Valid Parquet, but beyond the subset in Schemas/parquet.md.
    case unsupported
    /// The caller's table contradicts itself.
    case invalidTable
    /// The bytes could not be had.
    case unreadable
  }

  /// What sort of trouble it is.
  package let kind: Kind
  /// The part of the file, such as `column "model", row group 0`.
  package let place: String
  /// The byte of the file, where one can be named.
  package let offset: Int?
  /// What is wrong.
  package let what: String

  init(_ kind: Kind, place: String, offset: Int? = nil, _ what: String) {
    self.kind = kind
    self.place = place
    self.offset = offset
    self.what = what
  }

  /// How to mend it.
  package var remedy: String {
    switch kind {
    case .notParquet: "name a Parquet file"
    case .damaged: "write the file again from its source, or restore a copy"
    case .unsupported:
      "write the file again as flat columns, zstd compressed, with plain or dictionary encoding"
    case .invalidTable: "give every column as many values as the table has rows, of the column's type"
    case .unreadable: "check that the file exists and may be read"
    }
  }

  package var description: String {
    let at = offset.map { ", byte \($0)" } ?? ""
    return "\(place)\(at): \(what)\n\(remedy)"
  }
}

/// A contradiction found by a decoder that does not know which part of the file it decodes.
struct Damage: Error {
  /// Offset within what was being decoded.
  let offset: Int
  let what: String
  /// Not wrong, but beyond what we read.
  var isUnsupported = false

  func error(place: String, base: Int?) -> ParquetError {
    ParquetError(
      isUnsupported ? .unsupported : .damaged, place: place, offset: base.map { $0 + offset }, what)
  }
}
