//! The footer, read. Unknown fields are passed over, as the format wants; what is known is checked for sense, so
//! that whatever comes after may rely on it.

extension Footer {
  /// Where the checksums lie in the footer, if there are any.
  struct Checksums {
    var digits: Range<Int>?
  }

  /// Reads a footer.
  init(_ bytes: UnsafeRawBufferPointer, checksums: inout Checksums) throws(Damage) {
    var reader = ThriftReader(bytes)
    var elements: [SchemaElement] = []
    // The format requires these; a wrong byte can move a field to another number, where it would be passed over.
    var (sawSchema, sawRowCount, sawRowGroups) = (false, false, false)
    var groups: [RawRowGroup] = []
    try reader.structure { (reader, field) throws(Damage) in
      switch field.number {
      case 2:
        sawSchema = true
        elements = try SchemaElement.list(&reader, field)
      case 3:
        sawRowCount = true
        rowCount = try reader.int64(field)
      case 4:
        sawRowGroups = true
        for _ in 0..<(try reader.list(field, of: .structure)) { groups.append(try RawRowGroup(&reader)) }
      case 5: try readMetadata(&reader, field, &checksums)
      case 6: createdBy = try reader.text(field)
      default: try reader.skip(field)
      }
    }
    guard sawSchema else { throw reader.damage("has no schema") }
    guard sawRowCount, sawRowGroups else { throw reader.damage("has no row count or no row groups") }
    layouts = try SchemaElement.layouts(elements)
    for group in groups { rowGroups.append(try group.checked(layouts, bytes)) }
    var rows = 0
    for group in rowGroups { rows += group.rowCount }
    guard rows == rowCount else {
      throw Damage(offset: 0, what: "\(rowCount) rows, but its row groups have \(rows)")
    }
  }

  private mutating func readMetadata(
    _ reader: inout ThriftReader, _ field: ThriftReader.Field, _ checksums: inout Checksums
  ) throws(Damage) {
    for _ in 0..<(try reader.list(field, of: .structure)) {
      var key = ""
      var value: Range<Int>?
      try reader.structure { (reader, field) throws(Damage) in
        switch field.number {
        case 1: key = try reader.text(field)
        case 2: value = try reader.binary(field)
        default: try reader.skip(field)
        }
      }
      if key == Format.checksumsKey {
        checksums.digits = value
      } else {
        metadata.append((key, value.map(reader.text) ?? ""))
      }
    }
  }
}

/// A row group before its chunks are matched with the schema.
private struct RawRowGroup {
  var rowCount = -1
  var chunks: [RawChunk] = []

  init(_ reader: inout ThriftReader) throws(Damage) {
    try reader.structure { (reader, field) throws(Damage) in
      switch field.number {
      case 1:
        let count = try reader.list(field, of: .structure)
        guard count <= Format.columnCountMax else { throw reader.damage("\(count) columns") }
        chunks.reserveCapacity(count)
        for _ in 0..<count { chunks.append(try RawChunk(&reader)) }
      case 3: rowCount = try reader.int64(field)
      default: try reader.skip(field)
      }
    }
  }

  func checked(_ layouts: [ColumnLayout], _ bytes: UnsafeRawBufferPointer) throws(Damage) -> ParquetRowGroup {
    guard (0...Format.rowGroupRowsMax).contains(rowCount) else {
      throw Damage(offset: 0, what: "a row group of \(rowCount) rows")
    }
    guard chunks.count == layouts.count else {
      throw Damage(offset: 0, what: "a row group of \(chunks.count) columns instead of \(layouts.count)")
    }
    var group = ParquetRowGroup()
    group.rowCount = rowCount
    group.chunks.reserveCapacity(chunks.count)
    for (chunk, layout) in zip(chunks, layouts) {
      group.chunks.append(try chunk.checked(layout, rowCount: rowCount, bytes))
    }
    return group
  }
}

/// A column chunk before it is matched with its column.
private struct RawChunk {
  var physical: Int32 = -1
  var chunk = ColumnChunk()
  var minimum: Range<Int>?
  var maximum: Range<Int>?
  var isExternal = false
  var isEncrypted = false
  var sawMetadata = false
  var offset: Int

  init(_ reader: inout ThriftReader) throws(Damage) {
    offset = reader.offset
    try reader.structure { (reader, field) throws(Damage) in
      switch field.number {
      case 1:
        isExternal = !(try reader.binary(field)).isEmpty
      case 3:
        sawMetadata = true
        try reader.structure(field) { (reader, field) throws(Damage) in try read(&reader, field) }
      case 8:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
  }

  private mutating func read(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(Damage) {
    switch field.number {
    case 1: physical = try reader.int32(field)
    case 4: chunk.codec = try reader.int32(field)
    case 5: chunk.valueCount = try reader.int64(field)
    case 6: chunk.uncompressedSize = try reader.int64(field)
    case 7: chunk.compressedSize = try reader.int64(field)
    case 9: chunk.dataPageOffset = try reader.int64(field)
    case 11: chunk.dictionaryPageOffset = try reader.int64(field)
    case 12:
      try reader.structure(field) { (reader, field) throws(Damage) in
        switch field.number {
        case 3: chunk.statistics.nullCount = try reader.int64(field)
        case 5: maximum = try reader.binary(field)
        case 6: minimum = try reader.binary(field)
        case 7: if !(try reader.bool(field)) { maximum = nil }
        case 8: if !(try reader.bool(field)) { minimum = nil }
        default: try reader.skip(field)
        }
      }
    default: try reader.skip(field)
    }
  }

  func checked(
    _ layout: ColumnLayout, rowCount: Int, _ bytes: UnsafeRawBufferPointer
  ) throws(Damage) -> ColumnChunk {
    let name = layout.column.name
    guard !isExternal, !isEncrypted else {
      throw Damage(offset: offset, what: "column \"\(name)\" is encrypted or elsewhere", isUnsupported: true)
    }
    guard sawMetadata else {
      throw Damage(offset: offset, what: "column \"\(name)\" has no place in the file")
    }
    guard physical == layout.physical.rawValue else {
      throw Damage(offset: offset, what: "column \"\(name)\" has two types")
    }
    guard chunk.valueCount == rowCount else {
      throw Damage(
        offset: offset, what: "column \"\(name)\" has \(chunk.valueCount) values in \(rowCount) rows")
    }
    var result = chunk
    result.statistics.minimum = minimum.flatMap { layout.scalar(UnsafeRawBufferPointer(rebasing: bytes[$0])) }
    result.statistics.maximum = maximum.flatMap { layout.scalar(UnsafeRawBufferPointer(rebasing: bytes[$0])) }
    if let count = chunk.statistics.nullCount, !(0...rowCount).contains(count) {
      throw Damage(offset: offset, what: "column \"\(name)\" lacks \(count) of \(rowCount) values")
    }
    return result
  }
}
