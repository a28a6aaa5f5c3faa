//! The schema, read: what other engines call a column's type, mapped to ours.

/// One element of the schema, as it stands in the footer.
struct SchemaElement {
  private var physical: Int32?
  private var byteCount: Int32 = 0
  private var repetition: Int32 = 0
  private var name = ""
  private var childCount: Int32 = 0
  private var converted: Int32?
  private var scale: Int32 = 0
  private var precision: Int32 = 0
  private var logical: Logical?
  private var offset = 0

  /// The new annotation.
  private struct Logical {
    var kind: Int16 = 0
    var scale: Int32 = 0
    var precision: Int32 = 0
    /// 1 milliseconds, 2 microseconds, 3 nanoseconds.
    var unit: Int16 = 0
    var bits: UInt8 = 64
    var isSigned = true
  }

  private init(_ reader: inout ThriftReader) throws(Damage) {
    offset = reader.offset
    try reader.structure { (reader, field) throws(Damage) in
      switch field.number {
      case 1: physical = try reader.int32(field)
      case 2: byteCount = try reader.int32(field)
      case 3: repetition = try reader.int32(field)
      case 4: name = try reader.text(field)
      case 5: childCount = try reader.int32(field)
      case 6: converted = try reader.int32(field)
      case 7: scale = try reader.int32(field)
      case 8: precision = try reader.int32(field)
      case 10: logical = try Self.logical(&reader, field)
      default: try reader.skip(field)
      }
    }
  }

  static func list(_ reader: inout ThriftReader, _ field: ThriftReader.Field) throws(Damage)
    -> [SchemaElement]
  {
    let count = try reader.list(field, of: .structure)
    guard count <= Format.columnCountMax else { throw reader.damage("\(count) columns") }
    var elements: [SchemaElement] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try SchemaElement(&reader)) }
    return elements
  }

  private static func logical(
    _ reader: inout ThriftReader, _ field: ThriftReader.Field
  ) throws(Damage) -> Logical {
    var logical = Logical()
    try reader.structure(field) { (reader, field) throws(Damage) in
      logical.kind = field.number
      try reader.structure(field) { (reader, field) throws(Damage) in
        switch (LogicalKind(rawValue: logical.kind), field.number) {
        case (.decimal, 1): logical.scale = try reader.int32(field)
        case (.decimal, 2): logical.precision = try reader.int32(field)
        case (.integer, 1): logical.bits = try reader.int8(field)
        case (.integer, 2): logical.isSigned = try reader.bool(field)
        case (.timestamp, 2):
          try reader.structure(field) { (reader, field) throws(Damage) in
            logical.unit = field.number
            try reader.skip(field)
          }
        default: try reader.skip(field)
        }
      }
    }
    return logical
  }

  /// The columns of a flat schema.
  static func layouts(_ elements: [SchemaElement]) throws(Damage) -> [ColumnLayout] {
    guard let root = elements.first else { throw Damage(offset: 0, what: "has an empty schema") }
    for element in elements.dropFirst() {
      guard element.childCount == 0, element.repetition != Repetition.repeated.rawValue else {
        throw Damage(
          offset: element.offset, what: "column \"\(element.name)\" is nested", isUnsupported: true)
      }
    }
    guard Int(root.childCount) == elements.count - 1 else {
      throw Damage(
        offset: root.offset, what: "announces \(root.childCount) columns, has \(elements.count - 1)")
    }
    var layouts: [ColumnLayout] = []
    layouts.reserveCapacity(elements.count - 1)
    for element in elements.dropFirst() { layouts.append(try element.layout()) }
    return layouts
  }

  private func layout() throws(Damage) -> ColumnLayout {
    guard let physical = physical.flatMap(PhysicalType.init),
      let repetition = Repetition(rawValue: repetition)
    else { throw Damage(offset: offset, what: "column \"\(name)\" has no known type") }
    guard physical != .fixedLengthByteArray || byteCount > 0 else {
      throw Damage(offset: offset, what: "column \"\(name)\" has values of \(byteCount) bytes")
    }
    let (type, conversion) = meaning(physical)
    return ColumnLayout(
      column: ParquetColumn(name, type, isOptional: repetition == .optional), physical: physical,
      byteCount: Int(byteCount), conversion: conversion)
  }

  /// The annotation, wherever it stands: the new one wins over the old.
  private var annotation: (kind: LogicalKind?, isKnown: Bool) {
    if let logical { return (LogicalKind(rawValue: logical.kind), true) }
    guard let converted else { return (nil, true) }
    switch ConvertedType(rawValue: converted) {
    case .utf8: return (.string, true)
    case .enumeration: return (.enumeration, true)
    case .json: return (.json, true)
    case .decimal: return (.decimal, true)
    case .date: return (.date, true)
    case .timestampMillis, .timestampMicros: return (.timestamp, true)
    case .uint8, .uint16, .uint32, .uint64, .int8, .int16, .int32, .int64: return (.integer, true)
    default: return (nil, false)
    }
  }

  private func meaning(_ physical: PhysicalType) -> (ParquetColumnType, ColumnLayout.Conversion) {
    let (kind, isKnown) = annotation
    guard isKnown, logical == nil || kind != nil else { return (.unsupported("of unknown meaning"), .none) }
    switch (physical, kind) {
    case (.boolean, nil): return (.boolean, .none)
    case (.int32, nil), (.int64, nil): return (.int64, .none)
    case (.int32, .integer): return (.int64, isUnsigned ? .unsigned32 : .none)
    case (.int64, .integer): return (.int64, isUnsigned ? .unsigned64 : .none)
    case (.int32, .date): return (.date, .none)
    case (.int64, .timestamp): return (.timestampMillisecondsUTC, timestampConversion)
    case (.byteArray, nil), (.byteArray, .string), (.byteArray, .enumeration), (.byteArray, .json):
      return (.string, .none)
    case (.int32, .decimal), (.int64, .decimal), (.fixedLengthByteArray, .decimal): return decimal(physical)
    default:
      let meaning = kind.map { " with the meaning \($0)" } ?? ""
      return (.unsupported("\(physical)\(meaning)"), .none)
    }
  }

  private var isUnsigned: Bool {
    if let logical { return !logical.isSigned }
    switch converted.flatMap(ConvertedType.init) {
    case .uint8, .uint16, .uint32, .uint64: return true
    default: return false
    }
  }

  private var timestampConversion: ColumnLayout.Conversion {
    let micros = converted == ConvertedType.timestampMicros.rawValue
    switch logical?.unit ?? (micros ? 2 : 1) {
    case 2: return .divide(1_000)
    case 3: return .divide(1_000_000)
    default: return .none
    }
  }

  private func decimal(_ physical: PhysicalType) -> (ParquetColumnType, ColumnLayout.Conversion) {
    let scale = logical?.scale ?? scale
    guard (0...12).contains(scale) else { return (.unsupported("a decimal with \(scale) places"), .none) }
    guard physical != .fixedLengthByteArray || byteCount <= 16 else {
      return (.unsupported("a decimal of \(byteCount) bytes"), .none)
    }
    var factor: Int128 = 1
    for _ in scale..<12 { factor *= 10 }
    return (.decimal38Scale12, factor == 1 ? .none : .multiply(factor))
  }
}
