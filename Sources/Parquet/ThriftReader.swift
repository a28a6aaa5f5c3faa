//! Thrift's compact protocol, the half that reads. Nothing is trusted: every read is checked against the end,
//! nesting is bounded, and a field of another type than expected is damage.

/// A bounds-checked cursor over bytes in Thrift's compact protocol.
///
/// Valid only as long as the bytes it looks at.
struct ThriftReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int

  init(_ bytes: UnsafeRawBufferPointer, offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// A field's number and type.
  struct Field {
    let number: Int16
    let type: ThriftType
  }

  func damage(_ what: String) -> Damage { Damage(offset: offset, what: what) }

  mutating func byte() throws(Damage) -> UInt8 {
    guard offset < bytes.count else { throw damage("ends in the middle of a value") }
    defer { offset &+= 1 }
    return bytes[offset]
  }

  mutating func varint() throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      value |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 { return value }
      shift &+= 7
    }
    throw damage("holds a number of more than 64 bits")
  }

  private mutating func zigzag() throws(Damage) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// The next field of a struct, or nil at its end.
  mutating func field(after previous: Int16) throws(Damage) -> Field? {
    let head = try byte()
    if head == ThriftType.stop.rawValue { return nil }
    guard let type = ThriftType(rawValue: head & 0x0F), type != .stop else {
      throw damage("holds a field of unknown type \(head & 0x0F)")
    }
    let step = Int16(head >> 4)
    if step > 0 { return Field(number: previous &+ step, type: type) }
    guard let number = Int16(exactly: try zigzag()) else { throw damage("holds an impossible field number") }
    return Field(number: number, type: type)
  }

  private func expect(_ field: Field, _ type: ThriftType) throws(Damage) {
    guard field.type == type else {
      throw damage("field \(field.number) is of type \(field.type), not \(type)")
    }
  }

  mutating func int32(_ field: Field) throws(Damage) -> Int32 {
    try expect(field, .int32)
    return try int32()
  }

  /// An integer as an element of a list.
  mutating func int32() throws(Damage) -> Int32 {
    guard let value = Int32(exactly: try zigzag()) else {
      throw damage("holds a number of more than 32 bits")
    }
    return value
  }

  mutating func int64(_ field: Field) throws(Damage) -> Int {
    try expect(field, .int64)
    return Int(try zigzag())
  }

  mutating func int8(_ field: Field) throws(Damage) -> UInt8 {
    try expect(field, .byte)
    return try byte()
  }

  func bool(_ field: Field) throws(Damage) -> Bool {
    guard field.type == .yes || field.type == .no else { try expect(field, .yes); return false }
    return field.type == .yes
  }

  /// Where a binary value lies.
  mutating func binary(_ field: Field) throws(Damage) -> Range<Int> {
    try expect(field, .binary)
    return try binary()
  }

  /// Where a binary element of a list lies.
  mutating func binary() throws(Damage) -> Range<Int> {
    let count = try varint()
    guard count <= UInt64(bytes.count - offset) else { throw damage("holds a text that runs past the end") }
    defer { offset &+= Int(count) }
    return offset..<offset &+ Int(count)
  }

  mutating func text(_ field: Field) throws(Damage) -> String {
    text(try binary(field))
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// The number of elements of a list of `type`.
  mutating func list(_ field: Field, of type: ThriftType) throws(Damage) -> Int {
    try expect(field, .list)
    let (found, count) = try listHead()
    guard count == 0 || found == type else { throw damage("field \(field.number) is a list of \(found)") }
    return count
  }

  private mutating func listHead() throws(Damage) -> (ThriftType, Int) {
    let head = try byte()
    guard let type = ThriftType(rawValue: head & 0x0F) else { throw damage("holds a list of unknown type") }
    let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
    // Every element takes a byte or more, so a longer list cannot be there.
    guard count <= UInt64(bytes.count - offset) else { throw damage("holds a list that runs past the end") }
    return (type, Int(count))
  }

  private mutating func skip(bytes count: Int) throws(Damage) {
    guard count <= bytes.count - offset else { throw damage("ends in the middle of a value") }
    offset &+= count
  }

  /// Passes over `count` bytes, which must be there.
  mutating func advance(_ count: Int) {
    precondition(count >= 0 && count <= bytes.count - offset)
    offset += count
  }

  /// Passes over the value of `field`, whatever it is.
  mutating func skip(_ field: Field) throws(Damage) {
    if field.type == .yes || field.type == .no { return }
    try skip(field.type, depth: 0)
  }

  private mutating func skip(_ type: ThriftType, depth: Int) throws(Damage) {
    guard depth < 16 else { throw damage("is nested too deeply") }
    switch type {
    case .stop: throw damage("holds a value without a type")
    case .yes, .no, .byte: try skip(bytes: 1)
    case .int16, .int32, .int64: _ = try varint()
    case .double: try skip(bytes: 8)
    case .binary: _ = try binary()
    case .list, .set:
      let (element, count) = try listHead()
      for _ in 0..<count { try skip(element, depth: depth + 1) }
    case .map:
      let count = try varint()
      guard count > 0 else { return }
      guard count <= UInt64(bytes.count - offset) else { throw damage("holds a map that runs past the end") }
      let types = try byte()
      guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 0x0F) else {
        throw damage("holds a map of unknown types")
      }
      for _ in 0..<count {
        try skip(key, depth: depth + 1)
        try skip(value, depth: depth + 1)
      }
    case .structure:
      var previous: Int16 = 0
      while let inner = try field(after: previous) {
        previous = inner.number
        if inner.type != .yes && inner.type != .no { try skip(inner.type, depth: depth + 1) }
      }
    }
  }

  /// Reads a struct field by field; `body` must consume each field's value.
  mutating func structure(
    _ body: (inout ThriftReader, Field) throws(Damage) -> Void
  ) throws(Damage) {
    var previous: Int16 = 0
    while let field = try field(after: previous) {
      previous = field.number
      try body(&self, field)
    }
  }

  /// Reads a struct that is the value of `field`.
  mutating func structure(
    _ field: Field, _ body: (inout ThriftReader, Field) throws(Damage) -> Void
  ) throws(Damage) {
    try expect(field, .structure)
    try structure(body)
  }
}
