/// Counters out of those that contain each other.
enum Disjoint {
  /// What is left of `whole` without the parts if it can contain them, and all of it if it cannot.
  ///
  /// For sources of which nobody says: where the parts are more, they are counted apart.
  static func restIfContained(of whole: Int64, without parts: Int64...) -> Int64 {
    let sum = parts.reduce(0, +)
    return whole >= sum ? whole - sum : whole
  }

  /// What is left of `whole` without `parts`, which it contains; the names are for the message.
  static func rest(
    of whole: Int64, _ name: String, without parts: [(name: String, count: Int64)]
  ) throws(Misread) -> Int64 {
    var rest = whole
    for part in parts {
      rest -= part.count
      if rest < 0 {
        throw Misread(
          "\(parts.map(\.name).joined(separator: " and ")) are more than \(name), which contains them")
      }
    }
    return rest
  }
}
