extension SeededGenerator {
  /// The bytes with up to three small changes: something removed, put in, said again, or cut off.
  ///
  /// - Parameter signs: the bytes that are put in.
  package mutating func mutated(_ bytes: [UInt8], signs: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      let at = Int.random(in: 0...bytes.count, using: &self)
      let end = min(bytes.count, at + Int.random(in: 0...6, using: &self))
      let sign = signs[Int.random(in: 0..<signs.count, using: &self)]
      switch Int.random(in: 0...6, using: &self) {
      case 0: bytes.removeSubrange(at..<min(bytes.count, at + 1))
      case 1: bytes.removeSubrange(at..<end)
      case 2...3: bytes.insert(sign, at: at)
      case 4:
        bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &self))
      case 5: bytes.removeSubrange(at...)
      default: if at < bytes.count { bytes[at] = sign }
      }
    }
    return bytes
  }
}
