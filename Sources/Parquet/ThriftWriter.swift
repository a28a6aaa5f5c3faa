//! Thrift's compact protocol, the half that writes: what the footer and the page headers are made of. A struct
//! is a run of fields, each a byte of (difference to the previous field's number, type) and a value; integers
//! are zigzag varints.

import Bytes

/// The type codes of the compact protocol.
enum ThriftType: UInt8 {
  case stop, yes, no, byte, int16, int32, int64, double, binary, list, set, map, structure
}

/// Writes structs in Thrift's compact protocol.
struct ThriftWriter: ~Copyable {
  private(set) var bytes: ByteWriter
  private var previous: Int16 = 0
  private var outer: [Int16] = []

  init(capacity: Int = 256) {
    bytes = ByteWriter(capacity: capacity)
  }

  /// Ends the outermost struct.
  mutating func finish() {
    bytes.append(ThriftType.stop.rawValue)
    previous = 0
  }

  /// Forgets everything.
  mutating func removeAll() {
    bytes.removeAll()
    previous = 0
    outer.removeAll(keepingCapacity: true)
  }

  private mutating func header(_ field: Int16, _ type: ThriftType) {
    let step = field - previous
    if step > 0 && step <= 15 {
      bytes.append(UInt8(step) << 4 | type.rawValue)
    } else {
      bytes.append(type.rawValue)
      bytes.append(zigzag: Int64(field))
    }
    previous = field
  }

  mutating func field(_ field: Int16, _ value: Int32) {
    header(field, .int32)
    bytes.append(zigzag: Int64(value))
  }

  mutating func field(_ field: Int16, long value: Int) {
    header(field, .int64)
    bytes.append(zigzag: Int64(value))
  }

  mutating func field(_ field: Int16, byte value: UInt8) {
    header(field, .byte)
    bytes.append(value)
  }

  mutating func field(_ field: Int16, _ value: Bool) {
    header(field, value ? .yes : .no)
  }

  mutating func field(_ field: Int16, _ text: String) {
    header(field, .binary)
    element(text)
  }

  mutating func field(_ field: Int16, _ value: [UInt8]) {
    header(field, .binary)
    bytes.append(varint: UInt64(value.count))
    bytes.append(value)
  }

  /// A struct as a field.
  mutating func structure(_ field: Int16, _ body: (inout ThriftWriter) -> Void) {
    header(field, .structure)
    structure(body)
  }

  /// A struct as an element of a list.
  mutating func structure(_ body: (inout ThriftWriter) -> Void) {
    outer.append(previous)
    previous = 0
    body(&self)
    bytes.append(ThriftType.stop.rawValue)
    previous = outer.removeLast()
  }

  /// The head of a list; `count` elements must follow.
  mutating func list(_ field: Int16, of type: ThriftType, count: Int) {
    header(field, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | type.rawValue)
    } else {
      bytes.append(0xF0 | type.rawValue)
      bytes.append(varint: UInt64(count))
    }
  }

  /// An integer as an element of a list.
  mutating func element(_ value: Int32) {
    bytes.append(zigzag: Int64(value))
  }

  /// A text as an element of a list.
  mutating func element(_ text: String) {
    bytes.append(varint: UInt64(text.utf8.count))
    bytes.append(text)
  }
}

extension ByteWriter {
  /// Appends an unsigned LEB128 number.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a signed number as a zigzag varint.
  mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)))
  }
}
