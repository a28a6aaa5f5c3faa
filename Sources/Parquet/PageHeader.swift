//! What precedes each page of a chunk.

/// A page's header.
struct PageHeader {
  var type: Int32 = -1
  var uncompressedSize = 0
  var compressedSize = 0
  /// Rows of a data page, entries of a dictionary page.
  var valueCount = 0
  var encoding: Int32 = -1
  var levelEncoding = Encoding.rle.rawValue
  /// Bytes of the levels of a data page of version 2, which are never compressed.
  var levelsSize = 0
  var repetitionsSize = 0
  var isCompressed = true

  /// Reads the header at the reader's offset and checks it for sense.
  init(_ reader: inout ThriftReader) throws(Damage) {
    let start = reader.offset
    var size: Int32 = -1
    var packedSize: Int32 = -1
    var count: Int32 = -1
    try reader.structure { (reader, field) throws(Damage) in
      switch field.number {
      case 1: type = try reader.int32(field)
      case 2: size = try reader.int32(field)
      case 3: packedSize = try reader.int32(field)
      case 5:
        try reader.structure(field) { (reader, field) throws(Damage) in
          switch field.number {
          case 1: count = try reader.int32(field)
          case 2: encoding = try reader.int32(field)
          case 3: levelEncoding = try reader.int32(field)
          default: try reader.skip(field)
          }
        }
      case 7:
        try reader.structure(field) { (reader, field) throws(Damage) in
          switch field.number {
          case 1: count = try reader.int32(field)
          case 2: encoding = try reader.int32(field)
          default: try reader.skip(field)
          }
        }
      case 8:
        try reader.structure(field) { (reader, field) throws(Damage) in
          switch field.number {
          case 1: count = try reader.int32(field)
          case 4: encoding = try reader.int32(field)
          case 5: levelsSize = Int(try reader.int32(field))
          case 6: repetitionsSize = Int(try reader.int32(field))
          case 7: isCompressed = try reader.bool(field)
          default: try reader.skip(field)
          }
        }
      default: try reader.skip(field)
      }
    }
    let isIndex = type == PageType.index.rawValue
    guard size >= 0, Int(size) <= Format.pageSizeMax, packedSize >= 0, isIndex || count >= 0,
      levelsSize >= 0, levelsSize <= size, levelsSize <= packedSize
    else { throw Damage(offset: start, what: "a page with impossible sizes") }
    guard Int(packedSize) <= reader.bytes.count - reader.offset else {
      throw Damage(offset: start, what: "a page that runs past its column's end")
    }
    uncompressedSize = Int(size)
    compressedSize = Int(packedSize)
    valueCount = Int(count)
  }
}
