/// The candidate that `text` most likely meant, or nil when none is near enough to be worth a guess.
///
/// Near is an edit distance (insert, delete, replace, swap of neighbours) of at most a third of the text's
/// length, and at least one; case does not count. Of equally near candidates the first wins.
package func nearest(to text: String, in candidates: [String]) -> String? {
  let typed = Array(text.lowercased().unicodeScalars)
  guard !typed.isEmpty else { return nil }
  var distanceMax = max(1, typed.count / 3)
  var best: String?
  for candidate in candidates {
    let known = Array(candidate.lowercased().unicodeScalars)
    guard let distance = editDistance(typed, known, max: distanceMax) else { continue }
    best = candidate
    if distance == 0 { break }
    distanceMax = distance - 1
  }
  return best
}

/// The optimal string alignment distance, or nil as soon as it must exceed `max`.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], max: Int) -> Int? {
  guard abs(a.count - b.count) <= max else { return nil }
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in 0..<b.count {
      var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    // A swap reaches back two rows, so both must be beyond the bound before one may give up.
    if let least = row.min(), least > max, (last.min() ?? 0) > max { return nil }
    (beforeLast, last) = (last, row)
  }
  return last[b.count] <= max ? last[b.count] : nil
}
